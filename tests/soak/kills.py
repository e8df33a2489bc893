"""kill -9, of a worker at a point of its run and of everything at any time."""

import random
import re
import threading
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tests.kit.stub import Stub
from tests.kit.waiting import wait
from tests.soak.points import Point
from tests.soak.running import TTL, open_files, settled
from tests.soak.service import Soaked, finished_files, is_whole, new_address, path_of


def killed_at(service: Soaked, stub: Stub, points: Iterable[Point]) -> dict[str, Any]:
    """Kill the worker that comes by each point: the key ends as it must, in time, with the files that it must have."""
    slowest, outcomes = 0.0, Counter[str]()
    for point in points:
        address, before = new_address(), stub.images()
        path = point.path.replace("ADDRESS", address).replace("PORT", str(stub.port))
        service.plan("kill", point.when, point.op, path, point.content)
        service.generate(address)
        wait(service.taken, f"a process to come by: {point.name}", 20)
        begun = time.monotonic()
        report = service.finish(address)
        seconds = time.monotonic() - begun
        calls, code = stub.images() - before, report["errorCode"]
        seen = (point.name, code, calls, report["error"])
        assert calls <= 1, seen
        assert code == ("OUTCOME_UNKNOWN" if point.call == "during" else ""), seen
        assert calls == 1 or code, seen
        assert seconds < TTL + 5, (*seen, seconds)
        wait(lambda address=address: not open_files(service, address), f"the end of the run: {point.name}")
        files = {name for name in service.files(address) if not name.endswith(".tmp")}
        if code:
            assert not [
                name for name in files if re.search(r"annotated|generated|thumbs|versions|\.answer$|queue/", name)
            ], seen
        else:
            assert files == finished_files(address), (*seen, files ^ finished_files(address))
            assert service.ask(path_of(address)).headers["content-type"] == "image/png"
        slowest = max(slowest, seconds)
        outcomes[code or "picture"] += 1
    settled(service)
    return {"points": sum(outcomes.values()), "slowest end, s": round(slowest, 2), **outcomes}


def killed_often(folder: Path, stub: Stub, *, kills: int, keys: int, seed: int = 1) -> dict[str, Any]:
    """Kill the whole service again and again under load; then everything is explained and nothing is torn."""
    chance = random.Random(seed)
    service = Soaked(folder, stub)
    service.start()
    service.wait_until_ready()
    addresses, before = [new_address() for _ in range(keys)], stub.images()
    stub.script({"latency": {"images": 0.3}})
    ending = threading.Event()

    def load() -> None:
        while not ending.is_set():
            service.generate(chance.choice(addresses))
            time.sleep(0.02)

    clients = [threading.Thread(target=load) for _ in range(4)]
    for client in clients:
        client.start()
    try:
        for _ in range(kills):
            time.sleep(chance.uniform(0.3, 3.5))
            service.kill()
            for path in service.data.glob("output/*/annotated/*.png"):
                assert is_whole(path), path
            service.start()
        service.wait_until_ready()
        ends = {address: service.finish(address, 120) for address in addresses}
        ending.set()
        for client in clients:
            client.join()
        settled(service)
    finally:
        ending.set()
        stub.script()
        service.stop()
    figures = explained(service, ends, stub.images() - before)
    return {"kills": kills, **figures}


def explained(service: Soaked, ends: dict[str, Any], sent: int) -> dict[str, Any]:
    """Every call is in a journal and in the call log; every key has a whole picture or the code of its failure."""
    codes = Counter(report["errorCode"] or "picture" for report in ends.values())
    for address, report in ends.items():
        picture = service.data / "output" / "simple" / "annotated" / f"{address}.png"
        assert picture.exists() == (report["errorCode"] == ""), report
        assert not picture.exists() or is_whole(picture)
    journals = [service.journal(address) for address in ends]
    attempts = [attempt for journal in journals for attempt in journal["attempts"]]
    # An attempt is written before its call: a process may have died between the two.
    unknown = sum(attempt["outcome"] == "unknown" for attempt in attempts)
    assert len(attempts) - unknown <= sent <= len(attempts), (sent, len(attempts), unknown)
    for journal in journals:
        accepted = [attempt for attempt in journal["attempts"] if attempt["outcome"] == "accepted"]
        assert len(accepted) <= 1
    lines = (service.data / "metrics" / "calls.jsonl").read_text().splitlines()
    assert len(lines) == len(attempts), (len(lines), len(attempts))
    return {"calls": sent, "attempts": len(attempts), "unknown": unknown, **codes}
