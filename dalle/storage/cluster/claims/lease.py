"""A row of `claims`: who has a key, and for how long without a sign of life.

Every change but a beat is made under the key's guard. A beat changes the row of its own token only, so that one which
comes late finds another token, or none.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from dalle.key import Key
from dalle.storage.cluster.claims.presence import Presence
from dalle.storage.cluster.clock import Clock
from dalle.storage.cluster.database.database import Database
from dalle.storage.cluster.database.transaction import Transaction
from dalle.storage.cluster.rows import THIS, Present
from dalle.storage.protocol import ClaimLost
from dalle.storage.ticket import Ticket

PLACE = 10
TAKE = """
    INSERT INTO claims (series, address, token, generation, owner, lease_until)
    VALUES (%s, %s, %s, nextval('generations'), %s, now_ns() + %s)
    ON CONFLICT (series, address) DO UPDATE SET
        token = excluded.token, generation = excluded.generation, owner = excluded.owner,
        lease_until = excluded.lease_until
"""
OWN = f"{THIS} AND token = %s"
RENEW = f"UPDATE claims SET lease_until = now_ns() + %s WHERE {OWN}"
RELEASE = f"DELETE FROM claims WHERE {OWN}"
BEAT = f"""
    WITH beat AS ({RENEW} RETURNING 1), asked AS (
        SELECT FROM tickets WHERE {THIS} AND run_id = %s AND queued_ns = %s AND state = 'cancelled'
    ), shown AS (
        INSERT INTO reports (series, address, body, shown_ns) SELECT %s, %s, %s, now_ns()
        WHERE %s AND EXISTS (SELECT FROM beat) AND NOT EXISTS (SELECT FROM asked)
        ON CONFLICT (series, address) DO UPDATE SET body = excluded.body, shown_ns = excluded.shown_ns
    )
    SELECT EXISTS (SELECT FROM beat), EXISTS (SELECT FROM asked)
"""


@dataclass(frozen=True, slots=True)
class Ground:
    """What claims stand on. `ttl`: the longest silence of a holder, in seconds."""

    database: Database
    presence: Presence
    clock: Clock
    ttl: float

    @property
    def lease_ns(self) -> int:
        return round(self.ttl * 1e9)


class Lease:
    """A row of `claims` with this holder's token."""

    def __init__(self, ground: Ground, key: Key, present: Present) -> None:
        self.key = key
        self.token = secrets.token_hex(8)
        self.taken_over = present.claim is not None
        self._ground = ground
        self._renewed = ground.clock.monotonic()

    @property
    def own(self) -> tuple[str, str, str]:
        return self.key.series, self.key.address, self.token

    def remaining(self) -> float:
        """Return the seconds until others may take the key: from before the lease was written, so rather less."""
        return self._renewed + self._ground.ttl - self._ground.clock.monotonic()

    @property
    def is_due(self) -> bool:
        """Whether the silence has lasted for a tenth of the lease."""
        return self.remaining() < self._ground.ttl * 0.9

    def write(self, transaction: Transaction) -> None:
        """Take the key in a transaction that has locked it."""
        ground = self._ground
        values = (self.key.series, self.key.address, self.token, ground.presence.owner, ground.lease_ns)
        transaction.later(PLACE, TAKE, values)

    def renew(self, transaction: Transaction) -> None:
        """Renew it at the end of a transaction that has locked the key."""
        transaction.later(PLACE, RENEW, (self._ground.lease_ns, *self.own))
        transaction.after(self._noting())

    def release(self) -> None:
        """Give the key back; harmless when it was lost, or released before."""
        self._ground.database.run(RELEASE, self.own)

    def beat(self, ticket: Ticket | None, report: bytes) -> bool:
        """Renew it and show a report, unless the holder is asked to let go; return whether it is. Raises ClaimLost."""
        noted = self._noting()
        this = (self.key.series, self.key.address)
        asked = (*this, ticket.run_id if ticket else "", ticket.queued_ns if ticket else 0)
        with self._ground.database.begin() as transaction:
            values = (self._ground.lease_ns, *self.own, *asked, *this, report, bool(report))
            ((is_own, is_asked),) = transaction.run(BEAT, values)
            if not is_own:
                raise ClaimLost(str(self.key))
        noted()
        return bool(is_asked)

    def _noting(self) -> Callable[[], None]:
        moment = self._ground.clock.monotonic()

        def note() -> None:
            self._renewed = max(self._renewed, moment)

        return note
