"""Runs that are cancelled, through the studio: what they cost, and what of them is finished later."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from dalle.compose import Studio
from dalle.errors import ContentBlocked, OutcomeUnknown
from dalle.events import Observer
from dalle.key import Key
from dalle.outcome import Idle
from dalle.painters.protocol import Order, Recorder
from dalle.progress.reports import data_of
from dalle.storage.folder.engine import FolderStorage
from tests.kit.clocks import Clock
from tests.kit.data_folder import DataFolder, put_bytes
from tests.kit.fakes import KEY, PaidPainter, Start, attempt, body, ended_journal, left_behind, studio
from tests.kit.images import photo
from tests.kit.waiting import wait


class Gate(PaidPainter):
    """Sends its call, and is answered when the gate opens; `before_sending` holds it up before that."""

    def __init__(self, *answers: bytes | str | BaseException, paid: bool = True) -> None:
        super().__init__(*answers, paid=paid)
        self.reached, self.sending, self.opened = threading.Event(), threading.Event(), threading.Event()
        self.sending.set()
        self.before = lambda: self._wait(self.opened)

    def paint(self, order: Order, record: Recorder) -> Any:
        self._wait(self.sending)
        return super().paint(order, record)

    def _wait(self, event: threading.Event) -> None:
        self.reached.set()
        assert event.wait(20)


class Counting(Observer):
    def __init__(self) -> None:
        self.ended: list[str] = []
        self.failed: list[str] = []

    def run_ended(self, code: str, painter: str, seconds: float) -> None:
        self.ended.append(code)

    def run_failed(self, key: Key, request_id: str, code: str, error: str) -> None:
        self.failed.append(code)


@pytest.fixture
def gate() -> Iterator[Gate]:
    gate = Gate()
    yield gate
    gate.sending.set()
    gate.opened.set()


def asked(begun: Studio) -> dict[str, Any]:
    return data_of(begun.request(KEY).body) or {}


def cancelled(begun: Studio) -> dict[str, Any]:
    report = begun.cancel(KEY)
    assert report
    return data_of(report.body) or {}


def sent(begun: Studio, gate: Gate) -> dict[str, Any]:
    """Start a run; return its report once its call was sent."""
    report = asked(begun)
    wait(lambda: gate.calls)
    return report


def let_go(begun: Studio) -> None:
    wait(lambda: not begun.storage.ticket(KEY) and not begun.storage.is_claimed(KEY), "the holder to let go")


def lines(begun: Studio) -> list[tuple[str, float]]:
    return [(line["outcome"], line["cost"]) for line in begun.storage.calls.since()]


def test_ends_a_waiting_run_at_no_cost(start: Start) -> None:
    painter, counting = PaidPainter(), Counting()
    begun = start(painter, jobs=0, observers=[counting])
    first = asked(begun)
    report = cancelled(begun)
    assert (report["done"], report["errorCode"], report["retryAfterSeconds"]) == (True, "CANCELLED", 0)
    assert (report["runId"], report["currentPhase"], report["percent"]) == (first["runId"], "failed", 0)
    assert report["error"]
    assert begun.storage.ticket(KEY) is None
    assert (counting.ended, counting.failed, begun.failures(), begun.latest_failures(9)) == (["CANCELLED"], [], [], [])
    assert body(begun.look(KEY)) == body(begun.look(KEY))
    assert '"errorCode":"CANCELLED"' in body(begun.look(KEY))
    assert cancelled(begun)["runId"] == first["runId"]
    assert counting.ended == ["CANCELLED"]
    again = asked(begun)
    assert (again["done"], again["runId"] == first["runId"], painter.calls) == (False, False, 0)


def test_cancels_a_run_whose_requester_died_before_its_journal(start: Start, tmp_path: Path) -> None:
    begun = start(jobs=0)
    with begun.storage.guard(KEY) as entry:
        entry.enqueue("run1")
    assert (cancelled(begun)["runId"], begun.storage.ticket(KEY)) == ("run1", None)


def test_is_no_failure_though_the_same_run_had_failed_before(start: Start) -> None:
    begun = start(jobs=0)
    first = asked(begun)
    with begun.storage.guard(KEY) as entry:
        entry.note_failure(first["runId"], begun.storage.now_ns())
    cancelled(begun)
    assert begun.failures() == []


def test_says_what_there_is_when_no_run_is_open(start: Start, tmp_path: Path) -> None:
    painter = PaidPainter(ContentBlocked("no"), photo())
    begun = start(painter, now_ns=(clock := Clock()).ns)
    assert begun.cancel(KEY) is None
    asked(begun)
    ended_journal(begun)
    failed = cancelled(begun)
    assert (failed["errorCode"], failed["retryAfterSeconds"]) == ("CONTENT_BLOCKED", 86400)
    clock.now += 86401
    asked(begun)
    ended_journal(begun)
    assert (cancelled(begun)["cacheHit"], cancelled(begun)["errorCode"]) == (True, "")
    assert begun.has_picture(KEY)
    assert begun.remove(KEY)
    assert begun.cancel(KEY) is None
    assert begun.look(KEY) == Idle()
    put_bytes(DataFolder(tmp_path).journal(KEY), b"garbage")
    assert cancelled(begun)["errorCode"] == "FILE_SYSTEM_ERROR"


def test_takes_a_cancelled_run_up_again_while_its_call_is_unanswered(start: Start, gate: Gate) -> None:
    begun = start(gate)
    first = sent(begun, gate)
    assert cancelled(begun)["errorCode"] == "CANCELLED"
    assert begun.runs() == []
    again = asked(begun)
    assert (again["runId"], again["done"], again["errorCode"]) == (first["runId"], False, "")
    assert [run["runId"] for run in begun.runs()] == [first["runId"]]
    gate.opened.set()
    journal = ended_journal(begun)
    assert (journal.state, journal.run_id, gate.calls, lines(begun)) == (
        "completed",
        first["runId"],
        1,
        [("accepted", 0.25)],
    )


def test_keeps_what_comes_after_the_cancellation_for_the_next_request(start: Start, gate: Gate) -> None:
    begun = start(gate, lock_ttl=0.4)
    first = sent(begun, gate)
    cancelled(begun)
    gate.opened.set()
    let_go(begun)
    wait(lambda: begun.storage.tickets() == [] and not begun.storage.is_claimed(KEY))
    journal = begun.journal(KEY)
    assert journal
    assert (journal.state, journal.attempts[0].outcome, lines(begun)) == ("cancelled", "accepted", [("accepted", 0.25)])
    assert cancelled(begun)["runId"] == first["runId"]
    assert not begun.has_picture(KEY)
    asked(begun)
    journal = ended_journal(begun)
    assert (journal.state, gate.calls, gate.resumed, lines(begun)) == ("completed", 1, 1, [("accepted", 0.25)])
    assert journal.run_id != first["runId"]


def test_sends_nothing_once_it_is_cancelled(start: Start, gate: Gate) -> None:
    gate.sending.clear()
    begun = start(gate)
    asked(begun)
    wait(gate.reached.is_set)
    cancelled(begun)
    gate.sending.set()
    let_go(begun)
    journal = begun.journal(KEY)
    assert journal
    assert (journal.state, gate.calls, journal.attempts, lines(begun)) == ("cancelled", 0, [], [])
    gate.opened.set()
    asked(begun)
    assert (ended_journal(begun).state, gate.calls) == ("completed", 1)


def test_waits_for_a_thread_when_its_holder_was_about_to_let_go(start: Start, gate: Gate) -> None:
    """The holder learns of the cancellation, and the run is wanted again before it has let go."""
    begun = start(gate)
    first = sent(begun, gate)
    cancelled(begun)
    stored = begun.storage.guard
    resumed = threading.Event()

    def guard(key: Key, **options: Any) -> Any:
        if threading.current_thread() is not threading.main_thread() and not resumed.is_set():
            resumed.set()
            again = asked(begun)
            assert again["runId"] == first["runId"]
        return stored(key, **options)

    begun.storage.guard = guard  # type: ignore[method-assign]
    gate.opened.set()
    journal = ended_journal(begun)
    assert resumed.is_set()
    assert (journal.state, journal.run_id, gate.calls) == ("completed", first["runId"], 1)
    assert lines(begun) == [("accepted", 0.25)]


def test_costs_nothing_when_the_call_was_refused_meanwhile(start: Start, gate: Gate) -> None:
    gate.answers = [ContentBlocked("no"), photo()]
    begun = start(gate)
    sent(begun, gate)
    cancelled(begun)
    gate.opened.set()
    let_go(begun)
    journal = begun.journal(KEY)
    assert journal
    assert (journal.state, journal.attempts[0].outcome) == ("cancelled", "refused")
    asked(begun)
    assert (ended_journal(begun).state, gate.calls) == ("completed", 2)


def test_fails_from_the_cancellation_on_when_the_outcome_of_its_call_stays_unknown(start: Start, gate: Gate) -> None:
    clock, counting = Clock(), Counting()
    gate.answers = [OutcomeUnknown()]
    begun = start(gate, now_ns=clock.ns, observers=[counting])
    sent(begun, gate)
    cancelled(begun)
    cancelled_ns = clock.ns()
    clock.now += 100
    gate.opened.set()
    let_go(begun)
    failed = begun.report(KEY)
    assert failed
    assert (failed["errorCode"], failed["retryAfterSeconds"]) == ("OUTCOME_UNKNOWN", 900)
    assert failed["retryAtNs"] == cancelled_ns + 900 * 10**9
    wait(lambda: counting.failed == ["OUTCOME_UNKNOWN"])
    assert len(lines(begun)) == 1
    assert asked(begun)["errorCode"] == "OUTCOME_UNKNOWN"
    clock.now += 801
    assert asked(begun)["done"] is False


def left_cancelled(folder: Path, now_ns: Callable[[], int]) -> Studio:
    """A run that was cancelled after its call was sent; its holder has died."""
    left_behind(folder, attempt(sent_ns=now_ns()))
    begun = studio(folder, now_ns=now_ns)
    cancelled(begun)
    return begun


def test_fails_from_the_cancellation_on_when_its_holder_dies(start: Start, tmp_path: Path) -> None:
    clock = Clock()
    left_cancelled(tmp_path, clock.ns)
    cancelled_ns = clock.ns()
    clock.now += 100
    painter = PaidPainter()
    begun = start(painter, now_ns=clock.ns)
    let_go(begun)
    journal = ended_journal(begun)
    assert (journal.error_code, journal.retry_at_ns, painter.calls) == (
        "OUTCOME_UNKNOWN",
        cancelled_ns + 900 * 10**9,
        0,
    )
    assert lines(begun) == [("unknown", 0.0)]


def test_fails_likewise_when_it_was_wanted_again_since(start: Start, tmp_path: Path) -> None:
    clock = Clock()
    before = left_cancelled(tmp_path, clock.ns)
    cancelled_ns = clock.ns()
    clock.now += 100
    with before.storage.guard(KEY) as entry:
        ticket = entry.ticket()
    assert ticket
    assert ticket.state == "cancelled"
    painter = PaidPainter()
    begun = start(painter, now_ns=clock.ns, jobs=0)
    assert asked(begun)["runId"] == "run1"
    journal = ended_journal(begun)
    assert (journal.error_code, painter.calls) == ("OUTCOME_UNKNOWN", 0)
    assert journal.retry_at_ns == cancelled_ns + 900 * 10**9


def test_keeps_the_answer_that_a_dead_holder_had_kept(start: Start, tmp_path: Path) -> None:
    left_cancelled(tmp_path, time.time_ns)
    put_bytes(DataFolder(tmp_path).original(KEY, "run1", 1), photo())
    painter = PaidPainter()
    begun = start(painter)
    let_go(begun)
    assert cancelled(begun)["errorCode"] == "CANCELLED"
    assert lines(begun) == [("accepted", 0.25)]
    asked(begun)
    assert (ended_journal(begun).state, painter.calls, lines(begun)) == ("completed", 0, [("accepted", 0.25)])


def test_does_not_reopen_by_itself_for_an_answer_that_comes_after_its_holder_seemed_dead(
    start: Start, tmp_path: Path
) -> None:
    left_cancelled(tmp_path, time.time_ns)
    painter = PaidPainter()
    begun = start(painter, lock_ttl=0.2)
    wait(lambda: (found := begun.journal(KEY)) and found.state == "failed")
    let_go(begun)
    put_bytes(DataFolder(tmp_path).original(KEY, "run1", 1), photo())
    wait(lambda: (found := begun.journal(KEY)) and found.retry_at_ns == 0, "the answer to be noted")
    assert begun.storage.tickets() == []
    assert not begun.has_picture(KEY)
    asked(begun)
    assert (ended_journal(begun).state, painter.calls) == ("completed", 0)


def test_gives_back_the_picture_that_was_being_made_again(start: Start, gate: Gate) -> None:
    gate.opened.set()
    begun = start(gate)
    asked(begun)
    ended_journal(begun)
    gate.opened.clear()
    begun.renew(KEY)
    wait(lambda: gate.calls == 2)
    assert cancelled(begun)["errorCode"] == "CANCELLED"
    again = data_of(begun.renew(KEY).body)
    assert again
    assert again["done"] is False
    cancelled(begun)
    gate.opened.set()
    let_go(begun)
    assert isinstance(begun.storage, FolderStorage)
    cancelled(begun)
    assert begun.has_picture(KEY)
    assert (cancelled(begun)["cacheHit"], gate.calls) == (True, 2)


def test_shows_its_end_whatever_its_holder_does(start: Start, gate: Gate) -> None:
    begun = start(gate, lock_ttl=0.2)
    sent(begun, gate)
    cancelled(begun)
    seen = begun.storage.look(KEY).report
    token = begun.storage.is_claimed(KEY)
    threading.Event().wait(0.5)  # many beats, and longer than the claim lasts without one
    assert (token, begun.storage.is_claimed(KEY)) == (True, True)
    assert begun.storage.look(KEY).report == seen


def test_lets_a_free_painter_go_on_painting_for_nobody(start: Start) -> None:
    gate = Gate(paid=False)
    begun = start(gate)
    sent(begun, gate)
    cancelled(begun)
    gate.opened.set()
    let_go(begun)
    assert cancelled(begun)["errorCode"] == "CANCELLED"
    assert not begun.has_picture(KEY)
