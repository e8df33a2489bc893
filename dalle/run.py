"""One run in the hands of its holder: the journal, the claim that allows writing it, and the report made from it."""

import errno
import json
import logging
import os
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal

from dalle import journal as journals
from dalle import progress
from dalle.averages import Averages
from dalle.errors import DeadlinePassed, DiskTrouble, GenerationError
from dalle.events import Observer
from dalle.files import append_line, encode_json, read_bytes, remove, write_atomic
from dalle.journal import Attempt, Chat, Journal, Phase
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
        """End the phase that runs and start this one; what an earlier holder began behind it begins anew."""
        with self.mutex:
            self._begin(name)
            self.save()
        log.info("%s %s: %s", self.journal.runId, self.key, name, extra={"request_id": self.journal.requestId})

    def skip(self, name: str) -> None:
        """Say that a phase is not needed; the journal tells it with its next entry."""
        with self.mutex:
            phase = self._begin(name)
            phase.endedNs, phase.skipped = phase.startedNs, True

    def _begin(self, name: str) -> Phase:
        self._end_phase("")
        place = self.journal.phases.index(self.journal.phase(name))
        for phase in self.journal.phases[place:]:
            phase.startedNs, phase.endedNs, phase.skipped, phase.error = 0, 0, False, ""
        self.journal.phases[place].startedNs = self._now_ns()
        return self.journal.phases[place]

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
        if self.journal.takeovers:
            return  # its phases lasted as long as nobody worked on them: nothing to learn from
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
            open_call = self._close_attempt(error)
            journal.retryAfterSeconds = round(pause_after(error, self._pauses, open_call=open_call), 3)
            journal.retryAtNs = self._now_ns() + round(journal.retryAfterSeconds * 1e9)
            journal.configuration = self._configuration if error.pause == "configuration" else ""
            self._end()

    def _close_attempt(self, error: GenerationError) -> bool:
        """Write down that nobody will know how the newest call ended; tells whether it may have cost money."""
        last = self.journal.last
        if last is None or not last.paid or last.used:
            return False
        if last.outcome == "":
            last.endedNs, last.outcome, last.billed = self._now_ns(), "unknown", "unknown"
            last.errorCode, last.detail = error.code, error.private or error.details
            self._log_call(last)
        lost = last.outcome == "accepted" and not last.url and not last.raw
        return last.outcome == "unknown" or lost

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
            self._write(durable=True)
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
            self.save(durable=self.paid)
            return attempt.number

    def failed(self, number: int, error: GenerationError) -> None:
        """Write down how an attempt ended without a picture."""
        with self.mutex:
            attempt = self._attempt(number)
            attempt.endedNs, attempt.billed = self._now_ns(), error.billed
            attempt.outcome, attempt.cost = OUTCOMES[error.billed], error.cost or 0.0
            attempt.errorCode, attempt.detail = error.code, error.private or error.details
            self._log_call(attempt)
            self.save(durable=attempt.paid)

    def answered(self, number: int, answer: Answer) -> None:
        """Commit the bytes first of all, then the journal; late bytes of a lost claim reopen the run."""
        attempt = self._attempt(number)
        try:
            if answer.data:
                self.commit(attempt, answer.data)
        finally:
            with self.mutex:
                accept(attempt, answer, self._now_ns())
        with self.mutex:
            try:
                with self.claim.held():
                    self._log_call(attempt)
                    self._write(durable=attempt.paid)
            except ClaimLost:
                self._reopen(attempt)
                raise

    def chatted(self, chat: Chat) -> None:
        """Write down a call to the language model. Raises ClaimLost."""
        with self.mutex:
            chat.runId = self.journal.runId
            self.journal.chats.append(chat)
            self._log_line(chat_line(self.journal, chat))
            self.save()

    def commit(self, attempt: Attempt, data: bytes) -> None:
        """Put the bytes of an attempt on disk, durably, waiting a little for a full disk. Raises DiskTrouble."""
        path = self._store.raw(self.key, attempt.runId, attempt.number)
        for last in [False] * int(COMMIT_PATIENCE / 0.5) + [True]:
            try:
                with self.filing("write"):
                    write_atomic(path, data, durable=attempt.paid)
                attempt.raw = path.name
                return
            except OSError as exc:
                if last:
                    raise DiskTrouble("the picture was paid for and could not be kept", private=str(exc)) from exc
                log.error("%s %s: cannot keep the picture, trying again: %s", self.journal.runId, self.key, exc)
                self._sleep(0.5)

    def adopt(self, attempt: Attempt) -> None:
        """Go on from bytes on disk whose arrival nobody wrote down: the holder died, or lost the claim, just then."""
        with self.mutex:
            attempt.raw = self._store.raw(self.key, attempt.runId, attempt.number).name
            self.journal.painter = attempt.painter
            if attempt.outcome == "accepted":
                return
            known = attempt.outcome != ""
            accept(attempt, Answer(cost=attempt.estimate if attempt.paid else 0.0), self._now_ns())
            if not known:
                self._log_call(attempt)

    def refuse(self, attempt: Attempt) -> None:
        """Put bytes aside that are no picture, so that a later run does not go on from them."""
        with self.mutex, self.claim.held():
            raw = self._store.raw(self.key, attempt.runId, attempt.number)
            if raw.exists():
                raw.replace(raw.with_suffix(".bad"))
            attempt.raw = ""
            self._write()

    def publish(
        self,
        attempt: Attempt,
        picture: bytes,
        small: Mapping[Path, bytes],
        generated: Path,
        dress: Mapping[str, Any],
    ) -> None:
        """Let the world see the picture: the annotated one, small ones, and last the raw bytes as `generated`.

        The raw bytes lie in place until the journal says that they are not needed any more. Raises ClaimLost.
        """
        annotated = self._store.annotated(self.key)
        with self.mutex, self.claim.held():
            with self.filing("write"):
                write_atomic(annotated, picture, durable=True)
            with suppress(OSError):  # small ones are made again on demand
                for path, data in small.items():
                    write_atomic(path, data)
            self.journal.dress = {**self.journal.dress, **dress}
            self.journal.published = attempt.used = True
            attempt.raw = ""
            self._write(durable=True)
            self._move_raw(attempt, generated)

    def finish(self) -> None:
        """`complete` for a run whose earlier holder had published the picture."""
        with self.mutex, self.claim.held():
            attempt, generated = self.journal.attempts[-1:], str(self.journal.dress.get("generatedPath", ""))
            if attempt and generated:
                self._move_raw(attempt[0], self._store.output / generated)
        self.complete()

    def _move_raw(self, attempt: Attempt, generated: Path) -> None:
        raw = self._store.raw(self.key, attempt.runId, attempt.number)
        try:
            generated.parent.mkdir(parents=True, exist_ok=True)
            os.replace(raw, generated)
        except FileNotFoundError:
            pass  # moved before
        except OSError as exc:
            if exc.errno != errno.EXDEV:
                raise
            write_atomic(generated, read_bytes(raw) or b"")
            remove(raw)
        for other in ("png", "webp", "jpeg"):
            if other != generated.suffix[1:]:
                remove(self._store.generated(self.key, other))

    def _attempt(self, number: int) -> Attempt:
        return next(one for one in self.journal.attempts if one.number == number)

    def _log_call(self, attempt: Attempt) -> None:
        with suppress(OSError):  # if the log cannot be read, a line too many is better than none
            if self.journal.takeovers and is_logged(self._store.calls, attempt):
                return
        self._log_line(call_line(self.journal, attempt))

    def _log_line(self, fields: dict[str, object]) -> None:
        try:
            append_line(self._store.calls, encode_json(fields))
        except OSError as exc:
            log.error("%s %s: the call log cannot be written: %s", self.journal.runId, self.key, exc)

    def _reopen(self, late: Attempt) -> None:
        """Somebody gave this run up while its answer was on the way: let it be finished from the bytes."""
        with self._locks.guard(self.key):
            present = journals.read(self._store.journal(self.key))
            if present is None:
                return
            known = next((one for one in present.attempts if same(one, late)), None)
            if known is None:
                return
            if known.outcome == "":
                self._log_call(late)
            if reopen(present, late):
                # The ticket first: an open journal without one would wait for ever.
                self._queue.restore(Ticket(present.startedNs, present.runId, self.key, "waiting"))
            elif not late.paid:
                remove(self._store.raw(self.key, late.runId, late.number))
            journals.write(self._store.journal(self.key), present, durable=True)


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
        if same(attempt, late):
            present.attempts[position] = late
    if present.state != "failed" or not same(present.attempts[-1], late) or not (late.raw or late.url):
        return False
    present.state, present.error, present.errorCode = "queued", "", ""
    present.retryAfterSeconds = present.retryAtNs = present.endedNs = 0
    present.configuration = ""
    return True


def same(one: Attempt, other: Attempt) -> bool:
    return one.number == other.number and one.runId == other.runId


def is_logged(log_file: Path, attempt: Attempt) -> bool:
    """Whether the call log has this call: a holder may have died between its line and the journal."""
    for line in reversed((read_bytes(log_file) or b"").splitlines()):
        if attempt.runId.encode() in line:
            with suppress(ValueError, TypeError, KeyError):
                entry = json.loads(line)
                if entry["runId"] == attempt.runId and entry["number"] == attempt.number:
                    return True
    return False


def call_line(journal: Journal, attempt: Attempt) -> dict[str, object]:
    """One line of `metrics/calls.jsonl`."""
    fields = asdict(attempt)
    for private in ("revisedPrompt", "url", "raw", "used"):
        del fields[private]
    return {"series": journal.series, "address": journal.address, "kind": "image", **fields}


def chat_line(journal: Journal, chat: Chat) -> dict[str, object]:
    """The line of a call to the language model."""
    return {"series": journal.series, "address": journal.address, "kind": "chat", "paid": True, **asdict(chat)}
