"""Cancellations that race with the start of a run, with the answer to its call, and with kill -9 of its worker."""

import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.kit.http import Answer
from tests.kit.stub import Stub
from tests.soak.kills import explained
from tests.soak.running import running, settled
from tests.soak.service import Soaked, new_address, path_of

TOGETHER = 8  # keys at once
LATENCY = 0.2  # seconds of the provider


def cancelled(folder: Path, stub: Stub, *, rounds: int, seed: int = 1) -> dict[str, Any]:
    """Cancel `rounds` runs in each race: whatever wins, a key pays once, and every call is accounted for."""
    chance = random.Random(seed)
    figures: dict[str, Any] = {}
    races: dict[str, Callable[[], float]] = {
        "start": lambda: chance.uniform(0, 0.1),
        "answer": lambda: LATENCY + chance.uniform(-0.1, 0.3),
        "kill": lambda: chance.uniform(0, 2 * LATENCY),
    }
    for race, delay in races.items():
        (folder / race).mkdir()
        stub.reset()
        service = Soaked(folder / race, stub, WORKERS=2)
        stub.script({"latency": {"images": LATENCY}})
        seen, ends = Counter[str](), dict[str, Any]()
        with running(service):
            while len(ends) < rounds:
                addresses = [new_address() for _ in range(min(TOGETHER, rounds - len(ends)))]
                seen += together(service, addresses, delay, kill=race == "kill", chance=chance)
                ends |= {address: service.finish(address, 120) for address in addresses}
            settled(service)
        found = explained(service, ends, stub.images())
        if race != "kill":
            assert (found["calls"], found["attempts"], found["unknown"]) == (rounds, rounds, 0), found
        assert seen["cancelled"] > 0, seen
        figures[race] = {**seen, **found}
    return figures


def together(
    service: Soaked, addresses: list[str], delay: Callable[[], float], *, kill: bool, chance: random.Random
) -> Counter[str]:
    """Start and cancel several runs side by side, and meanwhile kill a worker; return what the cancellations found."""
    seen: list[str] = []
    pauses = [delay() for _ in addresses]
    threads = [
        threading.Thread(target=lambda pair=pair: seen.append(cancel(service, *pair, may_fail=kill)))
        for pair in zip(addresses, pauses, strict=True)
    ]
    for thread in threads:
        thread.start()
    if kill:
        time.sleep(chance.uniform(0, 3 * LATENCY))
        os.kill(chance.choice(service.workers()), signal.SIGKILL)
    for thread in threads:
        thread.join()
    assert len(seen) == len(addresses)
    return Counter(seen)


def cancel(service: Soaked, address: str, pause: float, *, may_fail: bool) -> str:
    """Start a run, and cancel it after a pause; return what the answer says."""
    service.generate(address)
    time.sleep(pause)
    answer: Answer | None = None
    with suppress(OSError):
        answer = service.ask(path_of(address), "DELETE")
    if answer is None:
        assert may_fail, "no answer"
        return "no answer"
    assert answer.status == 200, answer.text
    if not answer.data:
        assert may_fail, answer.text  # then its start may have had no answer either
        return "idle"
    report = answer.json
    assert report["done"], report
    if report["cacheHit"]:
        return "picture"
    assert report["errorCode"] == "CANCELLED" or (may_fail and report["errorCode"] == "OUTCOME_UNKNOWN"), report
    if report["errorCode"] != "CANCELLED":
        return "unknown"
    assert report["retryAfterSeconds"] == 0, report
    return "cancelled"
