"""The journals of all keys, the damaged ones too: one that cannot be read stands for a failure."""

import logging
from collections.abc import Callable, Mapping

from dalle.errors import FileSystemError, OutcomeUnknown
from dalle.key import Key
from dalle.storage.attempt import Attempt
from dalle.storage.codec import image_line
from dalle.storage.journal import DamagedJournal, Journal, placeholder
from dalle.storage.protocol import Entry, Storage
from dalle.storage.ticket import Ticket

log = logging.getLogger(__name__)


Reserved = Callable[[str], Mapping[int, float]]


class Journals:
    """`pause`: seconds that a key pauses whose journal was damaged, since it is not known what had been sent.

    `reserved(run_id)`: number → USD of attempts that the budget has a reservation of.
    """

    def __init__(self, storage: Storage, pause: float, reserved: Reserved = lambda run_id: {}) -> None:
        self._storage = storage
        self._pause = pause
        self._reserved = reserved

    def read(self, key: Key) -> Journal | None:
        """Return the journal to be shown, None without one."""
        try:
            return self._storage.journal(key)
        except FileSystemError as exc:
            return placeholder(key, exc)

    def mend(self, entry: Entry, *, held: Ticket | None = None) -> Journal | None:
        """Return the journal to go on with. Raises NewerJournal, OSError.

        A damaged one is quarantined and replaced by a failure. Calls and bytes that were paid for are not forgotten.
        `held`: the ticket whose claim the caller has, so that no call is out; without it, a ticket means that one may
        be, and its holder reports how it ended.
        """
        try:
            journal = entry.journal()
            if journal is None and held and (self._reserved(held.run_id) or self._salvage(entry)):
                raise DamagedJournal(private="it was deleted after a call")
        except DamagedJournal as exc:
            log.error("%s: %s (%s); a failure takes its place", entry.key, exc.details, exc.private)
            journal = placeholder(entry.key, exc)
            journal.attempts = self._salvage(entry)
            journal.retry_after_seconds = self._pause
            journal.retry_at_ns = self._storage.now_ns() + round(self._pause * 1e9)
            if not entry.quarantine_journal(journal):
                entry.save(journal, durable=True)
        if journal and journal.is_placeholder and (held or not entry.ticket()):
            self._settle(entry, journal, held)
        return journal

    def _salvage(self, entry: Entry) -> list[Attempt]:
        """Return the attempts that are still known, also those that are known only by the bytes that they brought.

        When these were sent is not known, so it is now.
        """
        now_ns = self._storage.now_ns()
        attempts = {(attempt.run_id, attempt.number): attempt for attempt in entry.salvage()}
        for original in self._storage.blobs.originals(entry.key):
            run_id, number = call = original.run_id, original.number
            fresh = Attempt(number, run_id, "", True, "", "", "", 0.0, now_ns)
            attempts.setdefault(call, fresh).note_original(original.name)
        return list(attempts.values())

    def _settle(self, entry: Entry, journal: Journal, held: Ticket | None) -> None:
        """Enter how calls are taken to have ended that have no outcome: in the call log first, and once."""
        run_id = held.run_id if held else ""
        for number, usd in self._reserved(run_id).items():
            sent = Attempt(number, run_id, "", True, "", "", "", usd, self._storage.now_ns())
            if not any(attempt.is_same(sent) for attempt in journal.attempts):
                journal.attempts.append(sent)
        unsettled = [place for place, attempt in enumerate(journal.attempts) if attempt.outcome == ""]
        for place in unsettled:
            closed = journal.attempts[place].closed(self._storage.now_ns(), OutcomeUnknown.code)
            entry.note_call(image_line(journal, closed), repeated=True)
            journal.attempts[place] = closed
        if unsettled:
            entry.save(journal, durable=True)
