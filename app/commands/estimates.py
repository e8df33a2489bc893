"""What many pictures will cost and take, before they are asked for."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.commands.desk import Desk, LocalDesk
from dalle.key import Key


@dataclass(frozen=True, slots=True)
class Estimate:
    """`usd` is None when it cannot be known here; `seconds` is 0 when it cannot."""

    usd: float | None
    seconds: float


def of(desk: Desk, keys: Sequence[Key], jobs: int) -> Estimate:
    """From the price table and the averages of earlier runs; a server tells neither."""
    if not isinstance(desk, LocalDesk):
        return Estimate(None, 0)
    averages = desk.studio.averages.durations()
    seconds = sum(averages.values()) / 1e9 * len(keys) / jobs
    return Estimate(0.0, seconds)
