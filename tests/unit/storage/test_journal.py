from typing import get_args

import pytest

from dalle.storage.journal import TRANSITIONS, DamagedJournal, Journal, RunState, placeholder
from tests.kit.fakes import KEY, attempt


def failed(*attempts: object) -> Journal:
    return Journal(
        KEY.series,
        KEY.address,
        run_id="run1",
        state="failed",
        error_code="OUTCOME_UNKNOWN",
        attempts=list(attempts),  # type: ignore[arg-type]
    )


def test_opens_a_failed_run_for_bytes_that_came_late() -> None:
    journal = failed(attempt(outcome="unknown"))
    late = attempt(raw="bytes", outcome="accepted")
    assert journal.enter_late(late)
    assert (journal.state, journal.error_code, journal.retry_at_ns) == ("queued", "", 0)
    assert journal.attempts == [late]


def test_opens_the_run_of_a_late_call_whose_journal_could_not_be_read() -> None:
    journal = placeholder(KEY, DamagedJournal())
    journal.attempts = [attempt(outcome="unknown")]
    assert journal.enter_late(attempt(raw="bytes", outcome="accepted"))
    assert (journal.state, journal.run_id, journal.started_ns) == ("queued", "run1", 6)


def test_keeps_a_run_shut_once_a_later_attempt_was_sent() -> None:
    journal = failed(attempt(), attempt(number=2))
    assert not journal.enter_late(attempt(raw="bytes", outcome="accepted"))
    assert journal.state == "failed"
    assert journal.attempts[0].outcome == "accepted"


def test_keeps_a_run_shut_without_bytes() -> None:
    assert not failed(attempt()).enter_late(attempt(outcome="accepted"))


def test_leaves_a_run_alone_that_has_ended_well() -> None:
    journal = failed(attempt())
    journal.state = "completed"
    assert not journal.enter_late(attempt(raw="bytes"))
    assert journal.state == "completed"


def test_opens_a_failed_run_whose_call_was_surely_not_accepted() -> None:
    journal = failed(attempt(outcome="unknown"))
    assert journal.enter_late(attempt(outcome="refused"), again=True)
    assert (journal.state, journal.error_code) == ("queued", "")


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
    journal.error_code = code
    assert not journal.enter_late(attempt(outcome=outcome), again=again)
    assert (journal.state, journal.attempts[0].outcome) == ("failed", outcome)


def test_remembers_that_an_attempt_became_the_picture() -> None:
    journal = failed(attempt(outcome="accepted", used=True))
    journal.state = "completed"
    journal.enter_late(attempt(outcome="accepted", raw="bytes"))
    assert (journal.attempts[0].used, journal.attempts[0].raw) == (True, "")


STATES: tuple[RunState, ...] = get_args(RunState)
MOVES = {
    "start": lambda journal: journal.start(),
    "requeue": lambda journal: journal.requeue(),
    "complete": lambda journal: journal.complete(9),
    "fail": lambda journal: journal.fail("CODE", "why", 9, pause=2),
    "cancel": lambda journal: journal.cancel("CODE", "why", 9),
    "resume": lambda journal: journal.resume(is_held=True),
    "reopen": lambda journal: journal.reopen(),
    "withdraw": lambda journal: journal.withdraw(),
    "restore": lambda journal: journal.restore(),
}


@pytest.mark.parametrize("name", TRANSITIONS)
@pytest.mark.parametrize("state", STATES)
def test_moves_as_its_table_says_and_no_other_way(name: str, state: RunState) -> None:
    allowed, reached = TRANSITIONS[name]
    journal = Journal(KEY.series, KEY.address, state=state)
    if state in allowed:
        MOVES[name](journal)
        assert journal.state == reached
    else:
        with pytest.raises(ValueError, match=name):
            MOVES[name](journal)
        assert journal.state == state


def test_says_that_it_was_cancelled_until_its_holder_goes_on() -> None:
    journal = Journal(KEY.series, KEY.address, run_id="run1", state="running", attempts=[attempt()])
    journal.cancel("CANCELLED", "why", 9)
    assert (journal.error_code, journal.retry_at_ns, journal.ended_ns) == ("CANCELLED", 0, 9)
    assert journal.was_cancelled_after(attempt())
    assert not journal.was_cancelled_after(attempt(sent_ns=10))
    journal.resume(is_held=False)
    assert (journal.error_code, journal.error, journal.ended_ns) == ("", "", 0)
    assert journal.was_cancelled_after(attempt())
    journal.cancel("CANCELLED", "why", 9)
    journal.resume(is_held=True)
    assert not journal.was_cancelled_after(attempt())


def test_opens_no_cancelled_run_for_bytes_that_came_late_but_pauses_no_longer() -> None:
    journal = Journal(KEY.series, KEY.address, run_id="run1", state="running", attempts=[attempt()])
    journal.cancel("CANCELLED", "why", 9)
    late = attempt(answer="bytes", outcome="accepted")
    assert not journal.enter_late(late)
    assert (journal.state, journal.attempts) == ("cancelled", [late])
    journal.attempts = [attempt(outcome="unknown")]
    journal.fail("OUTCOME_UNKNOWN", "why", 20, pause=900, since_ns=9)
    assert journal.retry_at_ns == 9 + 900 * 10**9
    assert not journal.enter_late(late)
    assert (journal.state, journal.retry_at_ns, journal.retry_after_seconds) == ("failed", 0, 0)


def test_keeps_the_failure_of_a_run_whose_picture_is_withdrawn() -> None:
    journal = failed(attempt())
    journal.withdraw()
    assert (journal.state, journal.error_code) == ("failed", "OUTCOME_UNKNOWN")


def test_says_when_a_failed_run_may_be_tried_again() -> None:
    journal = Journal(KEY.series, KEY.address, state="running")
    journal.fail("CODE", "why", 5_000_000_000, pause=1.5)
    assert (journal.retry_after_seconds, journal.retry_at_ns, journal.ended_ns) == (1.5, 6_500_000_000, 5_000_000_000)


def test_forgets_the_failure_when_it_goes_on() -> None:
    journal = failed(attempt())
    journal.retry_at_ns, journal.configuration = 7, "x"
    journal.reopen()
    assert (journal.error, journal.error_code, journal.retry_at_ns, journal.configuration) == ("", "", 0, "")
    assert not journal.ended


def test_remembers_every_call_in_the_next_run() -> None:
    earlier = failed(attempt())
    earlier.version, earlier.unknown = 2, {"task": "t1"}
    journal = earlier.renewed("run2", 5)
    assert (journal.attempts, journal.version, journal.unknown) == ([attempt()], 2, {"task": "t1"})
    assert (journal.state, journal.error_code, journal.last) == ("queued", "", None)


def test_does_not_run_ahead_with_an_attempt_that_is_about_to_be_written() -> None:
    journal = Journal(KEY.series, KEY.address)
    assert journal.with_attempt(attempt(), "paid").attempts == [attempt()]
    assert (journal.attempts, journal.painter) == ([], "")
