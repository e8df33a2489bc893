"""What was bought for a key and brought no picture yet, and whether another one may be bought; pure.

Finishing from what was paid for costs nothing and is tried in every run. Buying again is something else: at most
`purchases` times in all, and while there is something to finish from, only after the pause `charged`.
"""

from datetime import UTC, datetime

from dalle.runs.settings import RunSettings
from dalle.storage.attempt import Attempt
from dalle.storage.journal import Journal

BY_WILL = "Another picture is bought only by “Make again” or --pay-again"


def has_something(attempt: Attempt) -> bool:
    """Return whether there is something to finish it from."""
    return bool(attempt.answer or attempt.raw or attempt.task or attempt.url)


def has_kept(journal: Journal) -> bool:
    """Return whether there is something to finish any of the purchases from."""
    return any(has_something(attempt) for attempt in journal.purchases)


def next_purchase_ns(journal: Journal, settings: RunSettings) -> int | None:
    """Return the moment from which another picture may be bought, 0 for any time; None: only by explicit will."""
    attempts = journal.purchases
    if not attempts:
        return 0
    if len(attempts) >= settings.purchases:
        return None
    if not has_kept(journal):
        return 0
    newest = attempts[0]
    return (newest.ended_ns or newest.sent_ns) + round(settings.pauses.charged * 1e9)


def outlook(journal: Journal, settings: RunSettings) -> str:
    """Return what comes next for a key whose run has failed after something was bought, "" when nothing was.

    Sentences without a full stop at the end, as errors are.
    """
    attempts = journal.purchases
    if not attempts:
        return ""
    moment = next_purchase_ns(journal, settings)
    if moment is None:
        then = BY_WILL
    elif moment:
        then = f"Another picture may be bought from {datetime.fromtimestamp(moment / 1e9, UTC):%Y-%m-%d %H:%M} UTC on"
    else:
        return "After the pause, a request buys another picture"
    if has_kept(journal):
        return f"What was paid for is kept and, after the pause, tried again at no cost. {then}"
    return then
