"""Where requests for pictures come in: decided under the key's guard, so that a key has one run and pays once."""

import logging
import secrets
import shutil
import time
from collections.abc import Callable

from dalle.errors import FileSystemError
from dalle.events import Observer
from dalle.imaging.thumbnails import WIDTHS
from dalle.key import Key
from dalle.outcome import Report
from dalle.pictures.previous import Keepsakes
from dalle.runs.averages import Averages
from dalle.runs.pipeline import LEAST_ROOM
from dalle.runs.reports import Reports, is_done
from dalle.storage import journal as journals
from dalle.storage.folder.atomic import remove
from dalle.storage.folder.claims import Locks
from dalle.storage.folder.index import FolderIndex
from dalle.storage.folder.journals import Ledger, is_unreadable
from dalle.storage.folder.layout import Store
from dalle.storage.folder.queue import Queue, Ticket
from dalle.storage.journal import Journal

log = logging.getLogger(__name__)


class Reception:
    """`configuration`: fingerprint of what an operator may repair; failures that wait for that end with its change."""

    def __init__(
        self,
        *,
        store: Store,
        locks: Locks,
        queue: Queue,
        keepsakes: Keepsakes,
        ledger: Ledger,
        reports: Reports,
        index: FolderIndex,
        averages: Averages,
        observer: Observer,
        configuration: str = "",
        now_ns: Callable[[], int] = time.time_ns,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._store = store
        self._locks = locks
        self._queue = queue
        self._keepsakes = keepsakes
        self._ledger = ledger
        self._reports = reports
        self._index = index
        self._averages = averages
        self._observer = observer
        self._configuration = configuration
        self._now_ns = now_ns
        self._sleep = sleep

    def request(self, key: Key, request_id: str = "") -> Report:
        """The finished, the running or the new run's report. Raises QueueFull, FileSystemError, OSError."""
        if report := self._cache_hit(key):
            return report
        body = self._reports.body(key)
        if body and not is_done(body) and self._queue.find(key):
            self._observer.run_coalesced()
            return Report(body)
        with self._locks.guard(key):
            present = self._ledger.mend(key)
            return self._cache_hit(key) or self._standing(key, present) or self._begin(key, present, request_id)

    def renew(self, key: Key, request_id: str = "") -> Report:
        """`request` for a key whose picture is put aside until there is a new one. Raises as `request`."""
        with self._locks.guard(key):
            if self._store.annotated(key).exists() and not self._queue.find(key):
                self._keepsakes.keep(key)
                self.take_away(key)
        try:
            return self.request(key, request_id)
        finally:
            self._keepsakes.settle(key)

    def remove(self, key: Key) -> bool:
        """Delete the annotated picture; False when there was none or its key is at work. Raises OSError."""
        for _ in range(100):
            # The picture is there a moment before its run has ended, and whoever saw it may remove it.
            if not (self._store.annotated(key).exists() and self._queue.find(key)):
                break
            self._sleep(0.02)
        with self._locks.guard(key):
            if self._queue.find(key):
                return False
            kept = self._keepsakes.forget(key)
            if not self._store.annotated(key).exists():
                return kept
            self.take_away(key)
        return True

    def take_away(self, key: Key) -> None:
        """The journal says so first; then the report, the picture and the small ones go. The caller holds the guard."""
        present = self._ledger.mend(key) or Journal(key.series, key.address)
        if present.state != "failed" or is_unreadable(present):
            present.state = "removed"
        journals.write(self._store.journal(key), present, durable=True)
        remove(self._store.progress(key))
        with self._observer.filing("remove"):
            remove(self._store.annotated(key))
        for width in WIDTHS:
            remove(self._store.thumb(key, width))
        self._index.forget(key)

    def _cache_hit(self, key: Key) -> Report | None:
        report = self._reports.of_picture(key)
        if report:
            self._observer.cache_hit()
            self._averages.count_cache_hit()
        return report

    def _standing(self, key: Key, present: Journal | None) -> Report | None:
        """The report of a run that is open, or that failed and rests; None when a new one may begin."""
        if ticket := self._queue.find(key):
            self._observer.run_coalesced()
            return self._coalesced(ticket, present)
        if present and not present.ended:
            self._queue.restore(Ticket(present.startedNs, present.runId, key, "waiting"))
            return self._reports.made(present)
        if present and present.state == "failed" and not self._may_retry(present):
            return self._reports.made(present)
        return None

    def _begin(self, key: Key, present: Journal | None, request_id: str) -> Report:
        if shutil.disk_usage(self._store.root).free < LEAST_ROOM:
            raise FileSystemError("the disk is full")
        fresh = journals.renewed(
            key, present, run_id=secrets.token_hex(8), started_ns=self._now_ns(), request_id=request_id
        )
        position = self._queue.put(Ticket(fresh.startedNs, fresh.runId, key, "waiting"))
        try:
            journals.write(self._store.journal(key), fresh)
        except BaseException:
            self._queue.drop(key)
            raise
        self._observer.run_queued()
        try:
            return Report(self._reports.publish(fresh, position + 1))
        except OSError as exc:
            log.warning("%s: the report cannot be written: %s", key, exc)
            return self._reports.made(fresh)

    def _coalesced(self, ticket: Ticket, present: Journal | None) -> Report:
        """What the run of a ticket has to report; its journal may not be there yet, its report be an older run's."""
        body = self._reports.body(ticket.key)
        if body and ticket.run_id.encode() in body and not is_done(body):
            return Report(body)
        if present is None or present.runId != ticket.run_id:
            present = Journal(ticket.key.series, ticket.key.address, runId=ticket.run_id, startedNs=ticket.queued_ns)
        return self._reports.made(present)

    def _may_retry(self, failed: Journal) -> bool:
        if failed.configuration and failed.configuration != self._configuration:
            return True
        return self._now_ns() >= failed.retryAtNs
