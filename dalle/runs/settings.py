"""What an operator decides about runs."""

from dataclasses import dataclass, field

from dalle.errors import BreakerOpen, BudgetExhausted, GenerationError
from dalle.webhooks.announcer import Announcer

# Below this many free bytes nothing is bought that might not fit.
LEAST_ROOM = 16 * 2**20


@dataclass(frozen=True, slots=True)
class Pauses:
    """How many seconds a failed key pauses, by kind of failure, before it may be tried, and paid for, again.

    charged  how long a picture is not bought again while an answer was paid for and brought none: in this time the
             key only tries what costs nothing
    """

    transient: float = 60
    unknown: float = 15 * 60
    blocked: float = 24 * 3600
    configuration: float = 10 * 60
    charged: float = 24 * 3600

    def after(self, error: GenerationError, *, open_call: bool = False, kept: bool = False) -> float:
        """Return the seconds of the pause.

        open_call  a paid call was sent, and nothing came of it that could be kept
        kept       something did: the next run tries that first, which costs nothing
        """
        if open_call:
            return self.unknown
        pause = self.transient if kept and error.pause == "unknown" else float(getattr(self, error.pause))
        if error.retry_after is None:
            return pause
        if isinstance(error, BreakerOpen | BudgetExhausted):
            return error.retry_after  # our own clocks: the next probe, midnight
        return max(error.retry_after, pause)  # a provider that says "at once" must not turn a poll loop into a hammer


@dataclass(frozen=True, kw_only=True)
class RunSettings:
    """Times in seconds.

    longest_run    after which a run fails, whatever it waits for
    claim_ttl      longest silence of a run before others take it over
    purchases      pictures that are bought for a key before one comes; more only by explicit will
    configuration  fingerprint of what an operator may repair: failures that wait for that end with its change
    announcer      makes the events of ends and removals that webhooks report
    """

    longest_run: float = 600
    claim_ttl: float = 300
    pauses: Pauses = field(default_factory=Pauses)
    purchases: int = 2
    configuration: str = ""
    announcer: Announcer = field(default_factory=Announcer)
