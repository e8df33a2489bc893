"""The list of failed runs."""

from pathlib import Path

import pytest

from dalle.key import Key
from dalle.storage.folder.failures import LARGEST, Failures
from dalle.storage.journal import Journal
from tests.kit.data_folder import DataFolder
from tests.kit.fakes import KEY, OTHER

THIRD = Key("third", KEY.address)


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    return DataFolder(tmp_path)


def leave(folder: DataFolder, key: Key, ended_ns: int, **fields: object) -> None:
    values = {"run_id": "run1", "state": "failed", "error": "x", **fields}
    folder.write_journal(Journal(key.series, key.address, ended_ns=ended_ns, **values))  # type: ignore[arg-type]


def never() -> bool:
    return False


def test_collects_earlier_failures_from_the_journals(folder: DataFolder) -> None:
    leave(folder, KEY, 5)
    leave(folder, OTHER, 6, state="completed", dress={"state": "failed"})
    leave(folder, THIRD, 7)
    folder.journal(OTHER).with_suffix(".damaged").write_text('{"state":"failed"')
    failures = Failures(folder)
    assert list(failures.newest()) == [THIRD, KEY]
    assert failures.keep_up(never)
    assert list(failures.newest()) == [THIRD, KEY]


def test_reads_no_journal_once_they_are_collected(folder: DataFolder) -> None:
    failures = Failures(folder)
    assert failures.keep_up(never)
    leave(folder, KEY, 5)
    assert list(failures.newest()) == []
    failures.note(OTHER, 6)
    assert list(Failures(folder).newest()) == [OTHER]


def test_collects_a_part_at_a_time(folder: DataFolder) -> None:
    for number in range(5):
        leave(folder, Key("simple", f"0x{number:040x}"), number)
    failures, rounds = Failures(folder), 1
    while not failures.keep_up(lambda: True):
        rounds += 1
    assert rounds == 6
    assert [key.address[-1] for key in failures.newest()] == list("43210")


def test_lists_the_newest_first_and_bounds_its_files(folder: DataFolder) -> None:
    failures = Failures(folder)
    failures.keep_up(never)
    failures.note(OTHER, 1)
    recent = folder.metrics / "failures.txt"
    recent.write_bytes(recent.read_bytes() * (LARGEST // 20))
    failures.note(KEY, 2)
    failures.note(THIRD, 3)
    newest = failures.newest()
    assert [next(newest) for _ in range(3)] == [THIRD, KEY, OTHER]
    for _ in range(2):
        failures.keep_up(never)
    failures.note(OTHER, 4)
    newest = failures.newest()
    assert [next(newest) for _ in range(3)] == [OTHER, THIRD, KEY]
    assert recent.stat().st_size < 100


def test_reads_no_more_than_the_end_of_a_file(folder: DataFolder) -> None:
    """A file that would take minutes to read, and more memory than there is."""
    failures = Failures(folder)
    failures.keep_up(never)
    recent = folder.metrics / "failures.txt"
    with open(recent, "wb") as file:
        file.truncate(1 << 40)
    failures.note(KEY, 1)
    assert next(failures.newest()) == KEY


def test_keeps_no_run_from_ending(folder: DataFolder, caplog: pytest.LogCaptureFixture) -> None:
    (folder.metrics / "failures.txt").mkdir(parents=True)
    Failures(folder).note(KEY, 1)
    assert "cannot be listed" in caplog.text
