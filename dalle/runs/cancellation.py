"""Cancels runs, and takes cancelled ones up again: decided under the key's guard."""

import logging

from dalle.errors import Cancelled
from dalle.events import Observer
from dalle.key import Key
from dalle.outcome import Report
from dalle.progress.report import current_phase
from dalle.progress.reports import Reports
from dalle.storage.journal import Journal, new_journal
from dalle.storage.protocol import Entry, Storage
from dalle.storage.ticket import Ticket
from dalle.webhooks.announcer import Announcer

log = logging.getLogger(__name__)


class Cancellation:
    """The end of a run is written here, whichever process holds it; its holder writes nothing more, and lets go.

    The ticket of a run that has a holder stays until then, as one that is cancelled: meanwhile no other run of the key
    begins, and what was sent is not sent again.
    """

    def __init__(self, storage: Storage, reports: Reports, observer: Observer, announcer: Announcer) -> None:
        self._storage = storage
        self._journals = reports.journals
        self._reports = reports
        self._observer = observer
        self._announcer = announcer

    def cancel(self, key: Key) -> Report | None:
        """Cancel the open run; return what there is then: the cancelled, the failed or the finished report.

        None for a key that is idle. Raises FileSystemError, OSError.
        """
        with self._storage.guard(key) as entry:
            if not self._reports.has_picture(key):
                return self._cancel(entry)
        return self._reports.of_picture(key)

    def _cancel(self, entry: Entry) -> Report | None:
        ticket, journal = entry.ticket(), self._journals.mend(entry)
        if journal and journal.is_placeholder:
            return Report(self._reports.encoded(journal))
        if ticket and (journal is None or journal.run_id != ticket.run_id):
            # The requester died between ticket and journal.
            journal = new_journal(entry.key, journal, ticket.run_id, ticket.queued_ns)
        if journal is None or journal.state in ("completed", "removed"):
            return None
        if not journal.ended:
            self._write(entry, journal)
            self._let_go(entry, journal, ticket)
        return Report(self._reports.encoded(journal))

    def _write(self, entry: Entry, journal: Journal) -> None:
        """Write the end: event, journal, report. A holder may write over it until it is asked to let go."""
        now_ns, phase = self._storage.now_ns(), current_phase(journal)
        if phase.started_ns and not phase.ended_ns:
            phase.ended_ns, phase.error = now_ns, f"{Cancelled.code}: {Cancelled.message}"
        journal.cancel(Cancelled.code, Cancelled.message, now_ns)
        if event := self._announcer.run_ended(journal):
            entry.emit(event)
        entry.save(journal, durable=True)
        entry.show(self._reports.encoded(journal))
        self._observer.run_ended(Cancelled.code, journal.painter, (now_ns - journal.started_ns) / 1e9)
        log.info("%s %s: cancelled", journal.run_id, entry.key, extra={"request_id": journal.request_id})

    def _let_go(self, entry: Entry, journal: Journal, ticket: Ticket | None) -> None:
        """Ask the holder to let go; of a waiting run nothing is left, unless a call of it has to be accounted for."""
        last = journal.last
        is_unanswered = last is not None and last.paid and last.outcome == ""
        if (ticket is None or ticket.state == "waiting") and not is_unanswered:
            entry.drop()
            return
        if ticket is None:
            entry.restore(Ticket(journal.started_ns, journal.run_id, entry.key, "waiting"))
        entry.ask_cancel()

    def resume(self, entry: Entry, ticket: Ticket, journal: Journal | None) -> Report | None:
        """Take up the cancelled run of a ticket again: its holder goes on, or the sweep finds that it has none.

        None when it had ended otherwise: it is about to be let go of.
        """
        if journal is None or journal.state != "cancelled":
            return None
        phase = current_phase(journal)
        if phase.error.startswith(Cancelled.code):
            phase.ended_ns, phase.error = 0, ""
        journal.resume(is_held=self._storage.is_claimed(entry.key))
        entry.save(journal, durable=True)
        entry.move(ticket, "running")
        report = self._reports.encoded(journal)
        entry.show(report)
        self._observer.run_queued()
        return Report(report)
