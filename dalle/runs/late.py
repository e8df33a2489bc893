"""What a call's end means for a run that was given up meanwhile; pure."""

from dalle.errors import OutcomeUnknown
from dalle.storage.journal import Attempt, Journal


def reopen(present: Journal, late: Attempt, *, again: bool = False) -> bool:
    """Enter how an attempt has ended after all; tells whether the run is open again.

    That is so when it had failed, no later attempt was sent, and either there is a picture to finish it from or,
    with `again`, the call was surely not accepted and may be repeated.
    """
    for position, attempt in enumerate(present.attempts):
        if same(attempt, late) and not attempt.used:
            present.attempts[position] = late
    if present.state != "failed" or not same(present.attempts[-1], late):
        return False
    untouched = again and late.outcome == "refused" and present.errorCode == OutcomeUnknown.code
    if not (late.raw or late.url or untouched):
        return False
    present.state, present.error, present.errorCode = "queued", "", ""
    present.retryAfterSeconds = present.retryAtNs = present.endedNs = 0
    present.configuration = ""
    return True


def same(one: Attempt, other: Attempt) -> bool:
    """Whether both tell of one call."""
    return one.number == other.number and one.runId == other.runId
