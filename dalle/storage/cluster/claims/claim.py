"""The right to work on a key, while its lease lasts."""

from collections.abc import Iterator
from contextlib import contextmanager

from dalle.storage.cluster.claims.lease import PLACE, RELEASE, Lease
from dalle.storage.cluster.database.database import Database
from dalle.storage.cluster.database.transaction import Transaction
from dalle.storage.cluster.entry import ClusterEntry, Parts
from dalle.storage.cluster.rows import Present, enter
from dalle.storage.protocol import ClaimLost
from dalle.storage.ticket import Ticket


class HeldClusterEntry(ClusterEntry):
    """Satisfies `HeldEntry`."""

    def __init__(self, parts: Parts, lease: Lease, claimed: Ticket | None, opened: tuple[Transaction, Present]) -> None:
        super().__init__(parts, lease.key, *opened)
        self._lease = lease
        self._claimed = claimed
        self._is_released = False

    @property
    def cancelled(self) -> bool:
        mine, present = self._claimed, self.ticket()
        if mine is None or present is None or present.state != "cancelled":
            return False
        return (mine.run_id, mine.queued_ns) == (present.run_id, present.queued_ns)

    def release(self) -> None:
        self._is_released = True

    def finish(self) -> None:
        """It breaks the silence too, once it has lasted for a tenth of the lease."""
        if self._is_released:
            self._transaction.later(PLACE, RELEASE, self._lease.own)
        elif self._lease.is_due:
            self._lease.renew(self._transaction)
        super().finish()


class ClusterClaim:
    """Satisfies `Claim`."""

    def __init__(self, database: Database, parts: Parts, lease: Lease, ticket: Ticket | None) -> None:
        self.key = lease.key
        self.token = lease.token
        self.taken_over = lease.taken_over
        self.ticket = ticket
        self._database = database
        self._parts = parts
        self._lease = lease

    @contextmanager
    def held(self) -> Iterator[HeldClusterEntry]:
        with self._database.begin() as transaction:
            present = enter(transaction, self.key)
            if present.claim is None or present.claim.token != self.token:
                raise ClaimLost(str(self.key))
            entry = HeldClusterEntry(self._parts, self._lease, self.ticket, (transaction, present))
            yield entry
            entry.finish()

    def renew(self, report: bytes = b"") -> bool:
        return not self._lease.beat(self.ticket, report)

    def remaining(self) -> float:
        return self._lease.remaining()

    def release(self) -> None:
        self._lease.release()
