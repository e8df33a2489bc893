"""What is kept of a log that was read."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from dalle.storage.expenses import DAY_NS
from dalle.storage.folder.calls.lines import BLOCK
from dalle.storage.folder.calls.sums import Sums, load, save
from tests.unit.storage.calls.noting import Counted, append, at, line

FIRST, SECOND = line("2026-11-01T08:00"), line("2026-11-02T08:00", series="b")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "calls.jsonl"


def kept(path: Path) -> Path:
    """Read a log, and keep its sums."""
    beside = path.with_name("sums.json")
    with Counted(path) as file:
        sums = Sums()
        assert sums.read_on(file)
        save(beside, sums)
    return beside


def test_reads_no_line_twice(path: Path) -> None:
    append(path, FIRST, SECOND)
    beside = kept(path)
    append(path, FIRST)
    with Counted(path) as file:
        sums = load(beside, file)
        assert sums.read_on(file)
        assert file.count == len(FIRST)
    assert sorted(expense.accepted for expense in sums.expenses.values()) == [1, 2]


def replaced(path: Path) -> None:
    path.with_name("other").write_bytes(path.read_bytes())
    os.utime(path.with_name("other"), ns=(1, path.stat().st_mtime_ns))
    path.with_name("other").replace(path)


def cut(path: Path) -> None:
    os.truncate(path, len(FIRST))


def edited(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"0.25", b"0.75"))
    os.utime(path, ns=(1, 1))


def edited_and_longer(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"0.25", b"0.75") + FIRST)


@pytest.mark.parametrize("change", [replaced, cut, edited, edited_and_longer], ids=lambda change: change.__name__)
def test_begins_again_with_a_file_that_is_another_one(path: Path, change: Callable[[Path], None]) -> None:
    append(path, FIRST, SECOND)
    beside = kept(path)
    with Counted(path) as file:
        assert load(beside, file).end == len(FIRST + SECOND)
    change(path)
    with Counted(path) as file:
        assert load(beside, file) == Sums()


@pytest.mark.parametrize("garbage", [b"", b"{", b"[]", b'{"version":1}', b'{"version":9,"end":5}'])
def test_begins_again_where_its_sums_are_damaged(path: Path, garbage: bytes) -> None:
    append(path, FIRST)
    beside = kept(path)
    beside.write_bytes(garbage)
    with Counted(path) as file:
        assert load(beside, file) == Sums()


def test_counts_a_line_once_that_was_half_written_when_it_was_read(path: Path) -> None:
    path.write_bytes(FIRST + SECOND[:20])
    beside = kept(path)
    path.write_bytes(FIRST + SECOND)
    with Counted(path) as file:
        sums = load(beside, file)
        sums.read_on(file)
        assert list(sums.rest(file)) == []
    assert sum(expense.calls for expense in sums.expenses.values()) == 2


def test_stops_at_the_end_of_a_block_and_goes_on_from_there(path: Path) -> None:
    long = line("2026-11-01T08:00", detail="x" * (BLOCK // 2))
    path.write_bytes(long * 6)
    sums = Sums()
    with Counted(path) as file:
        assert not sums.read_on(file, lambda: True)
        assert 0 < sums.end < BLOCK + len(long)
        assert sums.read_on(file)
    assert sums.end == 6 * len(long)
    assert [expense.calls for expense in sums.expenses.values()] == [6]


def test_looks_for_a_day_only_where_its_calls_are(path: Path) -> None:
    days = [line(f"2026-11-{day:02}T08:00", detail="x" * (BLOCK // 4)) for day in range(1, 21)]
    path.write_bytes(b"".join(days))
    sums = Sums()
    with Counted(path) as file:
        sums.read_on(file)
        file.count = 0
        calls = list(sums.calls_of(file, at("2026-11-10T00:00") // DAY_NS))
        assert [moment for moment, _ in calls] == [at("2026-11-10T08:00")]
        assert file.count <= 2 * BLOCK


def test_takes_a_line_without_an_end_for_none(path: Path) -> None:
    path.write_bytes(b"x" * (2 * BLOCK + 5) + b"\n" + FIRST)
    sums = Sums()
    with Counted(path) as file:
        assert sums.read_on(file)
    assert [expense.calls for expense in sums.expenses.values()] == [1]
