"""The rest of a failed key."""

from dalle.errors import BreakerOpen, BudgetExhausted, OutcomeUnknown, RateLimited
from dalle.runs.retry import Pauses, pause_after

PAUSES = Pauses(transient=60, unknown=900)


def test_lets_a_provider_lengthen_the_pause_but_not_shorten_it() -> None:
    assert pause_after(RateLimited(retry_after=0), PAUSES) == 60
    assert pause_after(RateLimited(retry_after=120), PAUSES) == 120


def test_waits_for_the_next_probe_or_midnight_where_that_is_known() -> None:
    assert pause_after(BreakerOpen(retry_after=3), PAUSES) == 3
    assert pause_after(BudgetExhausted(retry_after=5), PAUSES) == 5


def test_waits_longer_when_money_may_have_gone_out() -> None:
    assert pause_after(OutcomeUnknown(), PAUSES) == 900
    assert pause_after(RateLimited(retry_after=1), PAUSES, open_call=True) == 900
