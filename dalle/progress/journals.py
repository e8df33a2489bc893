"""The journals of all keys, the damaged ones too: one that cannot be read stands for a failure."""

import logging

from dalle.errors import FileSystemError
from dalle.key import Key
from dalle.storage.attempt import Attempt
from dalle.storage.journal import DamagedJournal, Journal, placeholder
from dalle.storage.protocol import Entry, Storage

log = logging.getLogger(__name__)


class Journals:
    """`pause`: seconds that a key pauses whose journal was damaged, since it is not known what had been sent."""

    def __init__(self, storage: Storage, pause: float) -> None:
        self._storage = storage
        self._pause = pause

    def read(self, key: Key) -> Journal | None:
        """Return the journal to be shown, None without one."""
        try:
            return self._storage.journal(key)
        except FileSystemError as exc:
            return placeholder(key, exc)

    def mend(self, entry: Entry) -> Journal | None:
        """Return the journal to go on with. Raises NewerJournal, OSError.

        A damaged one is quarantined and replaced by a failure. Bytes that were paid for are not forgotten.
        """
        try:
            return entry.journal()
        except DamagedJournal as exc:
            log.error("%s: %s (%s); it is quarantined", entry.key, exc.details, exc.private)
            journal = placeholder(entry.key, exc)
            journal.attempts = self._salvage(entry)
            journal.retry_after_seconds = self._pause
            journal.retry_at_ns = self._storage.now_ns() + round(self._pause * 1e9)
            entry.quarantine_journal(journal)
            return journal

    def _salvage(self, entry: Entry) -> list[Attempt]:
        """Return the attempts that are still known, also those that are known only by the bytes that they brought.

        When these were sent is not known, so it is now. A call without an outcome may have been paid for.
        """
        now_ns = self._storage.now_ns()
        attempts = {(attempt.run_id, attempt.number): attempt for attempt in entry.salvage()}
        for original in self._storage.blobs.originals(entry.key):
            run_id, number = call = original.run_id, original.number
            fresh = Attempt(number, run_id, "", True, "", "", "", 0.0, now_ns, outcome="accepted")
            attempts.setdefault(call, fresh).note_original(original.name)
        for attempt in attempts.values():
            attempt.outcome = attempt.outcome or ("accepted" if attempt.answer or attempt.raw else "unknown")
        return list(attempts.values())
