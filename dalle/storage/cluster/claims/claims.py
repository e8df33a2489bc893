"""Who works on a key, over all hosts: a row with a token, whose lease its holder renews.

A claim is busy while its lease lasts by the database's clock, and its holder is not known to be dead.
"""

from dataclasses import replace

from dalle.key import Key
from dalle.storage.cluster.claims.claim import ClusterClaim
from dalle.storage.cluster.claims.lease import Ground, Lease
from dalle.storage.cluster.database.transaction import Transaction
from dalle.storage.cluster.entry import TICKET, Parts
from dalle.storage.cluster.rows import THIS, ClaimRow, Present, enter
from dalle.storage.protocol import Busy
from dalle.storage.ticket import Ticket

TRIES = 5
"""How many tickets that others have just taken one look at the queue may meet."""

IS_ANY_WAITING = "SELECT EXISTS (SELECT FROM tickets WHERE state = 'waiting')"
OLDEST = """
    SELECT k.series, k.address FROM tickets t JOIN keys k USING (series, address)
    WHERE t.state = 'waiting' AND NOT EXISTS (
        SELECT FROM claims c WHERE (c.series, c.address) = (t.series, t.address) AND c.lease_until > now_ns())
    ORDER BY t.queued_ns, t.run_id LIMIT 1 FOR UPDATE OF k
"""
FREE = f"{OLDEST} SKIP LOCKED"
START = "UPDATE tickets SET state = 'running' WHERE series = %s AND address = %s"
READ = f"SELECT token, owner, lease_until > now_ns() FROM claims WHERE {THIS}"
FORGET = "DELETE FROM claims WHERE lease_until < now_ns() - %s"


class Claims:
    """The claims of all keys."""

    def __init__(self, ground: Ground, parts: Parts) -> None:
        self._ground = ground
        self._parts = parts

    def claim(self, key: Key, *, wait: bool = True) -> ClusterClaim | None:
        """Take the key, or None when it is busy. The caller does not hold its guard."""
        try:
            with self._ground.database.begin(wait=wait) as transaction:
                present = enter(transaction, key, claim=True)
                if self._is_busy(present.claim):
                    return None
                lease = self._lease(transaction, key, present)
        except Busy:
            return None
        return self._made(lease, present.ticket)

    def take(self) -> ClusterClaim | None:
        """Take the key of the oldest waiting ticket that is free, and let its run be running."""
        for _ in range(TRIES):
            ((is_any,),) = self._ground.database.read(IS_ANY_WAITING)
            if not is_any:
                return None
            try:
                with self._ground.database.begin(wait=False) as transaction:
                    # Where each is being decided about, the oldest is waited for: who does may be dead.
                    rows = transaction.look(FREE) or transaction.look(OLDEST)
                    if not rows:
                        return None
                    key = Key(*rows[0])
                    present = enter(transaction, key, claim=True)
                    ticket = present.ticket
                    if ticket is None or ticket.state != "waiting" or self._is_busy(present.claim):
                        continue  # it was taken between the look at the queue and the lock
                    lease = self._lease(transaction, key, present)
                    transaction.later(TICKET, START, (key.series, key.address))
            except Busy:
                continue
            return self._made(lease, replace(ticket, state="running"))
        return None

    def is_claimed(self, key: Key, token: str = "") -> bool:
        """Return whether a living holder has the key; with `token`, whether that one has. Needs no guard."""
        rows = self._ground.database.read(READ, (key.series, key.address))
        row = ClaimRow(*rows[0]) if rows else None
        return row is not None and token in ("", row.token) and self._is_busy(row)

    def tidy(self, older_than: float) -> None:
        """Forget claims whose holders have been silent for so many seconds."""
        self._ground.database.run(FORGET, (round(older_than * 1e9),))

    def _is_busy(self, row: ClaimRow | None) -> bool:
        return row is not None and row.has_lease and not self._ground.presence.is_dead(row.owner)

    def _lease(self, transaction: Transaction, key: Key, present: Present) -> Lease:
        lease = Lease(self._ground, key, present)
        lease.write(transaction)
        return lease

    def _made(self, lease: Lease, ticket: Ticket | None) -> ClusterClaim:
        return ClusterClaim(self._ground.database, self._parts, lease, ticket)
