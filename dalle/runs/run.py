"""A claimed run: its phases, its picture, its end."""

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from dalle.errors import DeadlinePassed, GenerationError, OutcomeUnknown
from dalle.events import Observer
from dalle.pictures.room import Room
from dalle.pictures.version import finished_version
from dalle.progress.report import current_phase
from dalle.progress.reports import Reports
from dalle.runs.attempts import Attempts
from dalle.runs.claimed import Claimed
from dalle.runs.originals import Originals
from dalle.runs.purchases import has_kept, outlook
from dalle.runs.settings import RunSettings
from dalle.storage.attempt import Attempt
from dalle.storage.blob import Blob, Facts, Staged
from dalle.storage.journal import Journal
from dalle.storage.phase import Phase
from dalle.storage.protocol import Claim, HeldEntry, Storage

log = logging.getLogger(__name__)


class Run:
    """The holder's side of a run; `record` is for painters and writers, `deadline` of `time.monotonic()`.

    Every write happens while the claim is surely held, or raises ClaimLost.
    """

    def __init__(
        self,
        journal: Journal,
        claim: Claim,
        storage: Storage,
        reports: Reports,
        observer: Observer,
        settings: RunSettings,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.journal = journal
        self.claim = claim
        self.key = claim.key
        self.deadline = clock() + settings.longest_run
        self.filing = observer.filing
        self.originals = Originals(storage.blobs, claim.key, observer, sleep=sleep)
        self._claimed = Claimed(journal, claim, reports, observer)
        self.mutex = self._claimed.mutex
        self.room = Room(storage)
        self.record = Attempts(self._claimed, storage, self.originals, self.room)
        self._storage = storage
        self._observer = observer
        self._settings = settings

    @property
    def holder(self) -> str:
        """Names key and claim, as `Order.holder`."""
        return f"{self.key}/{self.claim.token}"

    def beat(self) -> None:
        """Show the others that the run is alive. Raises ClaimLost."""
        self._claimed.beat()

    # -- phases ------------------------------------------------------------------------------------------------

    def enter(self, name: str) -> None:
        """End the present phase and start this one; what an earlier holder began behind it begins again."""
        with self.mutex:
            self.begin(name)
            self._claimed.save()

    def begin(self, name: str) -> None:
        """`enter` for a phase of milliseconds, whose journal is written with the next one."""
        with self.mutex:
            self._begin(self.journal, name)
        log.info("%s %s: %s", self.journal.run_id, self.key, name, extra={"request_id": self.journal.request_id})

    def skip(self, name: str) -> None:
        """Mark a phase as not needed; the journal is written with the next phase."""
        with self.mutex:
            phase = self._begin(self.journal, name)
            phase.ended_ns, phase.skipped = phase.started_ns, True

    def excuse(self, error: GenerationError) -> None:
        """Note that the phase failed and the run goes on without it."""
        with self.mutex:
            self._end_phase(self.journal, error.code, f"{error.code}: {error.message}")

    def _begin(self, journal: Journal, name: str) -> Phase:
        self._end_phase(journal, "")
        place = journal.phases.index(journal.phase(name))
        for phase in journal.phases[place:]:
            phase.started_ns, phase.ended_ns, phase.skipped, phase.error = 0, 0, False, ""
        journal.phases[place].started_ns = self._storage.now_ns()
        return journal.phases[place]

    def _end_phase(self, journal: Journal, code: str, text: str = "") -> None:
        phase = current_phase(journal)
        if phase.started_ns and not phase.ended_ns:
            phase.ended_ns = self._storage.now_ns()
            phase.error = text
            self._observer.phase_ended(phase.name, (phase.ended_ns - phase.started_ns) / 1e9, code)

    # -- the picture -------------------------------------------------------------------------------------------

    def now_ns(self) -> int:
        return self._storage.now_ns()

    def refuse(self, attempt: Attempt) -> None:
        """Quarantine bytes of version 1.0 that are no picture; an answer stays as it is. Raises ClaimLost."""
        if not attempt.raw:
            return
        with self._claimed.drafted() as (entry, draft):
            entry.quarantine_original(self.originals.raw_of(attempt))
            draft.find(attempt).raw = ""
            self._claimed.write(entry, draft)

    def publish(self, attempt: Attempt, staged: Sequence[Staged], facts: Facts, dress: Mapping[str, Any]) -> None:
        """Make the staged bytes visible: the picture, what it was made from, and small ones.

        What was kept of the attempt stays until the journal says that it is not needed any more. What fails after that
        is left to `finish`; the report follows with the run's end. Raises ClaimLost.
        """
        with self._claimed.drafted() as (entry, draft):
            with self.filing("write"):
                entry.publish(staged, facts)
            draft.dress = {**draft.dress, **dress}
            painted = draft.find(attempt)
            draft.published = painted.used = True
            painted.raw = painted.answer = ""
            painted.task = []
            with self.filing("write"):
                entry.save(draft, durable=True)
        self.originals.discard(attempt)

    def finish(self) -> None:
        """`complete` for a run whose earlier holder had published the picture. Raises ClaimLost."""
        painted = self.journal.painted
        generated = str(self.journal.dress.get("generatedPath", ""))
        if painted and generated:
            with self._claimed.held() as entry:  # version 1.0 left its bytes to be moved here
                entry.keep_original(self.originals.raw_of(painted), Blob(self.key, generated))
            self.originals.discard(painted)
        self.complete()

    # -- ends --------------------------------------------------------------------------------------------------

    def complete(self) -> None:
        """Publish the end: the picture is there already. Raises ClaimLost."""
        version = finished_version(self._storage, self.key) if self._settings.announcer.wants("run.completed") else ""
        with self._claimed.drafted() as (entry, draft):
            self._end_phase(draft, "")
            phase = draft.phase("completed")
            phase.started_ns = phase.ended_ns = self._storage.now_ns()
            draft.complete(phase.ended_ns)
            draft.dress = {**draft.dress, "completed": True}
            self._end(entry, draft, version)
        self._announce()
        if self.journal.takeovers:
            return  # its phases lasted as long as it had no holder: nothing to learn from
        timed = (phase for phase in self.journal.phases if phase.name != "completed" and not phase.skipped)
        durations = {phase.name: phase.ended_ns - phase.started_ns for phase in timed}
        self._observer.run_timed({name: duration for name, duration in durations.items() if duration > 0})

    def fail(self, error: GenerationError) -> None:
        """Publish the failure. Raises ClaimLost."""
        with self._claimed.drafted() as (entry, draft):
            self._end_phase(draft, error.code, f"{error.code}: {error.message}")
            open_call = self.record.close(entry, draft, error)
            self._fail(draft, error, open_call=open_call)
            self._end(entry, draft)
        self._announce()

    def _fail(self, draft: Journal, error: GenerationError, *, open_call: bool) -> None:
        text = f"{error.message} ({error.details})" if error.details else error.message
        comes_next, last = outlook(draft, self._settings), draft.last
        draft.fail(
            error.code,
            f"{text}. {comes_next}" if comes_next else text,
            self._storage.now_ns(),
            pause=self._settings.pauses.after(error, open_call=open_call, kept=has_kept(draft)),
            since_ns=draft.cancelled_ns if open_call and last and draft.was_cancelled_after(last) else 0,
            configuration=self._settings.configuration if error.pause == "configuration" else "",
        )

    def expire(self) -> None:
        """End a run that is past its deadline, whatever its thread waits for. Raises ClaimLost."""
        self.fail(DeadlinePassed())

    def requeue(self) -> None:
        """Let the run wait for another thread or worker. Raises ClaimLost."""
        with self._claimed.drafted() as (entry, draft):
            self._requeue(entry, draft)

    def _requeue(self, entry: HeldEntry, draft: Journal) -> None:
        draft.requeue()
        self._claimed.write(entry, draft, durable=True)
        if ticket := entry.ticket():
            entry.move(ticket, "waiting")
        entry.release()

    def settle(self) -> None:
        """Let go of a run that `Cancellation` has ended. Raises ClaimLost.

        It has failed after all if its last call may have been charged and nothing came of it: nothing is bought at once
        then. A run that was taken up again since waits for another holder.
        """
        with self._claimed.mutex, self.claim.held() as entry:
            stored = entry.journal()
            if stored and not stored.ended:
                self.journal.adopt(stored)
                self._requeue(entry, self.journal)
                return
            if stored and stored.state == "cancelled":
                self._settle(entry, stored)
                self.journal.adopt(stored)
            else:
                entry.drop()
                entry.release()
        if self.journal.state == "failed":
            self._announce()

    def _settle(self, entry: HeldEntry, stored: Journal) -> None:
        last = stored.last
        if last and last.outcome == "" and self.originals.has_answer(last):
            last.note_original(self.originals.answer_of(last).name)
        if self.record.close(entry, stored, OutcomeUnknown()):
            self._fail(stored, OutcomeUnknown(), open_call=True)
        self._end(entry, stored)

    def _end(self, entry: HeldEntry, draft: Journal, version: str = "") -> None:
        if event := self._settings.announcer.run_ended(draft, version):
            with self.filing("write"):
                entry.emit(event)
        self._claimed.write(entry, draft, durable=True)
        if draft.state == "failed":
            entry.note_failure(draft.run_id, draft.ended_ns)
        entry.drop()
        entry.release()

    def _announce(self) -> None:
        journal = self.journal
        seconds = (journal.ended_ns - journal.started_ns) / 1e9
        self._observer.run_ended(journal.error_code, journal.painter, seconds)
        if journal.error_code:
            self._observer.run_failed(self.key, journal.request_id, journal.error_code, journal.error)
        level = logging.WARNING if journal.error_code else logging.INFO
        log.log(
            level,
            "%s %s: %s %s",
            journal.run_id,
            self.key,
            journal.state,
            journal.error_code,
            extra={"request_id": journal.request_id},
        )
