"""One run in the hands of its holder: its phases, its picture, its end."""

import logging
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from dalle.errors import DeadlinePassed, GenerationError
from dalle.events import Observer
from dalle.runs import progress
from dalle.runs.attempts import Attempts
from dalle.runs.averages import Averages
from dalle.runs.claimed import Holding
from dalle.runs.originals import Raws
from dalle.runs.retry import Pauses, pause_after
from dalle.storage.folder.atomic import write_atomic
from dalle.storage.folder.claims import Claim, Locks
from dalle.storage.folder.layout import Store
from dalle.storage.folder.queue import Queue
from dalle.storage.journal import Attempt, Journal, Phase

log = logging.getLogger(__name__)


class Run:
    """The holder's side of a run; `record` is for painters and writers, `deadline` of `time.monotonic()`.

    Every write happens while the claim is surely held, or raises ClaimLost.
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
        self.filing = observer.filing
        self.raws = Raws(store, claim.key, observer, sleep=sleep)
        self._holding = Holding(journal, claim, store=store, averages=averages, observer=observer, now_ns=now_ns)
        self.mutex = self._holding.mutex
        self.record = Attempts(self._holding, store=store, locks=locks, queue=queue, raws=self.raws)
        self._store = store
        self._queue = queue
        self._averages = averages
        self._pauses = pauses
        self._configuration = configuration
        self._observer = observer
        self._now_ns = now_ns

    def beat(self) -> None:
        """Tell the others that the run is alive. Raises ClaimLost."""
        self._holding.beat()

    # -- phases ------------------------------------------------------------------------------------------------

    def enter(self, name: str) -> None:
        """End the phase that runs and start this one; what an earlier holder began behind it begins anew."""
        with self.mutex:
            self._begin(name)
            self._holding.save()
        log.info("%s %s: %s", self.journal.runId, self.key, name, extra={"request_id": self.journal.requestId})

    def skip(self, name: str) -> None:
        """Say that a phase is not needed; the journal tells it with its next entry."""
        with self.mutex:
            phase = self._begin(name)
            phase.endedNs, phase.skipped = phase.startedNs, True

    def excuse(self, error: GenerationError) -> None:
        """Note that the phase failed and the run goes on without it."""
        with self.mutex:
            self._end_phase(error.code, f"{error.code}: {error.message}")

    def _begin(self, name: str) -> Phase:
        self._end_phase("")
        place = self.journal.phases.index(self.journal.phase(name))
        for phase in self.journal.phases[place:]:
            phase.startedNs, phase.endedNs, phase.skipped, phase.error = 0, 0, False, ""
        self.journal.phases[place].startedNs = self._now_ns()
        return self.journal.phases[place]

    def _end_phase(self, code: str, text: str = "") -> None:
        phase = progress.current_phase(self.journal)
        if phase.startedNs and not phase.endedNs:
            phase.endedNs = self._now_ns()
            phase.error = text
            self._observer.phase_ended(phase.name, (phase.endedNs - phase.startedNs) / 1e9, code)

    # -- the picture -------------------------------------------------------------------------------------------

    def refuse(self, attempt: Attempt) -> None:
        """Put bytes aside that are no picture, so that a later run does not go on from them. Raises ClaimLost."""
        with self._holding.held():
            self.raws.set_aside(attempt)
            self._holding.write()

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
        with self._holding.held():
            with self.filing("write"):
                write_atomic(self._store.annotated(self.key), picture, durable=True)
            with suppress(OSError):  # small ones are made again on demand
                for path, data in small.items():
                    write_atomic(path, data)
            self.journal.dress = {**self.journal.dress, **dress}
            self.journal.published = attempt.used = True
            attempt.raw = ""
            self._holding.write(durable=True)
            self.raws.move(attempt, generated)

    def finish(self) -> None:
        """`complete` for a run whose earlier holder had published the picture. Raises ClaimLost."""
        with self._holding.held():
            generated = str(self.journal.dress.get("generatedPath", ""))
            if self.journal.attempts and generated:
                self.raws.move(self.journal.attempts[-1], self._store.output / generated)
        self.complete()

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
            open_call = self.record.close(error)
            journal.retryAfterSeconds = round(pause_after(error, self._pauses, open_call=open_call), 3)
            journal.retryAtNs = self._now_ns() + round(journal.retryAfterSeconds * 1e9)
            journal.configuration = self._configuration if error.pause == "configuration" else ""
            self._end()

    def expire(self) -> None:
        """End a run that is past its deadline, whatever its thread waits for. Raises ClaimLost."""
        self.fail(DeadlinePassed())

    def set_aside(self) -> None:
        """Let the run wait for another thread or worker. Raises ClaimLost."""
        with self._holding.held():
            self._holding.write(durable=True)
            for ticket in self._queue.tickets():
                if ticket.key == self.key:
                    self._queue.move(ticket, "waiting")
            self.claim.release_held()

    def _end(self) -> None:
        journal = self.journal
        journal.endedNs = self._now_ns()
        with self._holding.held():
            self._holding.write(durable=True)
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
