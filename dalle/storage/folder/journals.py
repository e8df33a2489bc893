"""The journals of a data folder, the damaged ones too: a journal that nobody can read stands for a failure."""

import logging
import time
from collections.abc import Callable

from dalle.errors import FileSystemError
from dalle.key import Key
from dalle.storage import journal as journals
from dalle.storage.folder.layout import Store
from dalle.storage.journal import Attempt, Journal, NewerJournal

log = logging.getLogger(__name__)


class Ledger:
    """`pause`: seconds that a key rests whose journal was damaged, since nobody knows what had been sent."""

    def __init__(self, store: Store, *, pause: float, now_ns: Callable[[], int] = time.time_ns) -> None:
        self._store = store
        self._pause = pause
        self._now_ns = now_ns

    def read(self, key: Key) -> Journal | None:
        """The key's journal as there is to show, None without one."""
        try:
            return journals.read(self._store.journal(key))
        except FileSystemError as exc:
            return unreadable(key, exc)

    def mend(self, key: Key) -> Journal | None:
        """The key's journal, to go on with; the caller holds the key's guard. Raises NewerJournal, OSError.

        A damaged one is put aside and replaced by a failure. Bytes that were paid for and lie beside it are not
        forgotten.
        """
        path = self._store.journal(key)
        try:
            return journals.read(path)
        except NewerJournal:
            raise
        except FileSystemError as exc:
            log.error("%s: %s; it is put aside", key, exc.private)
            path.replace(path.with_suffix(".damaged"))
            failed = unreadable(key, exc)
            failed.attempts = self._salvage(key)
            failed.retryAfterSeconds = self._pause
            failed.retryAtNs = self._now_ns() + round(self._pause * 1e9)
            journals.write(path, failed, durable=True)
            return failed

    def _salvage(self, key: Key) -> list[Attempt]:
        """Attempts that are known only by the bytes that they brought, oldest first."""
        found = []
        for path in (self._store.runs / key.series).glob(f"{key.address}.*.raw"):
            match path.name.split("."):
                case [_, run_id, number, "raw"] if number.isdigit():
                    found.append(
                        Attempt(int(number), run_id, "", True, "", "", "", 0.0, 0, outcome="accepted", raw=path.name)
                    )
        return sorted(found, key=lambda attempt: attempt.number)


def unreadable(key: Key, error: FileSystemError) -> Journal:
    """A failure that stands for a journal that cannot be read."""
    return Journal(key.series, key.address, state="failed", error=error.details, errorCode=error.code)


def is_unreadable(journal: Journal) -> bool:
    """Whether it is one of those."""
    return journal.state == "failed" and not journal.runId
