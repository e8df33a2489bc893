"""How long a failed key rests before it may be tried, and paid for, again."""

from dataclasses import dataclass

from dalle.errors import BreakerOpen, BudgetExhausted, GenerationError


@dataclass(frozen=True, slots=True)
class Pauses:
    """Seconds after each kind of failure."""

    transient: float = 60
    unknown: float = 15 * 60
    blocked: float = 24 * 3600
    configuration: float = 10 * 60


def pause_after(error: GenerationError, pauses: Pauses, *, open_call: bool = False) -> float:
    """Seconds to rest. `open_call`: a paid call was sent and nobody knows how it ended."""
    if open_call:
        return pauses.unknown
    pause = float(getattr(pauses, error.pause))
    if error.retry_after is None:
        return pause
    if isinstance(error, BreakerOpen | BudgetExhausted):
        return error.retry_after  # our own clocks: the next probe, midnight
    return max(error.retry_after, pause)  # a provider that says "at once" must not turn a poll loop into a hammer
