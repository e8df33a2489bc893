"""The right to work on a key of a data folder, while its lease lasts."""

from collections.abc import Iterator
from contextlib import contextmanager

from dalle.storage.folder.entry import HeldFolderEntry, Parts
from dalle.storage.folder.locks.claims import Lease
from dalle.storage.ticket import Ticket


class FolderClaim:
    """Satisfies `Claim`."""

    def __init__(self, parts: Parts, lease: Lease, ticket: Ticket | None = None) -> None:
        self.key = lease.key
        self.token = lease.token
        self.taken_over = lease.taken_over
        self.ticket = ticket
        self._parts = parts
        self._lease = lease

    @contextmanager
    def held(self) -> Iterator[HeldFolderEntry]:
        with self._lease.held():
            yield HeldFolderEntry(self._parts, self._lease, self.ticket)

    def renew(self, report: bytes = b"") -> bool:
        with self._lease.renewed():
            entry = HeldFolderEntry(self._parts, self._lease, self.ticket)
            if entry.cancelled:
                return False
            if report:
                entry.show(report)
            return True

    def remaining(self) -> float:
        return self._lease.remaining()

    def release(self) -> None:
        self._lease.release()
