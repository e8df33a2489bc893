"""The journal of a claimed run: it is written, and the report made from it, while the claim is surely held."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from dalle.events import Observer
from dalle.progress.report import body
from dalle.progress.reports import Reports
from dalle.storage.journal import Journal
from dalle.storage.protocol import Claim, ClaimLost, HeldEntry


class RunCancelled(ClaimLost):
    """The run is not wanted any more: its holder writes nothing but what was paid for, and lets go."""


class Claimed:
    """The heartbeat's thread and the run's thread share it, so `mutex` guards the journal."""

    def __init__(self, journal: Journal, claim: Claim, reports: Reports, observer: Observer) -> None:
        self.journal = journal
        self.claim = claim
        self.key = claim.key
        self.mutex = threading.RLock()
        self._reports = reports
        self.filing = observer.filing

    @contextmanager
    def held(self) -> Iterator[HeldEntry]:
        """Hold journal and key for one thread. Raises ClaimLost, RunCancelled."""
        with self.mutex, self.claim.held() as entry:
            if entry.cancelled:
                raise RunCancelled(str(self.key))
            yield entry

    @contextmanager
    def drafted(self) -> Iterator[tuple[HeldEntry, Journal]]:
        """`held`, with a draft of the journal that becomes the journal once the entry is committed.

        The caller writes the draft that it changed. Raises ClaimLost, RunCancelled.
        """
        with self.mutex:
            draft = self.journal.drafted()
            with self.held() as entry:
                yield entry, draft
            self.journal.adopt(draft)

    def save(self, *, durable: bool = False) -> None:
        """Write journal and report. Raises ClaimLost."""
        with self.held() as entry:
            self.write(entry, self.journal, durable=durable)

    def write(self, entry: HeldEntry, journal: Journal, *, durable: bool = False) -> None:
        """Write the journal, or a draft of it, and its report, in an entry."""
        with self.filing("write"):
            entry.save(journal, durable=durable)
        with self.filing("write"):
            entry.show(self._report(journal))

    def beat(self) -> None:
        """Renew the claim and refresh the report, so that the run does not look dead. Raises ClaimLost.

        A cancelled run keeps its claim as long as it waits for what it has sent.
        """
        if not self.mutex.acquire(blocking=False):
            return  # its thread has the journal and renews the claim if necessary; other runs want their beat in time
        try:
            if not self.journal.ended:
                self._renew()
        finally:
            self.mutex.release()

    def _renew(self) -> None:
        """The claim first of all: averages that cannot be read must not let it expire."""
        try:
            report = self._report(self.journal)
        except OSError:
            self.claim.renew()
            raise
        with self.filing("write"):
            self.claim.renew(report)

    def _report(self, journal: Journal) -> bytes:
        fields = self._reports.fields(journal)
        journal.percent = max(journal.percent, fields["percent"]) if not journal.ended else 0.0
        return body(fields)
