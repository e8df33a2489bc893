"""The last errors, in memory and in the file that the workers share."""

import fcntl
from pathlib import Path

import pytest

from app.monitoring.incidents import HEAD, KEPT, SLOT, Incident, Incidents


def incident(number: int, details: str = "Series 'foo' not found") -> Incident:
    return Incident(
        time=1000.0 + number,
        code="INVALID_SERIES",
        endpoint="/dalle/<series>/<address>",
        status=400,
        request_id=f"{number:08x}",
        key="",
        details=details,
    )


@pytest.fixture(params=["shared", "own"])
def incidents(request: pytest.FixtureRequest, tmp_path: Path) -> Incidents:
    return Incidents(tmp_path if request.param == "shared" else None)


def test_is_empty_before_the_first(incidents: Incidents) -> None:
    assert incidents.latest() == []


def test_returns_the_newest_first(incidents: Incidents) -> None:
    for number in range(3):
        incidents.record(incident(number))
    assert incidents.latest() == [incident(2), incident(1), incident(0)]


def test_keeps_the_last_fifty(incidents: Incidents) -> None:
    for number in range(KEPT + 7):
        incidents.record(incident(number))
    assert incidents.latest() == [incident(number) for number in reversed(range(7, KEPT + 7))]


def test_shares_what_several_workers_recorded(tmp_path: Path) -> None:
    first, second = Incidents(tmp_path), Incidents(tmp_path)
    first.record(incident(1))
    second.record(incident(2))
    assert first.latest() == second.latest() == [incident(2), incident(1)]


def test_never_grows_beyond_its_slots(tmp_path: Path) -> None:
    incidents = Incidents(tmp_path)
    for number in range(3 * KEPT):
        incidents.record(incident(number, "é☃" * 3000))
    assert (tmp_path / "incidents").stat().st_size == HEAD + KEPT * SLOT
    assert len(incidents.latest()) == KEPT


def test_leaves_out_a_slot_that_is_not_whole(tmp_path: Path) -> None:
    incidents = Incidents(tmp_path)
    for number in range(3):
        incidents.record(incident(number))
    with open(tmp_path / "incidents", "r+b") as file:
        file.seek(HEAD + SLOT + 10)
        file.write(b"\0\n{" * 20)
    assert incidents.latest() == [incident(2), incident(0)]


def test_does_not_wait_for_a_process_that_holds_the_file(tmp_path: Path) -> None:
    incidents = Incidents(tmp_path)
    incidents.record(incident(1))
    with open(tmp_path / "incidents", "rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        incidents.record(incident(2))
    assert incidents.latest() == [incident(1)]


def test_survives_a_folder_that_is_gone(tmp_path: Path) -> None:
    incidents = Incidents(tmp_path / "gone")
    incidents.record(incident(1))
    assert incidents.latest() == []
