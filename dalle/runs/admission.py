"""Admits requests for pictures: decided under the key's guard, so that a key has one run and pays once."""

import logging
import secrets
import time
from collections.abc import Callable

from dalle.errors import FileSystemUnusable
from dalle.events import Observer
from dalle.host.trouble import explained
from dalle.key import Key
from dalle.outcome import Report
from dalle.pictures.previous import Previous
from dalle.pictures.version import finished_version
from dalle.progress.report import failed
from dalle.progress.reports import Reports, is_done
from dalle.runs.cancellation import Cancellation
from dalle.runs.settings import LEAST_ROOM, RunSettings
from dalle.storage.journal import Journal, new_journal
from dalle.storage.protocol import Entry, Storage
from dalle.storage.ticket import Ticket

log = logging.getLogger(__name__)


class Admission:
    """Decides whether a request is answered from what there is, or begins a run."""

    def __init__(
        self,
        storage: Storage,
        reports: Reports,
        previous: Previous,
        cancellation: Cancellation,
        observer: Observer,
        settings: RunSettings,
        *,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._storage = storage
        self._journals = reports.journals
        self._reports = reports
        self._previous = previous
        self._cancellation = cancellation
        self._observer = observer
        self._settings = settings
        self._sleep = sleep

    def request(self, key: Key, request_id: str = "") -> Report:
        """Return the finished, the open or the new run's report. Raises QueueFull, FileSystemError, OSError."""
        look = self._storage.look(key)
        if look.picture:
            look.picture.close()
            if report := self._cache_hit(key):
                return report
        elif look.report and not is_done(look.report) and self._storage.ticket(key):
            self._observer.run_coalesced()
            return Report(look.report)
        report = self._decide(key, request_id) or self._cache_hit(key)
        while report is None:
            # There is a torn picture that may still be being written, or a whole one went just now.
            report = self._decide(key, request_id, doubtful=True) or self._cache_hit(key)
        return report

    def _decide(self, key: Key, request_id: str, *, doubtful: bool = False) -> Report | None:
        """Return the report of the open or the new run; None when there is a picture.

        `doubtful`: the picture was torn a moment ago; a run begins if it still is. Raises QueueFull, FileSystemError,
        OSError.
        """
        free = self._storage.blobs.free_bytes()
        with self._storage.guard(key) as entry:
            journal = self._journals.mend(entry)
            self._quarantine(entry)
            if entry.has_picture() and not (doubtful and self._storage.stat(key) is None):
                return None
            return self._standing(entry, journal) or self._begin(entry, journal, request_id, free)

    def _quarantine(self, entry: Entry) -> None:
        try:
            if entry.quarantine_picture():
                log.warning("%s: the picture is torn and is quarantined", entry.key)
        except OSError as exc:
            log.warning("%s: the torn picture cannot be quarantined: %s", entry.key, explained(exc))

    def renew(self, key: Key, request_id: str = "") -> Report:
        """`request` by explicit will: whatever was paid for before, another picture is made, and paid for, now.

        A finished picture is kept until there is a new one. A task that the provider may still work on is waited for,
        as long as nothing would be bought in its place without that will.
        Raises as `request`.
        """
        try:
            return self._start_over(key, request_id) or self.request(key, request_id)
        finally:
            self._previous.settle(key)

    def cancel(self, key: Key) -> Report | None:
        """See `Cancellation.cancel`. A picture that was being made again comes back."""
        try:
            return self._cancellation.cancel(key)
        finally:
            self._previous.settle(key)

    def _start_over(self, key: Key, request_id: str) -> Report | None:
        """Give up what was paid for; return the report of the new run, None when `request` begins one.

        Without a picture both are one write: when no run can begin, nothing is given up.
        """
        free = self._storage.blobs.free_bytes()
        with self._storage.guard(key) as entry:
            has_picture = entry.has_picture()
            if ticket := entry.ticket():
                if ticket.state == "cancelled" and has_picture:
                    entry.withdraw(keep=True)  # its run goes on
                return None
            journal = self._journals.mend(entry)
            if journal and failed(journal):
                charged_ns = round(self._settings.pauses.charged * 1e9)
                journal.start_over(tasks_before_ns=self._storage.now_ns() - charged_ns)
                if not has_picture:
                    return self._begin(entry, journal, request_id, free)
                entry.save(journal, durable=True)
            if has_picture:
                self._withdraw(entry, keep=True)
        return None

    def remove(self, key: Key) -> bool:
        """Delete the finished picture; False when there was none or its key has an open run. Raises OSError."""
        for _ in range(100):
            # The picture is there a moment before its run has ended, and whose reader saw it may remove it.
            stat = self._storage.stat(key)
            if stat is None or not self._storage.ticket(key):
                break
            self._sleep(0.02)
        announced = self._settings.announcer.wants("picture.removed")
        version = finished_version(self._storage, key) if announced else ""
        with self._storage.guard(key) as entry:
            if entry.ticket():
                return False
            if announced and (entry.has_picture() or entry.has_previous()):
                self._announce_removal(entry, version, stat.modified_ns if stat else 0)
            kept = entry.forget_previous()
            if not entry.has_picture():
                return kept
            self._withdraw(entry)
        return True

    def _announce_removal(self, entry: Entry, version: str, stamp: int) -> None:
        journal, now_ns = self._journals.mend(entry), self._storage.now_ns()
        run_id = journal.run_id if journal else ""
        event = self._settings.announcer.picture_removed(entry.key, run_id, version, stamp=stamp, now_ns=now_ns)
        if event:
            with self._observer.filing("write"):
                entry.emit(event)

    def _withdraw(self, entry: Entry, *, keep: bool = False) -> None:
        """The journal says so first; then report, picture and thumbnails go."""
        journal = self._journals.mend(entry) or Journal(entry.key.series, entry.key.address)
        journal.withdraw()
        entry.save(journal, durable=True)
        entry.hide()
        with self._observer.filing("remove"):
            entry.withdraw(keep=keep)

    def _cache_hit(self, key: Key) -> Report | None:
        report = self._reports.of_picture(key)
        if report:
            self._observer.cache_hit()
        return report

    def _standing(self, entry: Entry, journal: Journal | None) -> Report | None:
        """Return the report of a run that is open, or that failed and pauses; None when a new one may begin."""
        ticket = entry.ticket()
        if ticket and ticket.state == "cancelled":
            return self._cancellation.resume(entry, ticket, journal) or self._coalesced(entry, ticket, journal)
        if ticket:
            self._observer.run_coalesced()
            return self._coalesced(entry, ticket, journal)
        if journal and not journal.ended:
            entry.restore(Ticket(journal.started_ns, journal.run_id, entry.key, "waiting"))
            return Report(self._reports.encoded(journal))
        if journal and journal.state == "failed" and not self._may_retry(journal):
            return Report(self._reports.encoded(journal))
        return None

    def _begin(self, entry: Entry, journal: Journal | None, request_id: str, free: int | None) -> Report:
        if free is not None and free < LEAST_ROOM:
            raise FileSystemUnusable("the disk is full")
        ticket, ahead = entry.enqueue(secrets.token_hex(8))
        try:
            fresh = new_journal(entry.key, journal, ticket.run_id, ticket.queued_ns, request_id)
            entry.save(fresh)
        except BaseException:
            entry.drop()
            raise
        self._observer.run_queued()
        report = self._reports.encoded(fresh, ahead + 1)
        try:
            entry.show(report)
        except OSError as exc:
            log.warning("%s: the report cannot be written: %s", entry.key, explained(exc))
        return Report(report)

    def _coalesced(self, entry: Entry, ticket: Ticket, journal: Journal | None) -> Report:
        """Return the report of a ticket's run; its journal may not be there yet, and the report be an older run's."""
        report = entry.report()
        if report and ticket.run_id.encode() in report and not is_done(report):
            return Report(report)
        if journal is None or journal.run_id != ticket.run_id:
            journal = Journal(ticket.key.series, ticket.key.address, run_id=ticket.run_id, started_ns=ticket.queued_ns)
        return Report(self._reports.encoded(journal))

    def _may_retry(self, failed: Journal) -> bool:
        if failed.configuration and failed.configuration != self._settings.configuration:
            return True
        return self._storage.now_ns() >= failed.retry_at_ns
