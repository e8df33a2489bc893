"""What must hold, seen with real processes. Each scenario asserts, and gives figures for a report."""

import asyncio
import os
import random
import re
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

from tests.kit.service import BOUND
from tests.kit.stub import Stub
from tests.kit.waiting import wait
from tests.soak.points import Point
from tests.soak.service import Soaked, finished_files, is_whole, new_address, path_of

UNSHARE = ("unshare", "--pid", "--fork", "--kill-child", "--mount-proc")
TTL = 2.0


@contextmanager
def running(*services: Soaked) -> Iterator[None]:
    try:
        for service in services:
            service.start()
        for service in services:
            service.wait_until_ready()
        yield
    finally:
        for service in services:
            service.stop()


def may(*command: str) -> bool:
    """Whether this machine permits a command."""
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


def settled(service: Soaked) -> None:
    """Waits until nothing is left of runs and killed processes."""
    wait(lambda: not service.left() and not service.temporaries(), "what runs leave to go", 4 * TTL + 10)


# -- one call a key -------------------------------------------------------------------------------------------------


def one_key(
    folder: Path, stub: Stub, *, clients: int, keys: int, each: int, masters: int, apart: bool
) -> dict[str, Any]:
    """`clients` at once for one key, then `keys` × `each`, over one or several masters: as many calls as keys."""
    prefix = UNSHARE if apart else ()
    services = [Soaked(folder, stub, prefix=prefix, WORKERS=4 // masters) for _ in range(masters)]
    with running(*services):
        return flooded(services, stub, clients, keys, each)


def flooded(services: list[Soaked], stub: Stub, clients: int, keys: int, each: int) -> dict[str, Any]:
    before, begun = stub.images(), time.monotonic()
    address = new_address()
    answers = flood(services, [f"{path_of(address)}?generate=1"] * clients)
    assert len(answers) == clients
    assert all(answer.startswith(b"HTTP/1.1 200 ") for answer in answers)
    assert services[0].finish(address)["errorCode"] == ""
    assert stub.images() - before == 1
    seconds, begun = time.monotonic() - begun, time.monotonic()
    addresses = [new_address() for _ in range(keys)]
    paths = [f"{path_of(one)}?generate=1" for one in addresses * each]
    random.shuffle(paths)
    assert all(answer.startswith(b"HTTP/1.1 200 ") for answer in flood(services, paths))
    for one in addresses:
        assert services[-1].finish(one)["errorCode"] == ""
    assert stub.images() - before == 1 + keys
    settled(services[0])
    for one in addresses:
        assert services[0].files(one) == finished_files(one)
    return {"one key, s": round(seconds, 1), f"{keys} keys, s": round(time.monotonic() - begun, 1)}


def flood(services: list[Soaked], paths: list[str]) -> list[bytes]:
    async def everywhere() -> list[list[bytes]]:
        shares = [paths[number :: len(services)] for number in range(len(services))]
        return await asyncio.gather(*(service.flood(share) for service, share in zip(services, shares, strict=True)))

    return [answer for answers in asyncio.run(everywhere()) for answer in answers]


# -- kill -9 at a point ---------------------------------------------------------------------------------------------


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
        told = (point.name, code, calls, report["error"])
        assert calls <= 1, told
        assert code == ("OUTCOME_UNKNOWN" if point.call == "during" else ""), told
        assert calls == 1 or code, told
        assert seconds < TTL + 5, (*told, seconds)
        wait(lambda address=address: not open_files(service, address), f"the end of the run: {point.name}")
        files = {name for name in service.files(address) if not name.endswith(".tmp")}
        if code:
            assert not [name for name in files if re.search(r"annotated|generated|thumbs|\.raw$|queue/", name)], told
        else:
            assert files == finished_files(address), (*told, files ^ finished_files(address))
            assert service.ask(path_of(address)).headers["content-type"] == "image/png"
        slowest = max(slowest, seconds)
        outcomes[code or "picture"] += 1
    settled(service)
    return {"points": sum(outcomes.values()), "slowest end, s": round(slowest, 2), **outcomes}


def open_files(service: Soaked, address: str) -> list[str]:
    """Claims and tickets of a key: a picture is seen a moment before its run has ended."""
    return [name for name in service.files(address) if name.endswith((".lock", ".live", ".waiting", ".running"))]


# -- a holder that sleeps -------------------------------------------------------------------------------------------


def stopped(folder: Path, stub: Stub, seconds: float = 5) -> dict[str, Any]:
    """SIGSTOP a holder longer than the TTL, before, during and after its call: one call, and finally one picture."""
    service = Soaked(folder, stub, WORKERS=4, JOBS=1, LOCK_TTL="1s")
    with running(service):
        before, addresses, sleepers = stub.images(), [], []
        stub.script({"latency": {"images": 1.0}})
        for action, op, path, content in (
            ("stop", "connect", rf", {stub.port}\)$", ""),
            ("tell", "connect", rf", {stub.port}\)$", ""),
            ("stop", "replace", r"runs/.*\.raw$", ""),
        ):
            service.plan(action, "before", op, path, content)
            addresses.append(new_address())
            generate_somehow(service, addresses[-1])
            wait(service.taken, f"a process to come by: {action} {op}")
            if action == "tell":
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


def pictured(service: Soaked, address: str) -> bool:
    try:
        return service.client.ask(path_of(address), timeout=2).headers["content-type"] == "image/png"
    except OSError:
        return False


# -- kill -9 of everything ------------------------------------------------------------------------------------------


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
    codes = Counter(report["errorCode"] or "picture" for report in ends.values())
    for address, report in ends.items():
        picture = service.data / "output" / "simple" / "annotated" / f"{address}.png"
        assert picture.exists() == (report["errorCode"] == ""), report
        assert not picture.exists() or is_whole(picture)
    journals = [service.journal(address) for address in addresses]
    attempts = [attempt for journal in journals for attempt in journal["attempts"]]
    sent = stub.images() - before
    # An attempt is written before its call: a process may have died between the two.
    unknown = sum(attempt["outcome"] == "unknown" for attempt in attempts)
    assert len(attempts) - unknown <= sent <= len(attempts), (sent, len(attempts), unknown)
    for journal in journals:
        accepted = [attempt for attempt in journal["attempts"] if attempt["outcome"] == "accepted"]
        assert len(accepted) <= 1
    lines = (service.data / "metrics" / "calls.jsonl").read_text().splitlines()
    assert len(lines) == len(attempts), (len(lines), len(attempts))
    return {"kills": kills, "calls": sent, "attempts": len(attempts), "unknown": unknown, **codes}


# -- pollers --------------------------------------------------------------------------------------------------------


def polled(folder: Path, stub: Stub) -> dict[str, Any]:
    """The documented loop pays once and keeps the picture; a failure is the same for every poller, ever after."""
    good, bad = new_address(), new_address()
    service = Soaked(folder, stub, WORKERS=2)
    with running(service):
        before = stub.images()
        percents = []
        stub.script({"latency": {"images": 1.5}})
        end = time.monotonic() + 20
        while time.monotonic() < end:
            answer = service.generate(good)
            percents.append(answer["percent"])
            if answer["done"]:
                break
            assert time.time_ns() - answer["updatedNs"] < 5e9
            time.sleep(0.2)
        assert percents == sorted(percents)
        assert percents[-1] == 100
        assert max(percents[:-1]) <= 99
        for _ in range(3):
            assert service.generate(good)["cacheHit"] is True
        assert service.ask(path_of(good)).headers["content-type"] == "image/png"
        assert stub.images() - before == 1
        stub.script({"rules": [{"fault": "moderation"}]})
        service.finish(bad)
        seen = [service.ask(path_of(bad)).json for _ in range(10)]
        stub.script()
    with running(service):
        seen += [service.ask(path_of(bad)).json for _ in range(10)]
        seen += [service.generate(bad) for _ in range(10)]
        told = {(one["runId"], one["errorCode"], one["error"], one["retryAtNs"], one["done"]) for one in seen}
        assert len(told) == 1
        assert seen[0]["errorCode"] == "CONTENT_BLOCKED"
        assert stub.images() - before == 2
        assert service.generate(good)["cacheHit"] is True
    return {"polls": len(percents) + len(seen)}


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


# -- disks ----------------------------------------------------------------------------------------------------------


def full_disk(folder: Path, stub: Stub) -> dict[str, Any]:
    """ENOSPC on a small mount: a clear code, finished pictures go on, and a picture that was paid for is kept."""
    mount = folder / "data"
    mount.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=40m", "tmpfs", str(mount)], check=True)
    ballast = mount / "ballast"
    service = None
    try:
        service = Soaked(folder, stub, LOCK_TTL="20s")
        with running(service):
            first, second, third = (new_address() for _ in range(3))
            assert service.finish(first)["errorCode"] == ""
            fill(ballast, mount)
            refusal = service.ask(f"{path_of(second)}?generate=1")
            assert (refusal.status, refusal.error["code"]) == (500, "FILE_SYSTEM_ERROR")
            assert service.ask(path_of(first)).headers["content-type"] == "image/png"
            assert service.generate(first)["cacheHit"] is True
            ballast.unlink()
            assert service.finish(second)["errorCode"] == ""
            # While the bytes are on their way:
            before = stub.images()
            stub.script({"latency": {"images": 1.5}})
            service.generate(third)
            wait(lambda: stub.images() > before, "a call")
            fill(ballast, mount)
            time.sleep(3)
            ballast.unlink()
            report = service.finish(third)
            assert report["errorCode"] == "", report
            assert stub.images() - before == 1
            stub.script()
    finally:
        if service:
            service.stop()
        subprocess.run(["umount", "-l", str(mount)], check=True)
    return {"keys": 3}


def fill(ballast: Path, mount: Path) -> None:
    with ballast.open("wb") as file:
        for size in (1 << 20, 1 << 12):
            try:
                while True:
                    os.write(file.fileno(), b"\0" * size)
            except OSError:
                continue
    assert os.statvfs(mount).f_bavail == 0


def forbidden_folder(folder: Path, stub: Stub) -> dict[str, Any]:
    """EACCES: the folder becomes somebody else's while the service runs, and it has no right to write there."""
    service = Soaked(folder, stub, prefix=BOUND)
    with running(service):
        known, unknown = new_address(), new_address()
        assert service.finish(known)["errorCode"] == ""
        settled(service)
        for path in [service.data, *service.data.rglob("*")]:
            with suppress(FileNotFoundError):  # a temporary file of the figures, which no run waits for
                os.chown(path, 65534, 65534)
                path.chmod(0o755 if path.is_dir() else 0o644)
        before = stub.images()
        refusal = service.ask(f"{path_of(unknown)}?generate=1")
        assert (refusal.status, refusal.error["code"]) == (500, "FILE_SYSTEM_ERROR")
        assert str(folder) not in refusal.text
        assert service.ask(path_of(known)).headers["content-type"] == "image/png"
        assert service.generate(known)["cacheHit"] is True
        assert stub.images() == before
    return {"keys": 2}


def together(*parts: Callable[[], dict[str, Any]]) -> list[dict[str, Any]]:
    """Scenarios that mostly wait, side by side."""
    found: list[dict[str, Any]] = []
    failures: list[BaseException] = []

    def run(part: Callable[[], dict[str, Any]]) -> None:
        try:
            found.append(part())
        except BaseException as exc:
            failures.append(exc)

    threads = [threading.Thread(target=run, args=(part,)) for part in parts]
    with ExitStack() as stack:
        for thread in threads:
            thread.start()
            stack.callback(thread.join)
    if failures:
        raise failures[0]
    return found
