"""The pace of image calls: even, in the order of asking, over all processes."""

import multiprocessing
import time
from pathlib import Path
from typing import Any

import pytest

from dalle.errors import DeadlinePassed
from dalle.pacing import Pacing
from tests.dalle.provider_parts import Notebook, order, provider, serving

SPAWN = multiprocessing.get_context("spawn")


def test_spaces_calls_evenly_and_a_little_wider_than_the_rate(tmp_path: Path) -> None:
    slept: list[float] = []
    pacing = Pacing(tmp_path / "pace.json", per_minute=20, clock=lambda: 1000.0, sleep=slept.append)
    for _ in range(4):
        pacing.wait(60)
    assert slept == pytest.approx([3.15, 6.3, 9.45])


def test_takes_no_turn_that_comes_too_late(tmp_path: Path) -> None:
    now = [1000.0]
    pacing = Pacing(tmp_path / "pace.json", per_minute=1, clock=lambda: now[0], sleep=lambda _: None)
    pacing.wait(1)
    with pytest.raises(DeadlinePassed) as raised:
        pacing.wait(1)
    assert raised.value.billed == "no"
    now[0] += 63
    pacing.wait(1)


def test_starts_anew_when_the_clock_is_put_back(tmp_path: Path) -> None:
    now, slept = [1000.0], []
    pacing = Pacing(tmp_path / "pace.json", per_minute=1, clock=lambda: now[0], sleep=slept.append)
    pacing.wait(1)
    now[0] -= 5000
    pacing.wait(1)
    assert slept == []


def paint(folder: str, url: str, times: int, results: Any) -> None:
    painter = provider(Path(folder), url, images_per_minute=1200).painter
    for _ in range(times):
        painter.paint(order(), Notebook())
    results.put(times)


@pytest.mark.slow
def test_brings_a_hundred_jobs_through_a_small_limit_without_one_refusal(tmp_path: Path) -> None:
    with serving({"limit": 20, "window": 1.0}) as stub:
        results = SPAWN.Queue()
        workers = [SPAWN.Process(target=paint, args=(str(tmp_path), stub.url, 25, results)) for _ in range(4)]
        begun = time.time()
        for worker in workers:
            worker.start()
        assert sum(results.get(timeout=120) for _ in workers) == 100
        for worker in workers:
            worker.join()
        seen = stub.calls.summary(rows=True)
    assert seen["statuses"] == {"200": 100}
    assert time.time() - begun > 5
