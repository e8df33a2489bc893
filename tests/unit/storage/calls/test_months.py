"""The files of the call log from month to month."""

import os
from pathlib import Path

import pytest

from dalle.storage.folder.calls.months import CURRENT, Months
from dalle.storage.folder.calls.sums import Sums
from tests.unit.storage.calls.noting import append, at, line

OCTOBER, NOVEMBER = line("2026-10-31T23:59"), line("2026-11-01T00:01")
NOW = at("2026-11-01T00:02")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "metrics" / "calls.jsonl"


def read(path: Path) -> dict[str, bytes]:
    with Months(path).opened() as files:
        return {name: file.read() for name, file in files}


def written(path: Path, *lines: bytes, at_ns: int = NOW) -> None:
    append(path, *lines)
    os.utime(path, ns=(at_ns, at_ns))


def test_renames_the_log_of_a_month_that_is_over(path: Path) -> None:
    written(path, OCTOBER, NOVEMBER)
    Months(path).close(NOW)
    assert read(path) == {"2026-10": OCTOBER + NOVEMBER}


def test_leaves_the_log_of_the_present_month(path: Path) -> None:
    written(path, NOVEMBER)
    Months(path).close(NOW)
    assert read(path) == {CURRENT: NOVEMBER}


def test_leaves_a_log_that_begins_with_a_call_of_a_month_that_was_closed(path: Path) -> None:
    """Its answer came after midnight."""
    written(path, OCTOBER)
    Months(path).close(NOW)
    written(path, OCTOBER)
    Months(path).close(NOW)
    assert read(path) == {"2026-10": OCTOBER, CURRENT: OCTOBER}
    Months(path).close(at("2026-12-01T00:00"))
    assert read(path) == {"2026-10": OCTOBER, "2026-11": OCTOBER}


def test_names_a_log_after_the_month_of_its_last_change(path: Path) -> None:
    written(path, line("2026-03-01T08:00"), at_ns=at("2026-03-02T08:00"))
    Months(path).close(NOW)
    assert list(read(path)) == ["2026-03"]


def test_uses_no_name_twice(path: Path) -> None:
    for sent in ("2026-03-01T08:00", "2026-02-01T08:00"):
        written(path, line(sent), at_ns=at("2026-03-02T08:00"))
        Months(path).close(NOW)
    assert list(read(path)) == ["2026-03", "2026-10"]


def test_closes_a_log_of_torn_lines_by_its_time(path: Path) -> None:
    written(path, b"torn\n", at_ns=at("2026-09-30T08:00"))
    Months(path).close(NOW)
    assert list(read(path)) == ["2026-09"]


def test_keeps_the_sums_with_the_log(path: Path) -> None:
    written(path, OCTOBER)
    months = Months(path)
    months.close(at("2026-10-31T00:00"))  # too early
    with months.opened() as [(name, file)]:
        sums = Sums()
        sums.read_on(file)
        assert months.save(name, sums)
    months.close(NOW)
    with months.opened() as [(name, file)]:
        assert (name, months.load(name, file)) == ("2026-10", sums)


def test_keeps_no_sums_where_no_service_has_worked(path: Path) -> None:
    """The user of a command may be another one, and must not own the folder."""
    append(path, OCTOBER)
    assert not Months(path).save(CURRENT, Sums())
    assert os.listdir(path.parent) == [path.name]


def test_closes_a_log_that_another_process_has_open(path: Path) -> None:
    written(path, OCTOBER)
    with open(path, "ab") as older:
        Months(path).close(NOW)
        older.write(NOVEMBER)
    append(path, NOVEMBER)
    assert read(path) == {"2026-10": OCTOBER + NOVEMBER, CURRENT: NOVEMBER}
