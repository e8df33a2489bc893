"""What somebody left behind is taken up: dead runs, reports of waiting ones, temporary files, late bytes.

Every worker sweeps; a nonblocking flock lets one do it at a time. The cost is in proportion to the open runs, but
for the tidying, which walks the folders once a TTL.
"""

import fcntl
import logging
import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from dalle import journal as journals
from dalle.averages import Averages
from dalle.errors import FileSystemError, Interrupted, OutcomeUnknown
from dalle.events import Observer
from dalle.files import open_lock, remove_temporaries
from dalle.key import Key
from dalle.lock import Claim, ClaimLost, Locks
from dalle.queue import Queue, Ticket
from dalle.run import Run, reopen
from dalle.store import Store

log = logging.getLogger(__name__)

# A run that was left behind more often than this kills its workers, and would kill the next one too.
MOST_TAKEOVERS = 2


class Recovery:
    """`hold(claim, ticket)` makes the run of a claimed ticket; `report(journal, position)` writes a public report."""

    def __init__(
        self,
        *,
        store: Store,
        locks: Locks,
        queue: Queue,
        averages: Averages,
        hold: Callable[[Claim, Ticket], Run | None],
        report: Callable[[journals.Journal, int], object],
        observer: Observer,
        ttl: float,
        interval: float = 1.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._locks = locks
        self._queue = queue
        self._averages = averages
        self._hold = hold
        self._report = report
        self._observer = observer
        self._ttl = ttl
        self._interval = interval
        self._clock = clock
        self._swept = self._tidied = float("-inf")

    def sweep(self) -> None:
        """Do what is due, if no other worker is at it."""
        if self._clock() - self._swept < self._interval:
            return
        self._swept = self._clock()
        self._averages.flush()
        descriptor = open_lock(self._queue.folder / "sweep")
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return
        try:
            if self._clock() - self._tidied >= self._ttl:
                self._tidied = self._clock()
                self.tidy()
            position = 0
            for ticket in self._queue.tickets():
                if ticket.state == "running":
                    if not self._locks.busy(ticket.key):
                        self._recover(ticket)
                else:
                    self._refresh(ticket, position)
                    position += 1
        finally:
            os.close(descriptor)

    def _recover(self, ticket: Ticket) -> None:
        """Take a run from a holder that is dead or silent: end it, or let it wait for a free thread."""
        claim = self._locks.claim(ticket.key)
        if claim is None:
            return
        try:
            run = self._hold(claim, ticket)
            if run is not None:
                self._observer.run_recovered(self._decide(run))
        except ClaimLost:
            pass
        except BaseException:
            claim.release()
            raise

    def _decide(self, run: Run) -> str:
        journal = run.journal
        journal.takeovers += 1
        log.warning("%s %s: taken over, %d times so far", journal.runId, run.key, journal.takeovers)
        if journal.published:
            run.complete()
            return "finished"
        last = journal.last
        kept = last is not None and self._store.raw(run.key, last.runId, last.number).exists()
        if last and last.paid and last.outcome == "" and not kept:
            unknown = OutcomeUnknown()
            run.failed(last.number, unknown)
            run.fail(unknown)
            return "given_up"
        if journal.takeovers > MOST_TAKEOVERS:
            run.fail(Interrupted())
            return "given_up"
        run.save(durable=True)
        run.set_aside()
        return "resumed" if kept else "restarted"

    def _refresh(self, ticket: Ticket, position: int) -> None:
        """Keep the report of a waiting run young: nobody else writes it."""
        try:
            if time.time() - self._store.progress(ticket.key).stat().st_mtime < 2:
                return
        except FileNotFoundError:
            pass
        with self._locks.guard(ticket.key), suppress(FileSystemError):
            still = self._queue.find(ticket.key)
            present = journals.read(self._store.journal(ticket.key))
            if still and still.state == "waiting" and present and not present.ended:
                self._report(present, position)

    def tidy(self) -> None:
        """Remove temporary files that killed processes left, and reopen runs whose bytes came late."""
        for folder in [self._store.root, *folders(self._store.root)]:
            remove_temporaries(folder, self._ttl)
        for path in self._store.runs.glob("*/*.raw"):
            address, run_id, number = path.name.removesuffix(".raw").split(".")
            key = Key(path.parent.name, address)
            with self._locks.guard(key), suppress(FileSystemError):
                present = journals.read(self._store.journal(key))
                if present is None or present.state != "failed" or present.runId != run_id:
                    continue
                last = present.last
                if last is None or last.number != int(number) or self._store.annotated(key).exists():
                    continue
                last.raw, last.outcome, last.billed = path.name, "accepted", "yes" if last.paid else "no"
                if reopen(present, last):
                    journals.write(self._store.journal(key), present, durable=True)
                    self._queue.restore(Ticket(present.startedNs, present.runId, key, "waiting"))


def folders(root: Path) -> list[Path]:
    """All folders below `root`, without entering the files' side of it more often than once."""
    found = []
    with suppress(FileNotFoundError), os.scandir(root) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                found += [Path(entry.path), *folders(Path(entry.path))]
    return found
