"""A key's rows, as they are read once its row in `keys` is locked."""

from dataclasses import dataclass
from typing import Any

from dalle.key import Key
from dalle.storage.cluster.database.transaction import Transaction
from dalle.storage.codec import decode_journal
from dalle.storage.journal import Journal
from dalle.storage.ticket import Ticket

THIS = "series = %s AND address = %s"
ENTER = "SELECT * FROM enter_key(%s, %s, %s)"


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
    (row,) = transaction.look(ENTER, (key.series, key.address, claim))
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
