"""Takes runs up whose key was claimed: for the dispatcher, which works on them, and for recovery."""

from dataclasses import replace

from dalle.events import Observer
from dalle.progress.reports import Reports, data_of
from dalle.runs.run import Run
from dalle.runs.settings import RunSettings
from dalle.storage.journal import Journal, new_journal
from dalle.storage.protocol import Claim, HeldEntry, Storage


class Holder:
    """Makes a run out of a claimed ticket and its journal."""

    def __init__(self, storage: Storage, reports: Reports, observer: Observer, settings: RunSettings) -> None:
        self._storage = storage
        self._journals = reports.journals
        self._reports = reports
        self._observer = observer
        self._settings = settings

    def hold(self, claim: Claim) -> Run | None:
        """Return the run of a claimed ticket; None when it had ended and only its ticket was left.

        A cancelled run is returned as it is, for `Run.settle`.

        Raises ClaimLost, FileSystemError, OSError; then the claim is the caller's to release.
        """
        ticket = claim.ticket
        if ticket is None:
            return None
        with claim.held() as entry:
            journal = self._journals.mend(entry, held=ticket)
            if journal and journal.is_placeholder:
                # It is not known whether a call was sent: this run has failed, and the next one waits for its pause.
                journal.run_id = ticket.run_id
                ended = replace(journal, ended_ns=self._storage.now_ns())
                if event := self._settings.announcer.run_ended(ended):
                    entry.emit(event)
                entry.save(journal, durable=True)
            if journal is None or journal.run_id != ticket.run_id:
                # The requester died between ticket and journal.
                journal = new_journal(claim.key, journal, ticket.run_id, ticket.queued_ns)
            if journal.state == "cancelled":
                return self._run(journal, claim)
            if journal.ended:
                entry.show(self._reports.encoded(journal))
                entry.drop()
                entry.release()
                return None
            journal.start()
            journal.percent = max(journal.percent, shown_percent(entry, journal.run_id))
        return self._run(journal, claim)

    def _run(self, journal: Journal, claim: Claim) -> Run:
        return Run(journal, claim, self._storage, self._reports, self._observer, self._settings)


def shown_percent(entry: HeldEntry, run_id: str) -> float:
    """Return what the public report says of a run: the journal may be older, and percent never falls."""
    fields = data_of(entry.report()) or {}
    try:
        return float(fields["percent"]) if fields["runId"] == run_id and not fields["done"] else 0.0
    except (TypeError, KeyError, ValueError):
        return 0.0
