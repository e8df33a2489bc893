"""One run in the hands of its holder: the journal, the claim that allows writing it, and the report made from it."""

import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from typing import Literal

from dalle import journal as journals
from dalle import progress
from dalle.averages import Averages
from dalle.errors import DeadlinePassed, DiskTrouble, GenerationError
from dalle.events import Observer
from dalle.files import append_line, encode_json, write_atomic
from dalle.journal import Attempt, Journal
from dalle.lock import Claim, ClaimLost, Locks
from dalle.painters.protocol import Answer, Call
from dalle.queue import Queue, Ticket
from dalle.retry import Pauses, pause_after
from dalle.store import Store

log = logging.getLogger(__name__)

# A picture that was paid for is worth waiting for somebody to make room on a full disk.
COMMIT_PATIENCE = 10.0

OUTCOMES: dict[str, Literal["accepted", "refused", "unknown"]] = {
    "yes": "accepted",
    "no": "refused",
    "unknown": "unknown",
}


class Run:
    """The holder's side of a run; satisfies `painters.Recorder`.

    Every write happens while the claim is surely held; after a ClaimLost only bytes that were paid for are saved.
    The heart's thread and the job's thread share it, so `mutex` guards the journal.
    """

    def __init__(
        self,
        journal: Journal,
        claim: Claim,
        *,
        store: Store,
        locks: Locks,
        queue: Queue,
        averages: Averages,
        pauses: Pauses,
        configuration: str,
        deadline: float,
        observer: Observer,
        now_ns: Callable[[], int] = time.time_ns,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.journal = journal
        self.claim = claim
        self.key = claim.key
        self.deadline = deadline
        self.paid = False
        self.painter = ""
        self.mutex = threading.RLock()
        self._store = store
        self._locks = locks
        self._queue = queue
        self._averages = averages
        self._pauses = pauses
        self._configuration = configuration
        self._observer = observer
        self.filing = observer.filing
        self._now_ns = now_ns
        self._sleep = sleep

    # -- phases ------------------------------------------------------------------------------------------------

    def enter(self, name: str) -> None:
        """End the phase that runs and start this one."""
        with self.mutex:
            self._end_phase("")
            phase = self.journal.phase(name)
            phase.startedNs, phase.endedNs, phase.skipped, phase.error = self._now_ns(), 0, False, ""
            self.save()
        log.info("%s %s: %s", self.journal.runId, self.key, name, extra={"request_id": self.journal.requestId})

    def skip(self, name: str) -> None:
        """Say that a phase is not needed."""
        with self.mutex:
            self._end_phase("")
            phase = self.journal.phase(name)
            phase.startedNs = phase.endedNs = self._now_ns()
            phase.skipped = True
            self.save()

    def excuse(self, name: str, error: GenerationError) -> None:
        """Note that a phase failed and the run goes on without it."""
        with self.mutex:
            self._end_phase(error.code, f"{error.code}: {error.message}")

    def _end_phase(self, code: str, text: str = "") -> None:
        phase = progress.current_phase(self.journal)
        if phase.startedNs and not phase.endedNs:
            phase.endedNs = self._now_ns()
            phase.error = text
            self._observer.phase_ended(phase.name, (phase.endedNs - phase.startedNs) / 1e9, code)

    # -- writing -----------------------------------------------------------------------------------------------

    def save(self, *, durable: bool = False) -> None:
        """Write journal and report. Raises ClaimLost."""
        with self.mutex, self.claim.held():
            self._write(durable=durable)

    def _write(self, *, durable: bool = False) -> None:
        with self.filing("write"):
            journals.write(self._store.journal(self.key), self.journal, durable=durable)
        self._report()

    def _report(self) -> None:
        fields = progress.report(self.journal, self._averages.durations(), self._now_ns())
        self.journal.percent = max(self.journal.percent, fields["percent"]) if not self.journal.ended else 0.0
        with self.filing("write"):
            write_atomic(self._store.progress(self.key), progress.body(fields))

    def beat(self) -> None:
        """Renew the claim and refresh the report, so that nobody takes the run for dead. Raises ClaimLost."""
        with self.mutex:
            self.claim.renew()
            with self.claim.held():
                if not self.journal.ended:
                    self._report()

    # -- ends --------------------------------------------------------------------------------------------------

    def complete(self) -> None:
        """Publish the end: the picture is there already. Raises ClaimLost."""
        with self.mutex:
            self._end_phase("")
            phase = self.journal.phase("completed")
            phase.startedNs = phase.endedNs = self._now_ns()
            self.journal.state, self.journal.percent = "completed", 100.0
            self.journal.error = self.journal.errorCode = ""
            self.journal.retryAfterSeconds = self.journal.retryAtNs = 0
            self.journal.dress = {**self.journal.dress, "completed": True}
            self._end()
        durations = {one.name: one.endedNs - one.startedNs for one in self.journal.phases if not one.skipped}
        with suppress(OSError):
            self._averages.learn(
                {name: value for name, value in durations.items() if name != "completed" and value > 0}
            )

    def fail(self, error: GenerationError) -> None:
        """Publish the failure. Raises ClaimLost."""
        with self.mutex:
            self._end_phase(error.code, f"{error.code}: {error.message}")
            journal = self.journal
            journal.state, journal.errorCode = "failed", error.code
            journal.error = f"{error.message} ({error.details})" if error.details else error.message
            last = journal.last
            open_call = bool(last and last.paid and last.outcome == "")
            journal.retryAfterSeconds = round(pause_after(error, self._pauses, open_call=open_call), 3)
            journal.retryAtNs = self._now_ns() + round(journal.retryAfterSeconds * 1e9)
            journal.configuration = self._configuration if error.pause == "configuration" else ""
            self._end()

    def _end(self) -> None:
        journal = self.journal
        journal.endedNs = self._now_ns()
        with self.claim.held():
            self._write(durable=True)
            if journal.state == "failed":
                self._queue.note_failure(self.key, journal.runId, journal.endedNs)
            self._queue.drop(self.key)
            self.claim.release_held()
        seconds = (journal.endedNs - journal.startedNs) / 1e9
        self._observer.run_ended(journal.errorCode, journal.painter, seconds)
        if journal.errorCode:
            self._observer.run_failed(self.key, journal.requestId, journal.errorCode, journal.error)
        level = logging.WARNING if journal.errorCode else logging.INFO
        log.log(
            level,
            "%s %s: %s %s",
            journal.runId,
            self.key,
            journal.state,
            journal.errorCode,
            extra={"request_id": journal.requestId},
        )

    def expire(self) -> None:
        """End a run that is past its deadline, whatever its thread waits for. Raises ClaimLost."""
        self.fail(DeadlinePassed())

    def set_aside(self) -> None:
        """Let the run wait for another worker: this one stops."""
        with self.mutex, self.claim.held():
            for ticket in self._queue.tickets():
                if ticket.key == self.key:
                    self._queue.move(ticket, "waiting")
            self.claim.release_held()

    # -- the recorder of painters ------------------------------------------------------------------------------

    def sent(self, call: Call) -> int:
        """Write the attempt ahead of the call, so that no crash can hide it."""
        with self.mutex:
            attempt = Attempt(
                number=1 + max((one.number for one in self.journal.attempts), default=0),
                runId=self.journal.runId,
                painter=self.painter,
                paid=self.paid,
                model=call.model,
                size=call.size,
                quality=call.quality,
                estimate=call.estimate,
                sentNs=self._now_ns(),
            )
            self.journal.attempts.append(attempt)
            self.journal.painter = self.painter
            self.save(durable=True)
            return attempt.number

    def failed(self, number: int, error: GenerationError) -> None:
        """Write down how an attempt ended without a picture."""
        with self.mutex:
            attempt = self._attempt(number)
            attempt.endedNs, attempt.billed = self._now_ns(), error.billed
            attempt.outcome = OUTCOMES[error.billed]
            attempt.errorCode, attempt.detail = error.code, error.private or error.details
            self._log_call(attempt)
            self.save(durable=True)

    def answered(self, number: int, answer: Answer) -> None:
        """Commit the bytes first of all, then the journal; late bytes of a lost claim reopen the run."""
        if answer.data:
            self.commit(number, answer.data)
        with self.mutex:
            attempt = self._attempt(number)
            accept(attempt, answer, self._now_ns())
            if answer.data:
                attempt.raw = self._store.raw(self.key, attempt.runId, number).name
            self._log_call(attempt)
            try:
                self.save(durable=True)
            except ClaimLost:
                self._reopen(attempt)
                raise

    def commit(self, number: int, data: bytes) -> None:
        """Put the bytes of an attempt on disk, durably, waiting a little for a full disk. Raises DiskTrouble."""
        path = self._store.raw(self.key, self.journal.runId, number)
        for last in [False] * int(COMMIT_PATIENCE / 0.5) + [True]:
            try:
                with self.filing("write"):
                    write_atomic(path, data, durable=True)
                return
            except OSError as exc:
                if last:
                    raise DiskTrouble("the picture was paid for and could not be kept", private=str(exc)) from exc
                log.error("%s %s: cannot keep the picture, trying again: %s", self.journal.runId, self.key, exc)
                self._sleep(0.5)

    def _attempt(self, number: int) -> Attempt:
        return next(one for one in self.journal.attempts if one.number == number)

    def _log_call(self, attempt: Attempt) -> None:
        try:
            append_line(self._store.calls, encode_json(call_line(self.journal, attempt)))
        except OSError as exc:
            log.error("%s %s: the call log cannot be written: %s", self.journal.runId, self.key, exc)

    def _reopen(self, late: Attempt) -> None:
        """Somebody gave this run up while its answer was on the way: let it be finished from the bytes."""
        with self._locks.guard(self.key):
            present = journals.read(self._store.journal(self.key))
            if present is None:
                return
            opened = reopen(present, late)
            journals.write(self._store.journal(self.key), present, durable=True)
            if opened:
                self._queue.restore(Ticket(present.startedNs, present.runId, self.key, "waiting"))


def accept(attempt: Attempt, answer: Answer, now_ns: int) -> None:
    """Fill an attempt from its answer."""
    attempt.endedNs, attempt.outcome, attempt.errorCode = now_ns, "accepted", ""
    attempt.billed = "yes" if attempt.paid else "no"
    attempt.model = answer.model or attempt.model
    attempt.requestId, attempt.revisedPrompt = answer.request_id, answer.revised_prompt
    attempt.usage, attempt.cost, attempt.url = dict(answer.usage), answer.cost, answer.url


def reopen(present: Journal, late: Attempt) -> bool:
    """Enter a late answer; tells whether the run is open again: it had failed and no later attempt was sent."""
    for position, attempt in enumerate(present.attempts):
        if attempt.number == late.number and attempt.runId == late.runId:
            present.attempts[position] = late
    if present.state != "failed" or present.attempts[-1].number != late.number:
        return False
    present.state, present.error, present.errorCode = "queued", "", ""
    present.retryAfterSeconds = present.retryAtNs = 0
    return True


def call_line(journal: Journal, attempt: Attempt) -> dict[str, object]:
    """One line of `metrics/calls.jsonl`."""
    fields = asdict(attempt)
    del fields["revisedPrompt"], fields["url"], fields["raw"]
    return {"series": journal.series, "address": journal.address, **fields}
