"""Holders that sleep, and services that are stopped politely."""

import os
import signal
import time
from pathlib import Path
from typing import Any

from tests.kit.stub import Stub
from tests.kit.waiting import wait
from tests.soak.running import pictured, running, settled
from tests.soak.service import Soaked, finished_files, new_address, path_of


def stopped(folder: Path, stub: Stub, seconds: float = 5) -> dict[str, Any]:
    """SIGSTOP a holder longer than the TTL, before, during and after its call: one call, and finally one picture."""
    service = Soaked(folder, stub, WORKERS=4, JOBS=1, LOCK_TTL="1s")
    with running(service):
        before, addresses, sleepers = stub.images(), [], []
        stub.script({"latency": {"images": 1.0}})
        for action, op, path, content in (
            ("stop", "connect", rf", {stub.port}\)$", ""),
            ("report", "connect", rf", {stub.port}\)$", ""),
            ("stop", "replace", r"runs/.*\.answer$", ""),
        ):
            service.plan(action, "before", op, path, content)
            addresses.append(new_address())
            generate_somehow(service, addresses[-1])
            wait(service.taken, f"a process to come by: {action} {op}")
            if action == "report":
                time.sleep(0.4)
                os.kill(service.taken(), signal.SIGSTOP)
            sleepers.append(service.taken())
        assert len(set(sleepers)) == 3
        time.sleep(seconds)
        for sleeper in sleepers:
            os.kill(sleeper, signal.SIGCONT)
        for address in addresses:
            wait(lambda address=address: pictured(service, address), f"the picture of {address}", 40)
        stub.script()
        assert stub.images() - before == len(addresses)
        settled(service)
        attempts = 0
        for address in addresses:
            assert service.files(address) == finished_files(address)
            # Who sleeps while it connects may wake up too late to send anything: then it is surely safe to repeat.
            outcomes = [attempt["outcome"] for attempt in service.journal(address)["attempts"]]
            assert outcomes in (["accepted"], ["refused", "accepted"])
            assert service.journal(address)["attempts"][-1]["used"]
            attempts += len(outcomes)
        lines = (service.data / "metrics" / "calls.jsonl").read_text().splitlines()
        assert len(lines) == attempts
    return {"stopped holders": len(addresses), "calls": len(addresses)}


def generate_somehow(service: Soaked, address: str) -> None:
    """Asks until a worker answers that is not asleep."""
    path = f"{path_of(address)}?generate=1"
    answer = service.wait_for(lambda: service.client.ask(path, timeout=2), "a worker that is awake")
    assert answer.status == 200, answer.text


def stopped_politely(folder: Path, stub: Stub) -> dict[str, Any]:
    """SIGTERM: what is running is finished, what waits stays for the next start, and nothing is paid twice."""
    service = Soaked(folder, stub, WORKERS=1, JOBS=1)
    addresses, before = [new_address() for _ in range(3)], stub.images()
    stub.script({"latency": {"images": 5}})
    with running(service):
        for address in addresses:
            service.generate(address)
        wait(lambda: stub.images() > before, "a call")
        wait(
            lambda: [service.ask(path_of(address)).json["queuePosition"] for address in addresses] == [0, 1, 2],
            "the positions in the queue",
            5,
        )
    states = [service.journal(address)["state"] for address in addresses]
    assert states == ["completed", "queued", "queued"], service.text()
    assert stub.images() - before == 1
    stub.script()
    with running(service):
        for address in addresses[1:]:
            # Nobody asks for them: a start goes on by itself.
            wait(lambda address=address: pictured(service, address), "a waiting run to be taken up")
        assert stub.images() - before == 3
    return {"runs": 3}
