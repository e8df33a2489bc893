"""A picture that is being made again is kept until the new one is there: nothing is lost by asking for another.

It is kept from the moment it is withdrawn until its key has no open run any more: then it is restored, unless a new
picture has come. What a killed process leaves is settled by the caretaker.
"""

import logging
from collections.abc import Iterator
from contextlib import suppress

from dalle.errors import FileSystemError
from dalle.key import Key
from dalle.storage.protocol import Entry, Storage

log = logging.getLogger(__name__)

# Between withdrawing the picture and the ticket of the new run lie milliseconds; nothing else settles it meanwhile.
GRACE = 5.0  # seconds


class Previous:
    """The previous pictures of all keys."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def settle(self, key: Key) -> None:
        """Restore the kept picture, unless a run is open or a new picture has come. Raises OSError.

        Accepted: a new picture that is deleted by hand within the second before the caretaker has seen it looks like
        one that never came, and the previous one comes back.
        """
        with self._storage.guard(key) as entry:
            self.settle_in(entry)

    def settle_in(self, entry: Entry) -> None:
        """`settle` in an entry of the key."""
        if entry.ticket() or not entry.has_previous():
            return
        if entry.has_picture():
            entry.forget_previous()
            return
        log.warning("%s: no new picture came, so the previous one is restored", entry.key)
        self._restore_journal(entry)
        entry.restore_previous()

    def _restore_journal(self, entry: Entry) -> None:
        """Let the journal say again what it said of the picture; a failure that came since stays."""
        with suppress(FileSystemError):
            journal = entry.journal()
            if journal and journal.state == "removed":
                if journal.run_id:
                    journal.restore()
                    entry.save(journal, durable=True)
                else:
                    entry.forget()  # it says nothing: the picture is an older server's

    def due(self) -> Iterator[Key]:
        """Yield the keys whose kept picture was left behind, or whose run has ended: `settle` is due."""
        return self._storage.previous(GRACE)
