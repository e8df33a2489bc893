"""A journal in the hands of its holder: it is written, and the report made from it, while the claim is surely held."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from dalle.events import Observer
from dalle.runs import progress
from dalle.runs.averages import Averages
from dalle.storage import journal as journals
from dalle.storage.folder.atomic import write_atomic
from dalle.storage.folder.claims import Claim
from dalle.storage.folder.layout import Store
from dalle.storage.journal import Journal


class Holding:
    """The heart's thread and the job's thread share it, so `mutex` guards the journal."""

    def __init__(
        self,
        journal: Journal,
        claim: Claim,
        *,
        store: Store,
        averages: Averages,
        observer: Observer,
        now_ns: Callable[[], int] = time.time_ns,
    ) -> None:
        self.journal = journal
        self.claim = claim
        self.key = claim.key
        self.mutex = threading.RLock()
        self.now_ns = now_ns
        self._store = store
        self._averages = averages
        self._filing = observer.filing

    @contextmanager
    def held(self) -> Iterator[None]:
        """The journal and the guard of the key for one thread. Raises ClaimLost."""
        with self.mutex, self.claim.held():
            yield

    def save(self, *, durable: bool = False) -> None:
        """Write journal and report. Raises ClaimLost."""
        with self.held():
            self.write(durable=durable)

    def write(self, *, durable: bool = False) -> None:
        """`save` for a caller that is inside `held()`."""
        with self._filing("write"):
            journals.write(self._store.journal(self.key), self.journal, durable=durable)
        self._report()

    def beat(self) -> None:
        """Renew the claim and refresh the report, so that nobody takes the run for dead. Raises ClaimLost."""
        if not self.mutex.acquire(blocking=False):
            return  # its own thread is at the journal and renews the claim in need; other runs want their beat in time
        try:
            self.claim.renew()
            with self.claim.held():
                if not self.journal.ended:
                    self._report()
        finally:
            self.mutex.release()

    def _report(self) -> None:
        fields = progress.report(self.journal, self._averages.durations(), self.now_ns())
        self.journal.percent = max(self.journal.percent, fields["percent"]) if not self.journal.ended else 0.0
        with self._filing("write"):
            write_atomic(self._store.progress(self.key), progress.body(fields))
