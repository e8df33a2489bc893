"""Takes up what dead processes left: runs, reports of waiting ones, temporary files, bytes that came late.

Every worker sweeps; an exclusive name lets one do it at a time. The cost is in proportion to the open runs, whatever
else is stored: the tidying, once a TTL, does a part of what there is to do, and the rest later.
"""

import logging
import time
from collections.abc import Callable, Container
from functools import partial

from dalle.errors import FileSystemError, Interrupted, OutcomeUnknown
from dalle.events import Observer
from dalle.progress.reports import Reports
from dalle.quiet_log import QuietLog
from dalle.runs.holder import Holder
from dalle.runs.run import Run
from dalle.runs.settings import RunSettings
from dalle.storage.blob import Original
from dalle.storage.protocol import Busy, ClaimLost, Storage
from dalle.storage.ticket import Ticket

log = logging.getLogger(__name__)

# A run that was left behind more often than this kills its workers, and would kill the next one too.
MOST_TAKEOVERS = 2

# Seconds that the report of a waiting run may be old before it is written again.
YOUNG = 2.0

# Seconds that one sweep may spend on what has accumulated: the others have to wait for it.
ROUND = 0.2

# Seconds between two looks for late originals, at a part of the keys each: a million take five minutes. It is no less,
# because a holder whose run was ended mostly finishes with its answer itself.
LATE = 30.0

Reclaim = Callable[[str, Container[int]], object]


class Recovery:
    """`settings.claim_ttl`: seconds of silence after which a run is dead.

    `reclaim(run_id, sent)` returns to the budget what a dead holder had reserved for attempts that it never sent.
    """

    def __init__(
        self,
        storage: Storage,
        holder: Holder,
        reports: Reports,
        observer: Observer,
        settings: RunSettings,
        *,
        reclaim: Reclaim = lambda run_id, sent: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._storage = storage
        self._holder = holder
        self._reports = reports
        self._observer = observer
        self._ttl = settings.claim_ttl
        self._reclaim = reclaim
        self._clock = clock
        self._tidied = self._looked = float("-inf")
        self._behind = True
        self._failing: set[str] = set()
        self._quiet = QuietLog(log)

    def sweep(self) -> None:
        """Do what is due, unless another worker does. What fails for one key does not stop it for others."""
        try:
            with self._storage.exclusive("sweep", wait=False):
                # Before the tidying, which clears away the claims that show how the holders of these ended.
                for ticket in self._storage.tickets():
                    if ticket.state != "waiting" and not self._storage.is_claimed(ticket.key):
                        self._try(str(ticket.key), partial(self._recover, ticket))
                if self._clock() - self._tidied >= self._ttl:
                    self._tidied = self._clock()
                    self._try("the tidying", lambda: self._storage.tidy(self._ttl))
                    self._behind = True
                if self._clock() - self._looked >= min(LATE, self._ttl):
                    self._looked = self._clock()
                    self._try("late originals", self._reopen_all)
                self._try("the reports of waiting runs", self._refresh)
                if self._behind:
                    self._try("what has accumulated", self._keep_up)
        except Busy:
            return

    def _keep_up(self) -> None:
        self._behind = False  # if it fails, it is due again with the next tidying
        self._behind = not self._storage.keep_up(ROUND)

    def _reopen_all(self) -> None:
        """Reopen runs whose bytes came late; a part of all keys is looked at."""
        for original in self._storage.late_originals():
            self._try(original.name, partial(self._reopen, original))

    def _try(self, what: str, action: Callable[[], None]) -> None:
        """Run a part of the sweep; the same failure is logged once until it is over."""
        try:
            action()
        except (OSError, FileSystemError) as exc:
            if what not in self._failing:
                self._failing.add(what)
                self._quiet.error(exc, "the sweep could not process %s", what)
        except Exception:
            log.exception("the sweep failed at %s", what)
        else:
            self._failing.discard(what)

    def _recover(self, ticket: Ticket) -> None:
        """Take up a run that has no holder: end it, or requeue it.

        Only holders that died or fell silent count against it. One that let go had nothing wrong with the run: its
        disk was full, say, or it was version 1.0 and could not read the journal.
        """
        claim = self._storage.claim(ticket.key, wait=False)
        if claim is None:
            return
        try:
            run = self._holder.hold(claim) if claim.ticket == ticket else None
            if run is None:
                claim.release()  # it had ended, or the key was requested again since
            else:
                run.journal.takeovers += claim.taken_over
                decision = self._decide(run)
                ending = "died or fell silent" if claim.taken_over else "let go of it"
                log.warning("%s %s: taken up, its last holder %s", run.journal.run_id, run.key, ending)
                self._observer.run_recovered(decision)
        except ClaimLost:
            claim.release()
        except BaseException:
            claim.release()
            raise

    def _decide(self, run: Run) -> str:
        journal = run.journal
        self._reclaim(journal.run_id, {attempt.number for attempt in journal.attempts})
        if journal.state == "cancelled":
            run.settle()
            return "cancelled"
        if journal.published:
            run.finish()
            return "finished"
        last = journal.last
        kept = last is not None and not last.used and (bool(last.task) or run.originals.has(last))
        if last and last.paid and last.outcome == "" and not kept:
            run.fail(OutcomeUnknown())
            return "given_up"
        if journal.takeovers > MOST_TAKEOVERS:
            run.fail(Interrupted())
            return "given_up"
        run.requeue()
        return "resumed" if kept else "restarted"

    def _refresh(self) -> None:
        """Keep the reports of waiting runs young: no holder writes them."""
        reports = []
        for ticket, position in self._storage.waiting_reports(YOUNG):
            try:
                journal = self._storage.journal(ticket.key)
            except (OSError, FileSystemError):
                continue  # it is mended, or its trouble reported, when it is taken up
            if journal and not journal.ended:
                reports.append((ticket, self._reports.encoded(journal, position)))
        self._storage.show_waiting(reports)

    def _reopen(self, original: Original) -> None:
        """Let a failed run be finished from bytes that came after its failure and that its holder did not report.

        One that was cancelled waits for a request.
        """
        with self._storage.guard(original.key) as entry:
            journal = entry.journal()
            attempts = journal.attempts if journal else []
            last = next((each for each in attempts if original.is_of(each.run_id, each.number)), None)
            if journal is None or last is None:
                return
            if last.used and journal.ended and original.kind == "answer":
                self._storage.blobs.delete(original)  # its holder died, or was version 1.0, after the publication
                return
            if journal.state != "failed" or last.outcome != "unknown" or entry.has_picture():
                return
            if last is not attempts[-1] or original.name in (last.answer, last.raw):
                return  # what is noted has been read, or is read by the next run
            last.note_original(original.name)
            if journal.enter_late(last):
                entry.restore(Ticket(journal.started_ns, journal.run_id, journal.key, "waiting"))
            entry.save(journal, durable=True)
