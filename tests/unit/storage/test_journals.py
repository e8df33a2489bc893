"""Journals as files."""

import os
from pathlib import Path

import pytest

from dalle.limits.budget import Budget
from dalle.progress.journals import Journals
from dalle.storage.attempt import REMEMBERED
from dalle.storage.blob import Original
from dalle.storage.codec import encode_journal
from dalle.storage.folder.engine import FolderStorage
from dalle.storage.folder.journals import LARGEST_JOURNAL, keep_damaged, read_journal, salvaged
from dalle.storage.journal import DamagedJournal, Journal, NewerJournal
from tests.kit.data_folder import DataFolder, put_bytes
from tests.kit.fakes import KEY, OTHER, attempt, left_behind

HUGE = 1 << 40
"""Bytes of a sparse file that would take minutes to read, and more memory than there is."""


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    return DataFolder(tmp_path)


def put_large(folder: DataFolder, journal: Journal) -> bytes:
    """Write a journal that is larger than any may be."""
    journal.error = "x" * LARGEST_JOURNAL
    folder.write_journal(journal)
    return folder.journal(KEY).read_bytes()


def test_reads_nothing_of_a_journal_that_is_too_large(folder: DataFolder) -> None:
    put_bytes(folder.journal(KEY), b"{")
    with open(folder.journal(KEY), "r+b") as file:
        file.truncate(HUGE)
    with pytest.raises(DamagedJournal) as caught:
        read_journal(folder, KEY)
    assert "larger than 4000000 bytes" in caught.value.private
    assert salvaged(folder.journal(KEY)) == []


def test_leaves_a_large_journal_alone_that_a_later_version_wrote(folder: DataFolder) -> None:
    journal = Journal(KEY.series, KEY.address, run_id="r", version=9, unknown={"later": 1})
    put_large(folder, journal)
    with pytest.raises(NewerJournal):
        read_journal(folder, KEY)


def test_waits_for_no_pipe_in_a_journals_place(folder: DataFolder) -> None:
    folder.journal(KEY).parent.mkdir(parents=True)
    os.mkfifo(folder.journal(KEY))
    storage = FolderStorage(folder.root)
    with storage.guard(KEY) as entry:
        mended = Journals(storage, 900).mend(entry)
    assert mended == folder.read_journal(KEY)


@pytest.mark.parametrize("empty", [True, False])
def test_moves_a_folder_away_that_is_in_a_journals_place(folder: DataFolder, *, empty: bool) -> None:
    for name in ("first", "second"):
        folder.journal(KEY).unlink(missing_ok=True)
        folder.journal(KEY).mkdir(parents=True)
        if not empty:
            (folder.journal(KEY) / name).touch()
        storage = FolderStorage(folder.root)
        with storage.guard(KEY) as entry:
            mended = Journals(storage, 900).mend(entry)
        assert mended == folder.read_journal(KEY)
    assert folder.damaged(KEY, 2).is_dir()


def test_reads_a_journal_as_that_of_the_key_whose_name_it_has(folder: DataFolder) -> None:
    put_bytes(folder.journal(KEY), encode_journal(Journal("before", OTHER.address, run_id="r")))
    journal = read_journal(folder, KEY)
    assert journal
    assert (journal.key, journal.run_id) == (KEY, "r")


def test_keeps_every_journal_that_was_damaged(folder: DataFolder) -> None:
    for content in (b"first", b"second", b"third"):
        put_bytes(folder.journal(KEY).with_suffix(".new"), content)
        folder.journal(KEY).with_suffix(".new").replace(folder.journal(KEY))
        for _ in range(2):  # its process died between the two steps
            keep_damaged(folder, KEY)
    assert [folder.damaged(KEY, number).read_bytes() for number in (1, 2, 3)] == [b"first", b"second", b"third"]
    assert not folder.damaged(KEY, 4).exists()


def test_salvages_the_attempts_of_a_journal_that_is_too_large(folder: DataFolder) -> None:
    attempts = [attempt(number=number + 1, outcome="refused") for number in range(REMEMBERED * 3)]
    attempts[5].outcome = "accepted"  # bought, and not painted yet
    put_large(folder, Journal(KEY.series, KEY.address, run_id="r", attempts=attempts))
    assert salvaged(folder.journal(KEY)) == [attempts[5], *attempts[-REMEMBERED:]]


@pytest.mark.parametrize("cut", range(-400, -1, 50))
def test_salvages_what_a_torn_journal_shows(folder: DataFolder, cut: int) -> None:
    attempts = [attempt(number=number, outcome="accepted") for number in (1, 2)]
    data = encode_journal(Journal(KEY.series, KEY.address, run_id="r", attempts=attempts))
    put_bytes(folder.journal(KEY), data[:cut])
    found = salvaged(folder.journal(KEY))
    assert found == attempts[: len(found)]
    assert len(found) >= 1


def test_forgets_no_purchase_when_a_journal_is_quarantined(folder: DataFolder) -> None:
    attempts = [attempt(outcome="accepted"), attempt(number=2), attempt(number=3, outcome="refused")]
    large = put_large(folder, Journal(KEY.series, KEY.address, run_id="run1", attempts=attempts))
    storage = FolderStorage(folder.root)
    storage.blobs.put(Original.of(KEY, "run1", 1), b"paid")
    with storage.guard(KEY) as entry:
        mended = Journals(storage, 900).mend(entry)
    assert mended
    assert [each.outcome for each in mended.attempts] == ["accepted", "unknown", "refused"]
    assert mended.attempts[0].answer
    assert [each.number for each in mended.purchases] == [2, 1]
    assert folder.damaged(KEY).read_bytes() == large
    assert folder.read_journal(KEY).attempts == mended.attempts
    assert [journal.key for journal in storage.failed_journals()] == [KEY]


def lines(storage: FolderStorage) -> list[tuple[object, ...]]:
    return [(line["number"], line["outcome"], line["cost"]) for line in storage.calls.since()]


def test_logs_the_calls_that_only_a_damaged_journal_shows_once(folder: DataFolder) -> None:
    storage, task = FolderStorage(folder.root), ["http://provider/v1/tasks/t1"]
    attempts = [attempt(outcome="accepted"), attempt(number=2), attempt(number=3), attempt(number=4, task=task)]
    storage.blobs.put(Original.of(KEY, "run1", 2), b"paid")
    for _ in range(2):  # its process died before it wrote the mended journal
        put_large(folder, Journal(KEY.series, KEY.address, run_id="run1", attempts=list(attempts)))
        with storage.guard(KEY) as entry:
            mended = Journals(storage, 900).mend(entry)
    assert mended
    assert [each.outcome for each in mended.attempts] == ["accepted", "accepted", "unknown", "accepted"]
    assert lines(storage) == [(2, "accepted", 0.25), (3, "unknown", 0.0), (4, "accepted", 0.25)]


def test_leaves_a_call_to_its_holder_while_there_is_a_ticket(folder: DataFolder) -> None:
    storage = FolderStorage(folder.root)
    put_large(folder, left_behind(folder.root, attempt()))
    for held, outcome in ((None, ""), (storage.ticket(KEY), "unknown")):
        with storage.guard(KEY) as entry:
            mended = Journals(storage, 900).mend(entry, held=held)
        assert mended
        assert [each.outcome for each in mended.attempts] == [outcome]
        assert folder.read_journal(KEY).attempts == mended.attempts
        assert lines(storage) == [(1, outcome, 0.0)][held is None :]


@pytest.mark.parametrize("content", [None, b"", b'{"version":2,"attempts":['])
def test_knows_by_its_reservation_of_a_call_whose_journal_is_lost(folder: DataFolder, content: bytes | None) -> None:
    storage, budget = FolderStorage(folder.root), Budget(FolderStorage(folder.root).documents)
    left_behind(folder.root, attempt())
    budget.reserve(0.25, "run1", 1)
    budget.release(budget.reserve(0.25, "run1", 2))
    budget.reserve(0.25, "run2", 1)
    folder.journal(KEY).unlink() if content is None else folder.journal(KEY).write_bytes(content)
    with storage.guard(KEY) as entry:
        mended = Journals(storage, 900, budget.reserved).mend(entry, held=storage.ticket(KEY))
    assert mended
    assert mended == folder.read_journal(KEY)
    assert [(each.run_id, each.number, each.estimate) for each in mended.attempts] == [("run1", 1, 0.25)]
    assert lines(storage) == [(1, "unknown", 0.0)]


def test_begins_a_run_again_that_sent_nothing_and_whose_journal_is_lost(folder: DataFolder) -> None:
    storage, budget = FolderStorage(folder.root), Budget(FolderStorage(folder.root).documents)
    left_behind(folder.root)
    folder.journal(KEY).unlink()
    with storage.guard(KEY) as entry:
        assert Journals(storage, 900, budget.reserved).mend(entry, held=storage.ticket(KEY)) is None
