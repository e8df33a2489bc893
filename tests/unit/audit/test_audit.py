"""Each kind of damage, made by hand, is named with its cure; what may be mended is, and then nothing is wrong."""

import json
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from dalle.errors import OutcomeUnknown
from dalle.key import Key
from dalle.limits.budget import Budget
from dalle.storage.attempt import Attempt, Chat
from dalle.storage.blob import TEXTS
from dalle.storage.folder.engine import FolderStorage
from tests.kit.data_folder import DataFolder, put_bytes
from tests.kit.fakes import KEY, OTHER, PaidPainter, ended_journal, left_behind, studio
from tests.kit.folders import address, put
from tests.kit.images import png
from tests.kit.verifying import codes, verified

LONG_AGO = 1_000_000_000


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with one picture that was paid for."""
    folder = tmp_path_factory.mktemp("made")
    one = studio(folder)
    with one:
        one.request(KEY)
        ended_journal(one)
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> DataFolder:
    """A copy of it, for a test to damage."""
    return DataFolder(Path(shutil.copytree(made, tmp_path / "data")))


def aged(path: Path) -> None:
    os.utime(path, (LONG_AGO, LONG_AGO))


def cut(path: Path, rest: int) -> None:
    """Put a part of a file in its place, as a crash leaves it: not into the same inode."""
    data = path.read_bytes()
    path.unlink()
    put_bytes(path, data[:rest])
    aged(path)


def tear_picture(folder: DataFolder) -> None:
    cut(folder.annotated(KEY), -30)


def lose_a_byte(folder: DataFolder) -> None:
    path = folder.annotated(KEY)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.unlink()
    put_bytes(path, bytes(data))
    aged(path)


def lose_picture(folder: DataFolder) -> None:
    folder.annotated(KEY).unlink()


def exchange_picture(folder: DataFolder) -> None:
    """What was published had other bytes, and the same time and size."""
    next(folder.output.glob(f"*/versions/{KEY.address}.*.png")).unlink()
    note, status = Path(folder.version_note(KEY)), folder.annotated(KEY).stat()
    note.write_text(f"{'0' * 16} {status.st_mtime_ns} {status.st_size}\n")
    for thumbnail in (folder.output / KEY.series / "versions").glob("*/*"):
        thumbnail.unlink()


def damage_version(folder: DataFolder) -> None:
    path = next(folder.output.glob(f"*/versions/{KEY.address}.*.png"))
    path.unlink()
    put_bytes(path, png())


def invent_version(folder: DataFolder) -> None:
    put_bytes(folder.output / KEY.series / "versions" / f"{KEY.address}.{'0' * 16}.png", png())


def tear_thumbnail(folder: DataFolder) -> None:
    cut(folder.thumbnail(KEY, 256), -10)


def orphan_thumbnail(folder: DataFolder) -> None:
    path = folder.output / OTHER.series / "thumbs" / "64" / f"{OTHER.address}.webp"
    put_bytes(path, folder.thumbnail(KEY, 64).read_bytes())
    aged(path)


def orphan_note(folder: DataFolder) -> None:
    put_bytes(Path(folder.version_note(OTHER)), f"{'1' * 16} 1 1\n".encode())


def damage_journal(folder: DataFolder) -> None:
    cut(folder.journal(KEY), 500)


def newer_journal(folder: DataFolder) -> None:
    value = json.loads(folder.journal(KEY).read_text())
    put_bytes(folder.journal(KEY), json.dumps({**value, "version": 9}).encode())


def reopen(folder: DataFolder) -> None:
    left_behind(folder.root, let_go=True)
    for ticket in folder.queue.glob("*.running"):
        ticket.unlink()
    folder.progress(KEY).unlink()
    lose_picture(folder)


def forget_end(folder: DataFolder) -> None:
    journal = folder.read_journal(KEY)
    journal.attempts.append(Attempt(9, journal.run_id, "paid", True, "m", "", "", 0.25, 5))
    folder.write_journal(journal)


def charge_for_nothing(folder: DataFolder) -> None:
    journal = folder.read_journal(KEY)
    paid = Attempt(9, journal.run_id, "paid", True, "m", "", "", 0.25, 5, 6, "accepted", "yes", cost=0.25)
    journal.attempts.append(paid)
    folder.write_journal(journal)
    add_line(folder, number=9)


def add_line(folder: DataFolder, **changes: object) -> None:
    line = json.loads(folder.calls.read_text().splitlines()[0])
    with folder.calls.open("a") as file:
        file.write(json.dumps({**line, **changes}) + "\n")


def forget_line(folder: DataFolder) -> None:
    folder.calls.write_text("")


def forget_chat(folder: DataFolder) -> None:
    journal = folder.read_journal(KEY)
    journal.chats.append(Chat("m", 5, journal.run_id, 6, "accepted", "yes"))
    folder.write_journal(journal)


def double_line(folder: DataFolder) -> None:
    add_line(folder)


def unknown_line(folder: DataFolder) -> None:
    add_line(folder, number=7)


def lose_all_but_calls(folder: DataFolder) -> None:
    add_line(folder, address=OTHER.address)


def tear_line(folder: DataFolder) -> None:
    with folder.calls.open("a") as file:
        file.write('{"torn\n')


def contradict(folder: DataFolder) -> None:
    report = json.loads(folder.progress(KEY).read_text())
    report["data"]["done"] = False
    put_bytes(folder.progress(KEY), json.dumps(report, separators=(",", ":")).encode() + b"\n")


def tear_report(folder: DataFolder) -> None:
    cut(folder.progress(KEY), 200)


def lose_text(folder: DataFolder) -> None:
    folder.text(KEY, "title").unlink()


def tear_text(folder: DataFolder) -> None:
    cut(folder.text(KEY, "prompt"), 9)


def garble_text(folder: DataFolder) -> None:
    put_bytes(folder.text(KEY, "technical"), b"\xff\xfe")


def tear_attributes(folder: DataFolder) -> None:
    cut(next((folder.output / KEY.series / "selector").iterdir()), 40)


def lose_original(folder: DataFolder) -> None:
    next((folder.output / KEY.series / "generated").iterdir()).unlink()


def empty_original(folder: DataFolder) -> None:
    next((folder.output / KEY.series / "generated").iterdir()).write_bytes(b"")


def keep_answer(folder: DataFolder) -> None:
    attempt = folder.read_journal(KEY).attempts[0]
    put_bytes(folder.original(KEY, attempt.run_id, attempt.number), b"{}")


def keep_unknown_answer(folder: DataFolder) -> None:
    put_bytes(folder.original(KEY, "ab" * 8, 3), b"{}")


def keep_previous(folder: DataFolder) -> None:
    os.link(folder.annotated(KEY), folder.root / "link")
    folder.previous(KEY).parent.mkdir()
    (folder.root / "link").replace(folder.previous(KEY))


def reserve(folder: DataFolder) -> None:
    Budget(FolderStorage(folder.root).documents).reserve(0.5, "cd" * 8, 1)


def tear_other_picture(folder: DataFolder) -> None:
    put(folder.root, KEY.series, "by-hand", content=png()[:-9])


Damage = Callable[[DataFolder], None]
MENDED: list[tuple[Damage, str]] = [
    (exchange_picture, "changed-picture"),
    (damage_version, "changed-version"),
    (invent_version, "stray-version"),
    (tear_thumbnail, "torn-thumbnail"),
    (orphan_thumbnail, "thumbnail-of-nothing"),
    (orphan_note, "version-of-nothing"),
    (damage_journal, "damaged-journal"),
    (forget_end, "call-without-end"),
    (forget_line, "missing-line"),
    (forget_chat, "missing-line"),
    (contradict, "wrong-report"),
    (tear_report, "torn-report"),
    (lose_text, "missing-text"),
    (tear_text, "torn-text"),
    (tear_attributes, "torn-text"),
    (keep_answer, "leftover-answer"),
    (reserve, "left-reservation"),
]
NAMED: list[tuple[Damage, set[str]]] = [
    (lose_a_byte, {"damaged-picture"}),
    (lose_picture, {"missing-picture", "wrong-report"}),
    (newer_journal, {"newer-journal"}),
    (reopen, {"run-without-ticket"}),
    (charge_for_nothing, {"paid-without-picture"}),
    (double_line, {"double-line"}),
    (unknown_line, {"unknown-call"}),
    (lose_all_but_calls, {"paid-without-picture"}),
    (tear_line, {"torn-line"}),
    (garble_text, {"torn-text"}),
    (lose_original, {"missing-original"}),
    (empty_original, {"damaged-original"}),
    (keep_unknown_answer, {"unknown-answer"}),
    (tear_other_picture, {"damaged-picture"}),
]


def test_finds_nothing_wrong_with_a_picture_that_was_made(folder: DataFolder) -> None:
    assert verified(folder.root) == []


@pytest.mark.parametrize(("damage", "code"), MENDED, ids=lambda value: getattr(value, "__name__", value))
def test_names_and_mends(folder: DataFolder, damage: Damage, code: str) -> None:
    damage(folder)
    faults = verified(folder.root)
    assert code in codes(faults)
    assert all("--fix" in fault.cure or not fault.mend for fault in faults)
    assert codes(verified(folder.root)) == codes(faults)  # nothing is changed without --fix
    mended = verified(folder.root, fix=True)
    assert [fault for fault in mended if not fault.fixed] == []
    assert [fault for fault in verified(folder.root) if fault.level == "error"] == []
    assert codes(verified(folder.root)) in ([], ["paid-without-picture"])


@pytest.mark.parametrize(("damage", "expected"), NAMED, ids=lambda value: getattr(value, "__name__", ""))
def test_names_what_cannot_be_mended(folder: DataFolder, damage: Damage, expected: set[str]) -> None:
    damage(folder)
    faults = verified(folder.root)
    assert expected <= set(codes(faults))
    assert all(fault.cure for fault in faults)
    left = [fault for fault in verified(folder.root, fix=True) if not fault.fixed]
    assert expected - {"wrong-report"} <= set(codes(left))
    assert expected - {"wrong-report"} == set(codes(verified(folder.root))) - {"thumbnail-of-nothing"}


def test_moves_a_torn_picture_away_and_goes_on_to_miss_it(folder: DataFolder) -> None:
    tear_picture(folder)
    assert codes(verified(folder.root)) == ["torn-picture"]
    verified(folder.root, fix=True)
    assert folder.torn(KEY).exists()
    assert "missing-picture" in codes(verified(folder.root))


def test_settles_a_previous_picture_that_was_left(folder: DataFolder) -> None:
    keep_previous(folder)
    assert verified(folder.root) == []  # it may be about to be replaced
    assert codes(verified(folder.root, later=10)) == ["previous-picture"]
    assert [fault.fixed for fault in verified(folder.root, later=10, fix=True)] == [True]
    assert verified(folder.root, later=10) == []


LOSSES = {
    "row": "DELETE FROM pictures WHERE name LIKE '%02'",
    "count": "UPDATE folders SET count = count - 1",
    "file": "UPDATE pictures SET name = replace(name, '02', '03') WHERE name LIKE '%02'",
}


@pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)
def test_names_an_index_that_lists_one_picture_too_few(tmp_path: Path, loss: str) -> None:
    for number in range(1, 3):
        put(tmp_path, "simple", address(number))
    put(tmp_path, "simple", "a-name-of-their-own")
    cut(DataFolder(tmp_path).annotated(Key("simple", address(1))), -30)
    assert codes(verified(tmp_path)) == ["torn-picture"]  # which is not listed
    with closing(sqlite3.connect(DataFolder(tmp_path).index, isolation_level=None)) as base:
        assert base.execute(loss).rowcount == 1
    assert codes(verified(tmp_path)) == ["torn-picture", "wrong-index"]
    shutil.rmtree(DataFolder(tmp_path).index.parent)
    assert codes(verified(tmp_path)) == ["torn-picture"]


def test_takes_a_picture_without_a_journal_for_an_older_server_s(tmp_path: Path) -> None:
    put(tmp_path, "simple", KEY.address, title="The otter")
    put(tmp_path, "simple", "a-name-of-their-own")
    for kind in TEXTS:
        put_bytes(DataFolder(tmp_path).text(OTHER, kind), b"kept after its picture was removed\n")
    assert verified(tmp_path) == []


def test_leaves_an_open_run_alone(tmp_path: Path) -> None:
    sent = Attempt(1, "run1", "paid", True, "m", "", "", 0.25, 5)
    left_behind(tmp_path, sent)
    put_bytes(DataFolder(tmp_path).text(KEY, "title"), b"\xff")
    assert verified(tmp_path) == []


def test_finds_nothing_wrong_with_a_failure_or_a_removal(tmp_path: Path) -> None:
    one = studio(tmp_path, PaidPainter(OutcomeUnknown()))
    with one:
        one.request(KEY)
        ended_journal(one)
    assert codes(verified(tmp_path)) == ["paid-without-picture"]
    one = studio(tmp_path)
    with one:
        one.request(OTHER)
        ended_journal(one, OTHER)
        assert one.remove(OTHER)
    assert [fault.about for fault in verified(tmp_path)] == [str(KEY)]


def test_verifies_a_part(folder: DataFolder) -> None:
    put(folder.root, "other", OTHER.address, content=png()[:-9])
    assert verified(folder.root, series="simple") == []
    assert [fault.about for fault in verified(folder.root, series="other")] == [str(Key("other", OTHER.address))]
