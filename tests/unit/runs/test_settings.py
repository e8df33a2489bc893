"""The rest of a failed key."""

from dalle.errors import BreakerOpen, BudgetExhausted, OutcomeUnknown, RateLimited
from dalle.runs.settings import Pauses

PAUSES = Pauses(transient=60, unknown=900)


def test_lets_a_provider_lengthen_the_pause_but_not_shorten_it() -> None:
    assert PAUSES.after(RateLimited(retry_after=0)) == 60
    assert PAUSES.after(RateLimited(retry_after=120)) == 120


def test_waits_for_the_next_probe_or_midnight_where_that_is_known() -> None:
    assert PAUSES.after(BreakerOpen(retry_after=3)) == 3
    assert PAUSES.after(BudgetExhausted(retry_after=5)) == 5


def test_waits_longer_when_money_may_have_gone_out() -> None:
    assert PAUSES.after(OutcomeUnknown()) == 900
    assert PAUSES.after(RateLimited(retry_after=1), open_call=True) == 900
