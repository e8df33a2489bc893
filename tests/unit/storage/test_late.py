import pytest

from dalle.runs.late import reopen
from dalle.storage.journal import Journal
from tests.kit.fakes import KEY, attempt


def failed(*attempts: object) -> Journal:
    return Journal(
        KEY.series,
        KEY.address,
        runId="run1",
        state="failed",
        errorCode="OUTCOME_UNKNOWN",
        attempts=list(attempts),  # type: ignore[arg-type]
    )


def test_opens_a_failed_run_for_bytes_that_came_late() -> None:
    journal = failed(attempt(outcome="unknown"))
    late = attempt(raw="bytes", outcome="accepted")
    assert reopen(journal, late)
    assert (journal.state, journal.errorCode, journal.retryAtNs) == ("queued", "", 0)
    assert journal.attempts == [late]


def test_keeps_a_run_shut_once_a_later_attempt_was_sent() -> None:
    journal = failed(attempt(), attempt(number=2))
    assert not reopen(journal, attempt(raw="bytes", outcome="accepted"))
    assert journal.state == "failed"
    assert journal.attempts[0].outcome == "accepted"


def test_keeps_a_run_shut_without_bytes() -> None:
    assert not reopen(failed(attempt()), attempt(outcome="accepted"))


def test_leaves_a_run_alone_that_has_ended_well() -> None:
    journal = failed(attempt())
    journal.state = "completed"
    assert not reopen(journal, attempt(raw="bytes"))
    assert journal.state == "completed"


def test_opens_a_failed_run_whose_call_was_surely_not_accepted() -> None:
    journal = failed(attempt(outcome="unknown"))
    assert reopen(journal, attempt(outcome="refused"), again=True)
    assert (journal.state, journal.errorCode) == ("queued", "")


@pytest.mark.parametrize(
    ("again", "code", "outcome"),
    [
        (False, "OUTCOME_UNKNOWN", "refused"),
        (True, "GENERATION_TIMEOUT", "refused"),
        (True, "OUTCOME_UNKNOWN", "unknown"),
    ],
)
def test_keeps_a_run_shut_whose_call_may_not_be_repeated(again: bool, code: str, outcome: str) -> None:
    journal = failed(attempt(outcome="unknown"))
    journal.errorCode = code
    assert not reopen(journal, attempt(outcome=outcome), again=again)
    assert (journal.state, journal.attempts[0].outcome) == ("failed", outcome)


def test_forgets_not_that_an_attempt_became_the_picture() -> None:
    journal = failed(attempt(outcome="accepted", used=True))
    journal.state = "completed"
    reopen(journal, attempt(outcome="accepted", raw="bytes"))
    assert (journal.attempts[0].used, journal.attempts[0].raw) == (True, "")
