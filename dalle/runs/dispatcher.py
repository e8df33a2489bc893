"""Who works: takes the oldest ticket that is free, holds its run, and brings it to its end."""

import logging
import time
from collections.abc import Callable
from functools import partial

from dalle.correlation import working_for
from dalle.errors import FileSystemError
from dalle.events import Observer
from dalle.key import Key
from dalle.runs.averages import Averages
from dalle.runs.heartbeat import Heart
from dalle.runs.pipeline import Pipeline
from dalle.runs.reports import Reports
from dalle.runs.retry import Pauses
from dalle.runs.run import Run
from dalle.storage import journal as journals
from dalle.storage.folder.atomic import read_json
from dalle.storage.folder.claims import Claim, ClaimLost, Locks
from dalle.storage.folder.journals import Ledger, is_unreadable
from dalle.storage.folder.layout import Store
from dalle.storage.folder.queue import Queue, Ticket
from dalle.threads.pool import Job

log = logging.getLogger(__name__)


class Crew:
    """`longest_run` in seconds; `heart` keeps the runs alive that are at work."""

    def __init__(
        self,
        *,
        store: Store,
        locks: Locks,
        queue: Queue,
        ledger: Ledger,
        reports: Reports,
        pipeline: Pipeline,
        heart: Heart,
        averages: Averages,
        observer: Observer,
        pauses: Pauses,
        configuration: str = "",
        longest_run: float = 600,
        now_ns: Callable[[], int] = time.time_ns,
    ) -> None:
        self._store = store
        self._locks = locks
        self._queue = queue
        self._ledger = ledger
        self._reports = reports
        self._pipeline = pipeline
        self._heart = heart
        self._averages = averages
        self._observer = observer
        self._pauses = pauses
        self._configuration = configuration
        self._longest_run = longest_run
        self._now_ns = now_ns

    def take(self) -> Job | None:
        """The oldest waiting run that is free, as a job; None when there is none. Raises OSError."""
        for ticket in self._queue.tickets():
            if ticket.state != "waiting":
                continue
            claim = self._locks.claim(ticket.key, wait=False)
            if claim is None:
                continue
            try:
                with claim.held():
                    running = self._queue.move(ticket, "running")
                run = self.hold(claim, running) if running else None
            except (ClaimLost, FileSystemError) as exc:
                # The sweep looks after it; the others must not wait for that.
                log.error("%s: its run cannot be taken up: %s", ticket.key, exc)
                claim.release()
                continue
            except BaseException:
                claim.release()
                raise
            if running is None:
                claim.release()
            elif run is not None:
                return partial(self._work, run)
        return None

    def hold(self, claim: Claim, ticket: Ticket) -> Run | None:
        """The run of a claimed ticket; None when it had ended already and only its ticket was left."""
        present = self._ledger.mend(claim.key)
        if present and is_unreadable(present):
            # Nobody knows whether a call was sent: this run has failed, and the next one waits for its pause.
            present.runId = ticket.run_id
            journals.write(self._store.journal(claim.key), present, durable=True)
        if present is None or present.runId != ticket.run_id:
            # The requester died between ticket and journal.
            present = journals.renewed(claim.key, present, run_id=ticket.run_id, started_ns=ticket.queued_ns)
        if present.ended:
            try:
                with claim.held():
                    self._reports.publish(present)
                    self._queue.drop(claim.key)
                    claim.release_held()
            except ClaimLost:
                log.info("%s: somebody else clears its ticket away", claim.key)
            return None
        present.state = "running"
        present.percent = max(present.percent, self._told_percent(claim.key, present.runId))
        return Run(
            present,
            claim,
            store=self._store,
            locks=self._locks,
            queue=self._queue,
            averages=self._averages,
            pauses=self._pauses,
            configuration=self._configuration,
            deadline=time.monotonic() + self._longest_run,
            observer=self._observer,
            now_ns=self._now_ns,
        )

    def _work(self, run: Run) -> None:
        self._heart.add(run)
        try:
            with working_for(run.journal.requestId):
                self._pipeline.work(run)
        finally:
            self._heart.discard(run)

    def _told_percent(self, key: Key, run_id: str) -> float:
        """What the public report says of a run: the journal may be older, and percent never falls."""
        try:
            told = read_json(self._store.progress(key))["data"]
            return float(told["percent"]) if told["runId"] == run_id and not told["done"] else 0.0
        except (FileSystemError, TypeError, KeyError, ValueError):
            return 0.0
