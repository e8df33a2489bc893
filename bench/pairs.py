"""Ratios to a baseline of the same run: pairs by turns, and the median of at least three starts of both sides.

A machine that is busy, or another one, changes both sides of a pair. One start against one start resolves six points
only: threads and connections fall differently each time.
"""

import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

STARTS = 3
TOLERANCE = 0.05
"""What three starts a side resolve. A ratio that is no farther than that on the wrong side of its target holds."""


class Figure(NamedTuple):
    """What one side reached, in the unit of its row, and what that took of the processors.

    cpu: microseconds a piece of work, which other work on the machine disturbs least; 0: not measured.
    """

    value: float
    cpu: float = 0.0


class Pair(NamedTuple):
    ours: Figure
    baseline: Figure


class Aim(NamedTuple):
    """What a row shall reach: a ratio of ours to the baseline, at least, or at most where less is better."""

    name: str
    unit: str
    target: float
    at_most: bool = False


def by_turns(ours: Callable[[], Figure], baseline: Callable[[], Figure], turns: int) -> list[Pair]:
    """Measures both sides by turns; each is the first in half of them."""
    pairs = []
    for turn in range(turns):
        if turn % 2:
            one = ours()
            pairs.append(Pair(one, baseline()))
        else:
            other = baseline()
            pairs.append(Pair(ours(), other))
    return pairs


@dataclass
class Row:
    """One line of the table: the pairs of each start."""

    aim: Aim
    starts: list[list[Pair]] = field(default_factory=list)
    failure: str = ""

    @property
    def ratios(self) -> list[float]:
        """One a start: the median of its pairs."""
        return [statistics.median(pair.ours.value / pair.baseline.value for pair in pairs) for pairs in self.starts]

    @property
    def ratio(self) -> float:
        return statistics.median(self.ratios)

    @property
    def cpu_ratio(self) -> float:
        """Processor time of ours to that of the baseline; 0: not measured."""
        pairs = [pair for pairs in self.starts for pair in pairs if pair.baseline.cpu]
        return statistics.median(pair.ours.cpu / pair.baseline.cpu for pair in pairs) if pairs else 0.0

    @property
    def holds(self) -> bool:
        if self.failure or len(self.starts) < STARTS:
            return False
        beyond = self.ratio - self.aim.target
        return (beyond if self.aim.at_most else -beyond) <= TOLERANCE

    def median(self, side: str, part: str) -> float:
        """Returns the median of all pairs; `side` and `part` are names of the fields of a pair and of a figure."""
        values: list[float] = [getattr(getattr(pair, side), part) for pairs in self.starts for pair in pairs]
        return statistics.median(values)

    def as_json(self) -> dict[str, Any]:
        about = {"name": self.aim.name, "unit": self.aim.unit, "target": self.aim.target, "at_most": self.aim.at_most}
        if not self.starts:
            return {**about, "holds": False, "failure": self.failure}
        sides = {side: {part: round(self.median(side, part), 3) for part in Figure._fields} for side in Pair._fields}
        return {
            **about,
            "ratio": round(self.ratio, 3),
            "cpu_ratio": round(self.cpu_ratio, 3),
            "holds": self.holds,
            "ratios": [round(ratio, 3) for ratio in self.ratios],
            **sides,
            "failure": self.failure,
        }


def table(rows: Sequence[Row]) -> Iterator[str]:
    """Yields the lines of a table in Markdown."""
    yield "| row | ours | baseline | ratio | of each start | target | | processor time, µs | ratio |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for row in rows:
        yield f"| {' | '.join(cells(row))} |"


def cells(row: Row) -> Iterator[str]:
    yield row.aim.name
    if row.starts:
        yield from (f"{row.median(side, 'value'):,.4g} {row.aim.unit}" for side in Pair._fields)
        yield f"{row.ratio:.2f}"
        yield ", ".join(f"{ratio:.2f}" for ratio in row.ratios)
    else:
        yield from ("",) * 4
    yield f"{'≤' if row.aim.at_most else '≥'} {row.aim.target:.2f}"
    yield row.failure[:90] or ("holds" if row.holds else "**missed**")
    if row.cpu_ratio:
        yield " : ".join(f"{row.median(side, 'cpu'):,.0f}" for side in Pair._fields)
        yield f"{row.cpu_ratio:.2f}"
    else:
        yield from ("",) * 2
