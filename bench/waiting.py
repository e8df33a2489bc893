"""Measures polls beside requests that wait for the end of a run: `python -m bench.waiting`. Needs wrk and nginx.

Two workers with places for 100 each; 200 clients wait for one run, directly and through nginx.
"""

import asyncio
import secrets
import statistics
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from bench.parts import ask, cpu, wrk
from tests.kit.http import Client
from tests.kit.nginx import Nginx, Place
from tests.kit.ports import free_port
from tests.kit.stub import Stub
from tests.kit.waiting import wait

WAITERS, WORKERS = 200, 2
ROUNDS = 5
QUIET = 1.5  # seconds without an answer, after which a request surely waits
SLOW = 600  # seconds of the provider: nobody waits for it


@dataclass
class Row:
    """What was measured, beside the same without waiters."""

    name: str
    value: str
    baseline: str
    holds: bool


class Crowd:
    """Clients that wait; one that is answered at once, because its worker has no place left, asks again."""

    def __init__(self, port: int, path: str) -> None:
        self.port, self.path = port, path
        self.waiting = self.applied = 0
        self._thread = threading.Thread(target=lambda: asyncio.run(self._all()))

    def start(self) -> None:
        self._thread.start()
        wait(lambda: self.waiting == WAITERS, "everybody to wait", 40)

    def join(self) -> None:
        self._thread.join()

    async def _all(self) -> None:
        await asyncio.gather(*(self._one() for _ in range(WAITERS)))

    async def _one(self) -> None:
        request = f"GET {self.path} HTTP/1.1\r\nHost: x\r\nPrefer: wait=60\r\nConnection: close\r\n\r\n".encode()
        while True:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
            writer.write(request)
            answer = asyncio.ensure_future(reader.read(-1))
            with suppress(TimeoutError):
                await asyncio.wait_for(asyncio.shield(answer), QUIET)
            if not answer.done():
                self.waiting += 1
            body = await answer
            writer.close()
            if b"preference-applied: wait=60" in body.lower():
                self.applied += 1
                return


@contextmanager
def held(client: Client, stub: Stub) -> Iterator[str]:
    """The path of a run that lasts until the end of the context."""
    path, before = f"/dalle/simple/0x{secrets.token_hex(20)}", stub.images()
    ask(f"{client.url}{path}?generate=1")
    wait(lambda: stub.images() > before, "the call")
    try:
        yield path
    finally:
        client.ask(path, "DELETE")


def p99(url: str) -> float:
    """The p99 of polls in milliseconds: the median of some rounds."""
    loads = [wrk(url, seconds=1, connections=8) for _ in range(ROUNDS)]
    assert not any(load.bad for load in loads)
    return statistics.median(load.p99 for load in loads)


def idle(pid: int, seconds: float = 5) -> float:
    """The processor time of the workers in a second in which nobody asks for anything, in milliseconds."""
    before = cpu(pid)
    time.sleep(seconds)
    return (cpu(pid) - before) * 1000 / seconds


def measured(name: str, client: Client, port: int, pid: int, stub: Stub) -> Row:
    with held(client, stub) as path:
        quiet, alone = idle(pid), p99(client.url + path)
        crowd = Crowd(port, path)
        crowd.start()
        waited, beside = idle(pid), p99(client.url + path)
        still = crowd.applied == 0
    crowd.join()
    value = f"p99 {beside:.1f} ms beside {WAITERS}, {crowd.applied} × Preference-Applied"
    value += f"; idle {waited:.0f} ms of processor time a second, {quiet:.0f} without them"
    holds = still and beside <= 2 * alone and crowd.applied == WAITERS
    return Row(f"polls beside requests that wait, {name}", value, f"p99 {alone:.1f} ms", holds)


def main() -> int:
    port = free_port()
    settings = {"WORKERS": WORKERS, "WAITERS": WAITERS // WORKERS, "NO_ENHANCE": 1, "GRACEFUL_TIMEOUT": "1s"}
    with Stub() as stub, Place() as place:
        stub.script({"latency": {"images": SLOW}})
        with place.service(port=port, variables=stub.variables, **settings) as service, Nginx(place) as nginx:
            behind = Client(f"http://127.0.0.1:{port}")
            rows = [
                measured("direct", behind, port, service.process.pid, stub),
                measured("through nginx", nginx.client, place.port, service.process.pid, stub),
            ]
    for row in rows:
        print(f"{row.name}: {row.value}; alone {row.baseline}{'' if row.holds else '  NOT AS PROMISED'}")
    return 0 if all(row.holds for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
