"""One picture, one charge, whatever happens: the short form of `make soak`, with real services and a counting stub."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import REFUSED
from tests.kit import mounts
from tests.kit.stub import Stub
from tests.soak import cancels, crowds, disks, kills, running, stops
from tests.soak.points import KINDS, POINTS, SHORT
from tests.soak.service import SERIES, Soaked, new_address

Scenario = Callable[[Path, Stub], dict[str, Any]]

MOUNTS = running.may(*mounts.MOUNTS)
NAMESPACES = running.may(*running.UNSHARE, "true")


def alone(folder: Path, scenario: Scenario) -> Callable[[], dict[str, Any]]:
    """A scenario with a folder and a provider of its own."""

    def run() -> dict[str, Any]:
        (folder / scenario.__name__).mkdir()
        with Stub() as stub:
            return scenario(folder / scenario.__name__, stub)

    return run


def killed_often(folder: Path, stub: Stub) -> dict[str, Any]:
    return kills.killed_often(folder, stub, kills=2, keys=6)


@pytest.mark.slow
def test_calls_once_for_a_key_from_two_masters(tmp_path: Path) -> None:
    with Stub() as stub:
        crowds.one_key(tmp_path, stub, clients=100, keys=6, each=10, masters=2, apart=NAMESPACES)
    if not NAMESPACES:
        pytest.skip(f"{REFUSED}no pid namespaces on this machine")


@pytest.mark.slow
def test_ends_a_run_whose_worker_is_killed_at_a_write(tmp_path: Path) -> None:
    with Stub() as stub:
        service = Soaked(tmp_path, stub)
        with running.running(service):
            figures = kills.killed_at(service, stub, [point for point in POINTS if point.name in SHORT])
    assert figures["points"] == len(SHORT)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_submits_once_what_comes_later_however_often_its_worker_is_killed(tmp_path: Path, kind: str) -> None:
    plan, points = KINDS[kind]
    with Stub() as stub:
        stub.script(plan)
        service = Soaked(tmp_path, stub)
        with running.running(service):
            figures = kills.killed_at(service, stub, points)
    assert figures == {"points": len(points), "slowest end, s": figures["slowest end, s"], "picture": len(points)}


@pytest.mark.slow
def test_pays_once_whatever_a_cancellation_races_with(tmp_path: Path) -> None:
    with Stub() as stub:
        cancels.cancelled(tmp_path, stub, rounds=8)


@pytest.mark.slow
@pytest.mark.parametrize("left", [-9, 0, None])
def test_pays_once_and_logs_it_when_a_journal_is_lost_with_its_worker(tmp_path: Path, left: int | None) -> None:
    """`left`: bytes that are left of the journal while the call is out; None when it is deleted."""
    with Stub() as stub:
        service = Soaked(tmp_path, stub, IMAGE_TIMEOUT="60s", LOCK_TTL="30s")
        with service:
            stub.script({"latency": {"images": 60}})
            address = new_address()
            service.generate(address)
            service.wait_for(stub.images, "a call")
            journal = service.data / "runs" / SERIES / f"{address}.json"
            journal.unlink() if left is None else journal.write_bytes(journal.read_bytes()[:left])
            service.kill()
        stub.script()
        with service:
            assert service.finish(address)["errorCode"] == "FILE_SYSTEM_ERROR"
        assert stub.images() == 1
    (line,) = map(json.loads, (service.data / "metrics" / "calls.jsonl").read_text().splitlines())
    assert (line["address"], line["outcome"], line["estimate"] > 0) == (address, "unknown", True)


@pytest.mark.slow
def test_survives_sleeping_holders_stops_kills_and_foreign_folders(tmp_path: Path) -> None:
    parts = [stops.stopped, stops.stopped_politely, crowds.polled, disks.forbidden_folder, killed_often]
    if MOUNTS:
        parts.append(disks.full_disk)
    running.together(*(alone(tmp_path, part) for part in parts))
    if not MOUNTS:
        pytest.skip(f"{REFUSED}no mounts on this machine")
