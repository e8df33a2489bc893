from pathlib import Path

import pytest

from dalle import journal as journals
from dalle.averages import Averages
from dalle.errors import TimedOut
from dalle.events import Observer
from dalle.files import append_line, encode_json
from dalle.journal import Journal
from dalle.lock import ClaimLost, Locks
from dalle.painters.protocol import Answer, Call
from dalle.queue import Queue
from dalle.retry import Pauses
from dalle.run import Run, accept, is_logged, reopen
from dalle.store import Store
from tests.fakes import KEY, Clock, attempt, left_behind


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


def test_lets_a_run_go_on_that_was_given_up_while_its_call_was_refused(tmp_path: Path) -> None:
    clock = Clock()
    store, queue = Store(tmp_path), Queue(tmp_path / "queue", 10)
    locks = Locks(store.locks, 10, now=clock)
    left_behind(tmp_path)
    journal, claim = journals.read(store.journal(KEY)), locks.claim(KEY)
    assert journal
    assert claim
    run = Run(
        journal,
        claim,
        store=store,
        locks=locks,
        queue=queue,
        averages=Averages(store.averages),
        pauses=Pauses(),
        configuration="",
        deadline=9e9,
        observer=Observer(),
    )
    run.paid = True
    number = run.sent(Call("model", "64x64", "low", 0.25))
    clock.now += 11
    thief = locks.claim(KEY)
    assert thief
    given_up = journals.read(store.journal(KEY))
    assert given_up
    given_up.state, given_up.errorCode, given_up.attempts[0].outcome = "failed", "OUTCOME_UNKNOWN", "unknown"
    journals.write(store.journal(KEY), given_up)
    queue.drop(KEY)
    thief.release()
    with pytest.raises(ClaimLost):
        run.failed(number, TimedOut())
    present = journals.read(store.journal(KEY))
    assert present
    assert (present.state, present.attempts[0].outcome) == ("queued", "refused")
    assert [ticket.state for ticket in queue.tickets()] == ["waiting"]
    assert not store.calls.exists()


def test_knows_whether_the_log_has_a_call(tmp_path: Path) -> None:
    log = tmp_path / "calls.jsonl"
    assert not is_logged(log, attempt())
    append_line(log, b'{"torn": "run1\n')
    append_line(log, encode_json({"runId": "run1", "number": 2}))
    assert not is_logged(log, attempt())
    append_line(log, encode_json({"runId": "run1", "number": 1}))
    append_line(log, encode_json({"runId": "run9", "number": 1}))
    assert is_logged(log, attempt())


def test_settles_an_attempt_from_its_answer() -> None:
    one = attempt()
    accept(one, Answer(data=b"x", model="other", cost=0.1, usage={"output_tokens": 3}), 99)
    assert (one.outcome, one.billed, one.model, one.cost, one.endedNs) == ("accepted", "yes", "other", 0.1, 99)
