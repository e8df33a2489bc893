"""The journal of a key, held against its report and its picture."""

from collections.abc import Iterator
from typing import Any

from dalle.audit.present import Present
from dalle.key import Key
from dalle.progress.report import failed
from dalle.progress.reports import Reports, data_of
from dalle.storage.attempt import Attempt
from dalle.storage.codec import image_line
from dalle.storage.inventory import Fault
from dalle.storage.journal import Journal, NewerJournal
from dalle.storage.protocol import Entry, Storage

UNKNOWN = "OUTCOME_UNKNOWN"


class Records:
    """Checks what a key's records say of each other."""

    def __init__(self, storage: Storage, reports: Reports) -> None:
        self._storage = storage
        self._reports = reports

    def faults(self, key: Key, now: Present) -> Iterator[Fault]:
        """Yield what is wrong with a journal, and what contradicts it."""
        if now.trouble:
            yield self._unreadable(key, now)
            return
        if now.report and not now.is_open:
            yield from self._of_report(key, now)
        if now.journal and not now.is_open:
            yield from self._of_journal(key, now.journal, now)

    def _unreadable(self, key: Key, now: Present) -> Fault:
        if isinstance(now.trouble, NewerJournal):
            message = "its journal was written by a newer version, and is not read"
            return Fault("newer-journal", "warning", str(key), message, "verify it with that version")
        cure = "--fix keeps it beside, and enters a failure that remembers what was paid for, as the next request does"
        return Fault("damaged-journal", "error", str(key), "its journal cannot be read", cure, self._mend)

    def _mend(self, entry: Entry) -> None:
        self._reports.journals.mend(entry)
        self._set_right(entry)

    # -- the report --------------------------------------------------------------------------------------------

    def _of_report(self, key: Key, now: Present) -> Iterator[Fault]:
        data = data_of(now.report)
        if why := contradiction(data, now) if data else "it is no report":
            cure = "--fix writes it again from the journal, or deletes it where the journal says nothing"
            yield Fault("wrong-report", "error", str(key), f"its report is wrong: {why}", cure, self._set_right)

    def _set_right(self, entry: Entry) -> None:
        journal = entry.journal()
        if journal and (failed(journal) or (journal.state == "completed" and entry.has_picture())):
            entry.show(self._reports.encoded(journal))
        else:
            entry.hide()

    # -- the journal -------------------------------------------------------------------------------------------

    def _of_journal(self, key: Key, journal: Journal, now: Present) -> Iterator[Fault]:
        generate = f"dalleserver generate {key.series} {key.address}"
        if not journal.ended:
            message = f"its run is {journal.state}, and is not in the queue"
            cure = f"{generate} takes it up again, or the same with cancel ends it"
            yield Fault("run-without-ticket", "error", str(key), message, cure)
            return
        if journal.state == "completed" and not (now.has_picture or now.has_previous):
            message = "its picture is missing, and was not removed by this program"
            cure = f"restore it from a backup, or make another one: {generate}"
            yield Fault("missing-picture", "error", str(key), message, cure)
        for attempt in journal.attempts:
            if attempt.outcome == "" and not attempt.task:
                message = f"call {attempt.number} of run {attempt.run_id} has no end, and its run has ended"
                cure = "--fix enters it as a call whose outcome is unknown, in the journal and the call log"
                yield Fault("call-without-end", "error", str(key), message, cure, self._close)
                break
        for attempt in journal.purchases:
            if attempt.outcome or attempt.task:
                yield self._unpaid(key, attempt, generate)

    def _unpaid(self, key: Key, attempt: Attempt, generate: str) -> Fault:
        is_kept = attempt.answer or attempt.raw or attempt.task or attempt.url
        name, price = f"call {attempt.number} of run {attempt.run_id}", f"{attempt.cost or attempt.estimate:.3f} USD"
        if is_kept:
            message = (
                f"call {attempt.number} of run {attempt.run_id} was paid for ({price}), and its picture is missing"
            )
            cure = f"what it brought is kept, and costs nothing more: {generate}"
        elif attempt.outcome == "unknown":
            message = (
                f"call {attempt.number} of run {attempt.run_id} may have been charged ({price}), and brought nothing"
            )
            cure = f"look for it in the provider's account; another one is a new charge: {generate}"
        else:
            message = f"{name} was charged ({price}), and brought no picture"
            cure = f"another one is a new charge: {generate}"
        return Fault("paid-without-picture", "warning", str(key), message, cure)

    def _close(self, entry: Entry) -> None:
        """The call log first, as a run does it."""
        journal = entry.journal()
        if journal is None:
            return
        for place, attempt in enumerate(journal.attempts):
            if attempt.outcome == "" and not attempt.task:
                closed = attempt.closed(self._storage.now_ns(), UNKNOWN)
                entry.note_call(image_line(journal, closed), repeated=True)
                journal.attempts[place] = closed
        entry.save(journal, durable=True)


def contradiction(data: dict[str, Any], now: Present) -> str:
    """Return how a report contradicts the journal of a key whose run is not open, "" where it does not."""
    journal, error = now.journal, str(data.get("errorCode", ""))
    if not data.get("done"):
        return "it says that a run is open, and none is"
    if not error and not now.has_picture:
        return "it says that there is a picture, and there is none"
    if journal is None or not journal.ended:
        return ""
    if journal.state == "removed":
        return "it is of a picture that was removed"
    if journal.run_id and data.get("runId") != journal.run_id:
        return "it is of another run"
    wanted = journal.error_code
    return "" if error == wanted else f"it says {error or 'completed'}, and the journal {wanted or 'completed'}"
