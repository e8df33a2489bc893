"""What the folder engine promises of calls besides `CallLogTests`."""

import json
import os
import random
from pathlib import Path

import pytest

from dalle.atomic import append_line
from dalle.storage.codec import encode_json
from dalle.storage.expenses import DAY_NS, Expense, Expenses, group_of
from dalle.storage.folder.calls.lines import BLOCK
from dalle.storage.folder.calls.log import BEHIND, FolderCallLog
from dalle.storage.folder.engine import FolderStorage
from dalle.storage.folder.layout import Layout
from tests.kit.fakes import KEY
from tests.unit.storage.calls.noting import append, at, line

LINE = {"runId": "run1", "kind": "image", "number": 1, "sentNs": 6}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "calls.jsonl"


def test_leaves_out_torn_lines(path: Path) -> None:
    calls = FolderCallLog(path)
    for torn in (b'{"torn": "run1\n', b'{"sentNs": \n', b'{"sentNs":"x"}\n', b"[]"):
        append_line(path, torn)
    for _ in range(2):
        calls.note(LINE, repeated=True)
    assert list(calls.since()) == [LINE]


def test_recognises_the_lines_of_version_0_that_name_no_kind(path: Path) -> None:
    append_line(path, encode_json({"runId": "run1", "number": 1, "sentNs": 6}))
    FolderCallLog(path).note(LINE, repeated=True)
    assert len(path.read_text().splitlines()) == 1


def test_stops_no_run_when_it_cannot_be_written(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path.mkdir()
    FolderCallLog(path).note(LINE, repeated=True)
    assert "the call log cannot be written" in caplog.text


def test_adds_later_what_could_not_be_written(path: Path) -> None:
    calls, never = FolderCallLog(path), lambda: False
    path.mkdir()
    for number in (1, 2, 3):
        calls.note(LINE | {"number": number})
    path.rmdir()
    FolderCallLog(path).note(LINE | {"number": 2})  # of another process, which has taken the run over
    calls.note(LINE | {"number": 3}, repeated=True)
    assert [each["number"] for each in calls.since()] == [2, 1, 3]
    calls.note(LINE | {"number": 4})
    assert [each["number"] for each in calls.since()] == [2, 1, 3, 4]
    path.unlink()
    path.mkdir()
    calls.note(LINE)
    path.rmdir()
    assert calls.keep_up(6, never)
    assert list(calls.since()) == [LINE]


def test_adds_what_could_not_be_written_when_the_service_ends(tmp_path: Path) -> None:
    storage, path = FolderStorage(tmp_path), Layout(tmp_path).calls
    path.mkdir(parents=True)
    with storage.guard(KEY) as entry:
        entry.note_call(LINE)
    path.rmdir()
    storage.close()
    assert list(storage.calls.since()) == [LINE]


def naive(calls: FolderCallLog, since_ns: int) -> Expenses:
    total: Expenses = {}
    for call in calls.since(since_ns):
        total.setdefault(group_of(call, call["sentNs"]), Expense()).count(call)
    return total


def test_sums_up_as_if_it_read_every_line(path: Path) -> None:
    dice = random.Random(7)
    calls, never = FolderCallLog(path), lambda: False
    begun = at("2026-09-25T00:00")
    for count in range(50):
        sent_ns = begun + count * DAY_NS + dice.randrange(-DAY_NS, DAY_NS)
        outcome, series = dice.choice(["accepted", "refused", "unknown", ""]), dice.choice("ab")
        money = {"cost": dice.choice([0, 0.1, 0.006]), "estimate": 0.3, "paid": dice.random() < 0.8}
        append(path, encode_json({"sentNs": sent_ns, "outcome": outcome, "series": series, **money}))
        now_ns = begun + count * DAY_NS
        os.utime(path, ns=(now_ns, now_ns))
        assert calls.keep_up(now_ns, never)
        if count % 7 == 0:
            moments = (0, dice.randrange(begun, now_ns + DAY_NS), now_ns // DAY_NS * DAY_NS)
            assert [calls.expenses(moment) for moment in moments] == [naive(calls, moment) for moment in moments]
    files = {f"2026-{month}{suffix}" for month in ("09", "10") for suffix in (".json", ".jsonl")}
    assert set(os.listdir(path.parent / "calls")) == files


def test_counts_a_last_line_without_a_newline(path: Path) -> None:
    path.write_bytes(line("2026-11-02T06:00") + line("2026-11-02T08:00")[:-1])
    calls = FolderCallLog(path)
    assert sum(expense.calls for expense in calls.expenses().values()) == 2
    assert sum(expense.calls for expense in calls.expenses(at("2026-11-02T07:00")).values()) == 1


def test_keeps_the_sums_of_much_and_reads_little_again(path: Path) -> None:
    path.write_bytes(line("2026-11-01T08:00", detail="x" * BEHIND) * 2)
    calls = FolderCallLog(path)
    assert calls.keep_up(at("2026-11-01T09:00"), lambda: False)
    assert json.loads((path.parent / "calls" / "current.json").read_bytes())["end"] == path.stat().st_size


def test_leaves_the_rest_for_the_next_time(path: Path) -> None:
    path.write_bytes(line("2026-11-01T08:00", detail="x" * (BEHIND - 1000)) * 4)
    calls, rounds = FolderCallLog(path), 1
    while not calls.keep_up(at("2026-11-01T09:00"), lambda: True):
        rounds += 1
    assert rounds == 3  # blocks in which a line begins


def test_finds_a_repeated_call_that_was_noted_last_month(path: Path) -> None:
    calls, sent_ns = FolderCallLog(path), at("2026-10-31T23:59")
    calls.note(LINE | {"sentNs": sent_ns})
    os.utime(path, ns=(sent_ns, sent_ns))
    calls.keep_up(at("2026-11-01T00:00"), lambda: False)
    calls.note(LINE | {"sentNs": sent_ns, "number": 2})
    calls.note(LINE | {"sentNs": sent_ns}, repeated=True)
    assert [call["number"] for call in calls.since()] == [1, 2]


def test_looks_for_a_repeated_call_no_further_back_than_it_may_be(path: Path) -> None:
    """The line that the search must not reach has its identity, and would end it."""
    repeated = line("2026-11-10T08:00")
    older = line("2026-11-02T08:00", runId="run2", detail="x" * (BLOCK - 1000))
    path.write_bytes(repeated + older * 3)
    FolderCallLog(path).note(json.loads(repeated), repeated=True)
    assert path.read_bytes().count(b'"run1"') == 2


@pytest.mark.parametrize(
    "line", [b'{"sentNs":-5}', b'{"sentNs":1e300}', b'{"sentNs":9e27}', b'{"sentNs":5,"cost":"x","outcome":[]}']
)
def test_sums_up_what_no_program_of_ours_has_written(path: Path, line: bytes) -> None:
    append(path, line + b"\n")
    assert sum(expense.spent for expense in FolderCallLog(path).expenses().values()) == 0
