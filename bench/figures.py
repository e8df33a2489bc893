"""A table of measurements: a row each, and a column for each number of pictures."""

import time
from collections.abc import Callable
from statistics import median

TURNS = 25

Times = tuple[float, float]
"""Milliseconds of wall time and of processor time."""


class Figures:
    """The rows of the table, for all numbers of pictures."""

    def __init__(self) -> None:
        self.rows: dict[str, list[str]] = {}
        self.first: dict[str, Times] = {}

    def add(self, row: str, text: str) -> None:
        self.rows.setdefault(row, []).append(text)
        print(f"  {row:45}{text}", flush=True)

    def ratio(self, row: str, times: Times) -> None:
        """Add times, and their ratios to those of the first number."""
        ratios = [now / max(first, 0.001) for now, first in zip(times, self.first.setdefault(row, times), strict=True)]
        self.add(row, f"{times[0]:.2f} ms, {ratios[0]:.2f} ×; processor {times[1]:.2f} ms, {ratios[1]:.2f} ×")


def took(work: Callable[[], object], clock: Callable[[], float] = time.thread_time) -> Times:
    """Call it some times; return the median of the wall times, and the mean of what `clock` (seconds) counts."""
    times, own = [], clock()
    for _ in range(TURNS):
        began = time.perf_counter()
        work()
        times.append((time.perf_counter() - began) * 1000)
    return median(times), (clock() - own) * 1000 / TURNS
