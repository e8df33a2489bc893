"""What may be sent to the provider now: breaker, budget, pace, and what things cost."""

from dataclasses import dataclass

from dalle.limits.breaker import Breaker
from dalle.limits.budget import Budget
from dalle.limits.pacing import Pacing
from dalle.limits.prices import Prices


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one provider, shared by all workers."""

    breaker: Breaker
    budget: Budget
    pacing: Pacing
    prices: Prices
