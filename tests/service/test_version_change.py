"""One version takes up what the other has left in the middle of its work."""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from zlib import crc32

import pytest

from tests.kit.repository import ROOT
from tests.kit.stub import Stub
from tests.kit.waiting import wait
from tests.service.versions import Version, shared_files
from tests.soak.points import POINTS, Point
from tests.soak.running import open_files, running, settled
from tests.soak.service import SERIES, finished_files, new_address, path_of

pytestmark = pytest.mark.slow

NAMES = {
    "after request's journal",
    "before attempt",
    "before connecting",
    "before answer",
    "after answer",
    "after picture",
    "after published",
    "after completed",
    "after ticket dropped",
}
ALONE = {"in flight", "before connecting", "before answer", "after answer", "after picture"}
"""What version 1.0 leaves to this one: it would not see the answer that is kept, or comes, and pay again."""
MET = [point for point in POINTS if point.name in NAMES]


def keys(count: int) -> list[str]:
    """New addresses whose keys share no guard: a stopped worker may hold the one of its key."""
    guards: dict[int, str] = {}
    while len(guards) < count:
        address = new_address()
        guards[crc32(f"{SERIES}/{address}".encode()) & 0xFF] = address
    return list(guards.values())


@contextmanager
def killed(service: Version) -> Iterator[None]:
    """A service that is killed at the end, also its stopped workers."""
    service.start()
    try:
        service.wait_until_ready()
        yield
    finally:
        service.kill()


def stop_at(service: Version, point: Point, address: str, port: int) -> None:
    """Stop the worker that comes by the point with this key; it may be the one that was to answer."""
    path = point.path.replace("ADDRESS", address).replace("PORT", str(port))
    service.plan("stop", point.when, point.op, path, point.content)
    with suppress(OSError):
        service.client.ask(f"{path_of(address)}?generate=1", timeout=0.5)
    service.wait_for(service.taken, f"a process to come by: {point.name}", 20)


@pytest.mark.parametrize("first", ["old", "new"])
def test_ends_what_the_other_version_has_left(version_1_0: Path, tmp_path: Path, first: str) -> None:
    """Each worker is stopped at a point of a run, the last one waits for an answer; then all are killed at once."""
    trees = (version_1_0, ROOT) if first == "old" else (ROOT, version_1_0)
    data = tmp_path / "data"
    *stopped, painted, hanging, waiting = keys(len(MET) + 3)
    with Stub() as stub:
        leaving = Version(data, stub, "leaving", trees[0], WORKERS=len(MET) + 1, JOBS=1, LOCK_TTL="60s")
        coming = Version(data, stub, "coming", trees[1])
        with killed(leaving):
            leaving.finish(painted)
            picture = leaving.request(painted)
            for point, address in zip(MET, stopped, strict=True):
                stop_at(leaving, point, address, stub.port)
            calls = stub.images()
            stub.script(["slow"])
            leaving.generate(hanging)
            wait(lambda: stub.images() == calls + 1, "the call of the last worker")
            leaving.generate(waiting)
        stub.script()
        calls = stub.images()
        with running(coming):
            again = coming.request(painted)
            assert (again.body, again.headers["etag"]) == (picture.body, picture.headers["etag"])
            addresses = {"in flight": hanging, "waiting": waiting}
            addresses |= {point.name: address for point, address in zip(MET, stopped, strict=True)}
            alone = ALONE if first == "new" else set()
            ends = {name: coming.finish(address) for name, address in addresses.items() if name not in alone}
            assert not any(coming.generate(addresses[name])["done"] for name in alone - {"after picture"})
            # Those that had not called, and no other, have called now; none has twice.
            assert stub.images() == calls + 1 + sum(point.call == "before" for point in MET)
            assert set(Counter(row["prompt"] for row in stub.rows()).values()) == {1}
            assert coming.request(painted).body == picture.body
        last = Version(data, stub, "last")
        with running(last):
            ends |= {name: last.finish(addresses[name]) for name in alone}
            expected = dict.fromkeys(addresses, "") | {"in flight": "OUTCOME_UNKNOWN"}
            expected |= {point.name: "OUTCOME_UNKNOWN" for point in MET if point.call == "during"}
            assert {name: report["errorCode"] for name, report in ends.items()} == expected
            assert stub.images() == calls + 1 + sum(point.call == "before" for point in MET)
            settled(last)
            for name, address in addresses.items():
                assert not open_files(last, address)
                if not expected[name]:
                    expected_files = shared_files(finished_files(address))
                    wait(lambda a=address, e=expected_files: shared_files(last.files(a)) == e, name)


def test_leaves_an_open_task_to_this_version(version_1_0: Path, tmp_path: Path) -> None:
    data, address = tmp_path / "data", new_address()
    with Stub() as stub:
        queued = {"json": {"id": "{TASK}", "object": "generation.task", "status": "queued"}}
        stub.script({"rules": [{"answer": queued, "task": {"seconds": 6.0}}]})
        leaving = Version(data, stub, "leaving")
        with killed(leaving):
            leaving.generate(address)
            wait(lambda: any(attempt.get("task") for attempt in leaving.journal(address)["attempts"]), "the task")
        old, last = Version(data, stub, "old", version_1_0), Version(data, stub, "last")
        with running(old):
            for _ in range(10):
                assert not old.request(address).data["done"]
                old.generate(address)
                time.sleep(0.3)
        with running(last):
            assert last.finish(address)["errorCode"] == ""
            assert last.request(address).headers["content-type"] == "image/png"
        assert stub.images() == 1
