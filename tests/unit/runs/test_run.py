from pathlib import Path

import pytest

from dalle.errors import TimedOut
from dalle.events import Observer
from dalle.painters.protocol import Answer, Call
from dalle.runs.attempts import accept
from dalle.runs.averages import Averages
from dalle.runs.retry import Pauses
from dalle.runs.run import Run
from dalle.storage import journal as journals
from dalle.storage.folder.claims import ClaimLost, Locks
from dalle.storage.folder.layout import Store
from dalle.storage.folder.queue import Queue
from tests.kit.fakes import KEY, Clock, attempt, left_behind


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
    run.record.paid = True
    number = run.record.sent(Call("model", "64x64", "low", 0.25))
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
        run.record.failed(number, TimedOut())
    present = journals.read(store.journal(KEY))
    assert present
    assert (present.state, present.attempts[0].outcome) == ("queued", "refused")
    assert [ticket.state for ticket in queue.tickets()] == ["waiting"]
    assert not store.calls.exists()


def test_settles_an_attempt_from_its_answer() -> None:
    one = attempt()
    accept(one, Answer(data=b"x", model="other", cost=0.1, usage={"output_tokens": 3}), 99)
    assert (one.outcome, one.billed, one.model, one.cost, one.endedNs) == ("accepted", "yes", "other", 0.1, 99)
