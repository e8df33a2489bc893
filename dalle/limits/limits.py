"""The limits on calls to the provider: breaker, budget, pacing, and the prices they are computed from."""

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
