"""A key's rows, as they are read once its row in `keys` is locked: in a second statement, which sees what others did
while the lock was waited for.
"""

from dataclasses import dataclass
from typing import Any

from dalle.key import Key
from dalle.storage.cluster.database.transaction import Statement, Transaction
from dalle.storage.codec import decode_journal
from dalle.storage.journal import Journal
from dalle.storage.ticket import Ticket

THIS = "series = %s AND address = %s"
ADD = "INSERT INTO keys (series, address) VALUES (%s, %s) ON CONFLICT DO NOTHING"
LOCK = f"SELECT FROM keys WHERE {THIS} FOR UPDATE"
LOCK_CLAIM = f"SELECT FROM claims WHERE {THIS} FOR UPDATE"
READ = f"""
    SELECT k.journal, t.queued_ns, t.run_id, t.state, c.token, c.owner, c.lease_until > now_ns()
    FROM keys k LEFT JOIN tickets t USING (series, address) LEFT JOIN claims c USING (series, address) WHERE {THIS}
"""


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """Who has a key, or had it; `has_lease`: it was not silent for too long."""

    token: str
    owner: str
    has_lease: bool


@dataclass(frozen=True, slots=True)
class Present:
    """What is known of a key."""

    journal: bytes | None = None
    ticket: Ticket | None = None
    claim: ClaimRow | None = None


def enter(transaction: Transaction, key: Key, *, claim: bool = False) -> Present:
    """Lock a key for a transaction, with `claim` also its claim against the beats of its holder; read its rows."""
    this = (key.series, key.address)
    locks: list[Statement] = [(ADD, this), (LOCK, this), *([(LOCK_CLAIM, this)] if claim else [])]
    *_, (row,) = transaction.look(*locks, (READ, this))
    return present_of(key, *row)


def present_of(key: Key, journal: bytes | None, *columns: Any) -> Present:
    queued_ns, run_id, state, *claim = columns
    ticket = Ticket(queued_ns, run_id, key, state) if run_id is not None else None
    return Present(journal, ticket, ClaimRow(*claim) if claim[0] is not None else None)


def decode_of(key: Key, data: bytes | None) -> Journal | None:
    """Return the journal of a key. Raises NewerJournal, DamagedJournal."""
    if data is None:
        return None
    journal = decode_journal(data)
    # It may have been changed by hand: no other key may be queued or charged for it.
    journal.series, journal.address = key.series, key.address
    return journal
