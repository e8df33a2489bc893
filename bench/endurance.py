"""Painting beside a million pictures: `python -m bench.endurance DATA [seconds]` (600).

A service on the data folder, such as one that `bench.million` fills, lists it, and then paints in one of its series
without a pause. Prints how many runs ended, how many folders were listed meanwhile, which is to be none, and the memory
of all its processes in each part of the time.
"""

import os
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.painting import painters
from bench.parts import family, pss
from bench.served import SERIES, wait_for_names
from tests.kit.service import Service

PARTS = 6


def main(data: Path, seconds: float = 600) -> None:
    (data / "series").mkdir(exist_ok=True)
    (data / "series" / f"{SERIES}.json").write_text("{}")
    number = sum(len(os.listdir(folder)) for folder in data.glob("output/*/annotated"))
    with service(data) as running:
        wait_for_names(running, number)
        wait_for_quiet(running)
        listed, ended = metric(running, "gallery_listings"), metric(running, "runs")
        print(f"{number:,} pictures, listed with {listed:.0f} listings", flush=True)
        memory = []
        with painters(f"{running.url}/dalle/{SERIES}", 2):
            for _ in range(PARTS):
                time.sleep(seconds / PARTS)
                memory.append(sum(map(pss, family(running.process.pid))))
                print(f"{memory[-1] / 1e6:.0f} MB", flush=True)
        listed, ended = metric(running, "gallery_listings") - listed, metric(running, "runs") - ended
    print(f"{ended:.0f} runs in {seconds:.0f} s, {listed:.0f} listings, memory × {memory[-1] / memory[0]:.2f}")


@contextmanager
def service(data: Path) -> Iterator[Service]:
    with tempfile.TemporaryDirectory() as folder, Service(Path(folder), DATA_DIR=data, WORKERS=2) as running:
        yield running


def wait_for_quiet(running: Service) -> None:
    """Wait until no folder is listed any more: the first listing of each is counted when it has ended."""
    before = -1.0
    while (now := metric(running, "gallery_listings")) != before:
        before = now
        time.sleep(5)


def metric(running: Service, name: str) -> float:
    pattern = rf"^dalleserver_{name}_total(?:{{.*}})? (\S+)$"
    return sum(map(float, re.findall(pattern, running.ask("/metrics").text, re.MULTILINE)))


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(float, sys.argv[2:]))
