from pathlib import Path

from dalle.files import append_line, encode_json
from dalle.journal import Journal
from dalle.painters.protocol import Answer
from dalle.run import accept, is_logged, reopen
from tests.fakes import KEY, attempt


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
