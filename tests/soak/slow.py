"""Slow clients beside ordinary ones, for two minutes: 500 stop in the middle of a request, 100 read slowly."""

import asyncio
import socket
import threading
import time
from contextlib import suppress
from itertools import cycle
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from tests.kit.http import Client, ask
from tests.kit.processes import Child
from tests.kit.slow import HALF_OPEN, permit
from tests.kit.stub import Stub
from tests.kit.waiting import wait
from tests.soak.running import running
from tests.soak.service import Soaked, new_address, path_of

SENDERS, READERS = 500, 100
LARGE = "/files/large.txt"
SIZE = 8 << 20  # bytes
BYTES_PER_SECOND = 50_000
ORDINARY = 8  # clients
HELD = 0.9  # of the slow clients, who begin again when they were dropped


def slow(folder: Path, stub: Stub) -> dict[str, Any]:
    """Ordinary clients are answered as fast as without slow ones, up to the noise of a machine that does both."""
    service = Soaked(folder, stub, WORKERS=2)
    (service.data / "output").mkdir(parents=True, exist_ok=True)
    (service.data / "output" / "large.txt").write_bytes(b"0123456789abcdef" * (SIZE // 16))
    with running(service):
        before = open_files(service)
        alone = [load(service.client, 30)]
        with Child(be_slow, service.port):
            least = before + HELD * (SENDERS + READERS)
            wait(lambda: open_files(service) > least, "the slow clients")
            beside = load(service.client, 120)
            assert open_files(service) > least
        alone.append(load(service.client, 30))
    p99_alone, p99_beside = max(p99(times) for times in alone), p99(beside)
    figures = {
        "requests beside slow clients": len(beside),
        "p99 alone, ms": round(p99_alone * 1000, 1),
        "p99 beside, ms": round(p99_beside * 1000, 1),
    }
    assert p99_beside < 2 * p99_alone, figures
    return figures


def open_files(service: Soaked) -> int:
    return sum(len(list(Path(f"/proc/{pid}/fd").iterdir())) for pid in service.workers())


def p99(times: list[float]) -> float:
    return sorted(times)[round(len(times) * 0.99) - 1]


def load(client: Client, seconds: float) -> list[float]:
    """The times of the answers to a few clients that ask one thing after the other."""
    times: list[float] = []
    failures: list[BaseException] = []
    paths = ("/series", "/health?check=liveness", path_of(new_address()), "/preview/items")
    end = time.monotonic() + seconds

    def go_on() -> None:
        try:
            with client.connected(10) as connection:
                for path in cycle(paths):
                    began = time.monotonic()
                    if began > end:
                        return
                    assert ask(connection, path).status == 200
                    times.append(time.monotonic() - began)
        except BaseException as exc:
            failures.append(exc)

    threads = [threading.Thread(target=go_on) for _ in range(ORDINARY)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return times


def be_slow(_pipe: Connection, port: int) -> None:
    """The process of the slow clients, until it is killed."""
    permit(SENDERS + READERS + 100)
    asyncio.run(all_slow(port))


async def all_slow(port: int) -> None:
    senders = (send(port, HALF_OPEN[number % len(HALF_OPEN)]) for number in range(SENDERS))
    await asyncio.gather(*senders, *(read(port) for _ in range(READERS)))


async def send(port: int, part: bytes) -> None:
    """Sends a part of a request, and begins again when that was refused."""
    while True:
        with suppress(OSError):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(part)
            await reader.read(-1)
            writer.close()
        await asyncio.sleep(0.1)


async def read(port: int) -> None:
    """Reads a file at its pace, again and again."""
    loop = asyncio.get_running_loop()
    while True:
        with suppress(OSError), socket.socket() as client:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.setblocking(False)
            await loop.sock_connect(client, ("127.0.0.1", port))
            await loop.sock_sendall(client, f"GET {LARGE} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            while await loop.sock_recv(client, BYTES_PER_SECOND // 10):
                await asyncio.sleep(0.1)
