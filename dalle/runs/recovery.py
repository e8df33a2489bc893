"""What somebody left behind is taken up: dead runs, reports of waiting ones, temporary files, late bytes.

Every worker sweeps; a nonblocking flock lets one do it at a time. The cost is in proportion to the open runs, but
for the tidying, which once a TTL looks into the folders that have changed.
"""

import fcntl
import logging
import os
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

from dalle.errors import FileSystemError, Interrupted, OutcomeUnknown
from dalle.events import Observer
from dalle.key import Key
from dalle.runs.averages import Averages
from dalle.runs.late import reopen
from dalle.runs.run import Run
from dalle.storage import journal as journals
from dalle.storage.folder.atomic import open_lock, remove_temporaries
from dalle.storage.folder.claims import Claim, ClaimLost, Locks
from dalle.storage.folder.layout import Store
from dalle.storage.folder.queue import Queue, Ticket

log = logging.getLogger(__name__)

# A run that was left behind more often than this kills its workers, and would kill the next one too.
MOST_TAKEOVERS = 2

# Clocks of file systems tick more coarsely than this.
MARGIN_NS = 1_000_000_000

# Seconds that the report of a waiting run may be old before it is written again.
YOUNG = 2.0


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
        self._clock = clock
        self._tidied = float("-inf")
        self._clean: dict[Path, int] = {}
        self._told: set[str] = set()

    def sweep(self) -> None:
        """Do what is due, if no other worker is at it. What fails for one key does not stop it for others."""
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
                self._try("the tidying", self.tidy)
            position = 0
            for ticket in self._queue.tickets():
                if ticket.state == "waiting":
                    position += 1
                    self._try(str(ticket.key), partial(self._refresh, ticket, position))
                elif not self._locks.busy(ticket.key):
                    self._try(str(ticket.key), partial(self._recover, ticket))
        finally:
            os.close(descriptor)

    def _try(self, what: str, action: Callable[[], None]) -> None:
        """Run a part of the sweep; the same failure is told once until it is over."""
        try:
            action()
        except (OSError, FileSystemError) as exc:
            if what not in self._told:
                self._told.add(what)
                log.error("the sweep cannot get on with %s: %s", what, exc)
        except Exception:
            log.exception("the sweep failed at %s", what)
        else:
            self._told.discard(what)

    def _recover(self, ticket: Ticket) -> None:
        """Take a run from a holder that is dead or silent: end it, or let it wait for a free thread."""
        claim = self._locks.claim(ticket.key, wait=False)
        if claim is None:
            return
        try:
            run = self._hold(claim, ticket)
            if run is not None:
                self._observer.run_recovered(self._decide(run))
        except ClaimLost:
            claim.release()
        except BaseException:
            claim.release()
            raise

    def _decide(self, run: Run) -> str:
        journal = run.journal
        journal.takeovers += 1
        log.warning("%s %s: taken over, %d times so far", journal.runId, run.key, journal.takeovers)
        if journal.published:
            run.finish()
            return "finished"
        last = journal.last
        kept = last is not None and not last.used and self._store.raw(run.key, last.runId, last.number).exists()
        if last and last.paid and last.outcome == "" and not kept:
            unknown = OutcomeUnknown()
            run.record.failed(last.number, unknown)
            run.fail(unknown)
            return "given_up"
        if journal.takeovers > MOST_TAKEOVERS:
            run.fail(Interrupted())
            return "given_up"
        run.set_aside()
        return "resumed" if kept else "restarted"

    def _refresh(self, ticket: Ticket, position: int) -> None:
        """Keep the report of a waiting run young: nobody else writes it."""
        try:
            age = time.time() - self._store.progress(ticket.key).stat().st_mtime
            if 0 <= age < YOUNG:
                return
        except FileNotFoundError:
            pass
        with suppress(BlockingIOError), self._locks.guard(ticket.key, wait=False):
            present = journals.read(self._store.journal(ticket.key))
            if self._queue.waits(ticket) and present and not present.ended:
                self._report(present, position)

    def tidy(self) -> None:
        """Clear away what killed processes left, and reopen runs whose bytes came late."""
        for folder in [self._store.root, *folders(self._store.root)]:
            self._try(f"the folder {folder.name}", partial(self._tidy_folder, folder))
        self._locks.tidy()

    def _tidy_folder(self, folder: Path) -> None:
        begun = time.time_ns()
        changed = folder.stat().st_mtime_ns
        if self._clean.get(folder) == changed:
            return
        done = remove_temporaries(folder, self._ttl)
        if folder.parent == self._store.runs:
            for name in os.listdir(folder):
                match name.split("."):
                    case [address, run_id, number, "raw"] if number.isdigit():
                        self._try(name, partial(self._reopen, Key(folder.name, address), run_id, int(number)))
        # A change in the same moment as the look may have been missed.
        if done and begun - changed > MARGIN_NS:
            self._clean[folder] = changed

    def _reopen(self, key: Key, run_id: str, number: int) -> None:
        """Let a failed run be finished from bytes that came after its failure and that its holder did not report."""
        with self._locks.guard(key):
            present = journals.read(self._store.journal(key))
            last = present.attempts[-1] if present and present.attempts else None
            if present is None or last is None or (last.runId, last.number) != (run_id, number):
                return
            if present.state != "failed" or last.outcome != "unknown" or self._store.annotated(key).exists():
                return
            last.raw = self._store.raw(key, run_id, number).name
            if reopen(present, last):
                self._queue.restore(Ticket(present.startedNs, present.runId, key, "waiting"))
                journals.write(self._store.journal(key), present, durable=True)


def folders(root: Path) -> list[Path]:
    """All folders below `root` that may be entered."""
    found = []
    with suppress(OSError), os.scandir(root) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                found += [Path(entry.path), *folders(Path(entry.path))]
    return found
