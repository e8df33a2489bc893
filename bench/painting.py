"""Pictures that are made: forty at once beside the work on their pixels alone, and polls meanwhile."""

import multiprocessing
import os
import secrets
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from bench.frozen.pictures import published
from bench.pairs import Aim, Figure, Pair, by_turns
from bench.parts import ask, cpu, ended, wrk
from bench.samples import CAPTION, POLL4, fill
from tests.kit.nginx import Place
from tests.kit.ports import free_port
from tests.kit.stub import Stub
from tests.stub_openai.picture import photo

TURNS = 2
FORTY = 40
POLLED = Aim("poll beside 2 runs, p99", "ms", 2.5, at_most=True)
PICTURES = Aim("40 pictures at once", "/s", 0.68)


def polls(tree: Path, _names: Sequence[str]) -> Iterator[tuple[str, list[Pair]]]:
    """Measures the slowest hundredth of polls while two runs paint, beside polls of the idle service."""
    port = free_port()
    url = f"http://127.0.0.1:{port}/dalle/simple"

    def p99() -> Figure:
        return Figure(wrk(f"{url}/{POLL4}", seconds=3, connections=8).p99)

    def beside() -> Figure:
        with painters(url, 2):
            return p99()

    with Place(tree) as place:
        fill(place.output)
        with place.service(port=port, JOBS=1):
            p99()
            yield POLLED.name, by_turns(beside, p99, TURNS)


@contextmanager
def painters(url: str, number: int) -> Iterator[None]:
    """Keeps this many runs of the offline artist going."""
    stopping = threading.Event()

    def paint() -> None:
        while not stopping.is_set():
            address = f"{url}/0x{secrets.token_hex(20)}"
            ask(f"{address}?generate=1")
            ended(address)

    threads = [threading.Thread(target=paint) for _ in range(number)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stopping.set()
        for thread in threads:
            thread.join()


def forty(tree: Path, _names: Sequence[str]) -> Iterator[tuple[str, list[Pair]]]:
    """Makes forty pictures with a provider that answers at once, beside the work on their pixels on all processors."""
    port = free_port()
    url = f"http://127.0.0.1:{port}/dalle/simple"
    cores = len(os.sched_getaffinity(0))
    with (
        ProcessPoolExecutor(cores, multiprocessing.get_context("spawn")) as pool,
        Stub() as stub,
        Place(tree) as place,
        place.service(port=port, variables=stub.variables, NO_ENHANCE=1, WORKERS=cores) as service,
    ):
        make(url, 4 * cores)  # each worker makes its client with its first picture
        worked = partial(alone, pool, photo())
        worked()
        yield PICTURES.name, by_turns(partial(made, url, service.process.pid), worked, TURNS)


def made(url: str, pid: int) -> Figure:
    before, began = cpu(pid), time.perf_counter()
    make(url, FORTY)
    seconds = time.perf_counter() - began
    return Figure(FORTY / seconds, (cpu(pid) - before) * 1e6 / FORTY)


def make(url: str, number: int) -> None:
    """Asks for new pictures and polls until all are there."""
    addresses = [f"{url}/0x{secrets.token_hex(20)}" for _ in range(number)]
    for address in addresses:
        ask(f"{address}?generate=1")
    for address in addresses:
        answer = ended(address)
        assert not answer.get("error"), answer


def alone(pool: ProcessPoolExecutor, picture: bytes) -> Figure:
    """Does the frozen work on as many pictures."""
    pids = list(pool._processes)
    before, began = cpu(*pids), time.perf_counter()
    for _ in pool.map(published, [picture] * FORTY, [CAPTION] * FORTY):
        pass
    seconds = time.perf_counter() - began
    return Figure(FORTY / seconds, (cpu(*pids) - before) * 1e6 / FORTY)
