"""Small JSON objects that all hosts share: a row each, locked while it is changed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from dalle.storage.cluster.database.database import Database
from dalle.storage.cluster.database.transaction import Transaction
from dalle.storage.codec import decode_object, encode_json

PLACE = 90
"""Of documents among what an entry writes: they are the rows that all keys share."""
READ = "SELECT body FROM documents WHERE name = %s"
LOCK = f"{READ} FOR UPDATE"
ADD = "INSERT INTO documents VALUES (%s, '') ON CONFLICT DO NOTHING"
WRITE = "INSERT INTO documents VALUES (%s, %s) ON CONFLICT (name) DO UPDATE SET body = excluded.body"


class ClusterDocuments:
    """Satisfies `Documents`. `monotonic` in seconds."""

    def __init__(self, database: Database, monotonic: Callable[[], float]) -> None:
        self._database = database
        self._monotonic = monotonic
        self._known: dict[str, tuple[float, dict[str, Any]]] = {}

    def read(self, name: str, *, max_age: float = 0.0) -> dict[str, Any]:
        now = self._monotonic()
        known = self._known.get(name)
        if known and now - known[0] < max_age:
            return known[1]
        rows = self._database.read(READ, (name,))
        value = decode_object(rows[0][0] if rows else None)
        self._known[name] = now, value
        return value

    @contextmanager
    def edit(self, name: str, *, durable: bool = False) -> Iterator[dict[str, Any]]:
        with self._database.begin() as transaction:
            before = locked(transaction, name)
            value = decode_object(before)
            yield value
            write(transaction, name, before, value)
            if durable:
                transaction.durable()


def locked(transaction: Transaction, name: str) -> bytes | None:
    """Lock a document for a transaction; return its bytes, None when it is absent."""
    rows = transaction.look(LOCK, (name,))
    if not rows:
        transaction.look(ADD, (name,))
        rows = transaction.look(LOCK, (name,))
    return bytes(rows[0][0]) or None


def write(transaction: Transaction, name: str, before: bytes | None, value: dict[str, Any]) -> None:
    """Write a locked document at the end of the transaction, if it differs."""
    after = encode_json(value)
    if after != before and (value or before is not None):
        transaction.later(PLACE, WRITE, (name, after))
