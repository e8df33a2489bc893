"""The calls of a journal as rows, so that the database itself refuses a second paid call while another is open."""

from typing import NamedTuple

from dalle.key import Key
from dalle.storage.attempt import Attempt
from dalle.storage.cluster.database.transaction import Transaction

PLACE = 30
WRITE = """
    INSERT INTO attempts (series, address, run_id, number, sent_ns, paid, is_open, outcome, used, estimate, cost)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
    ON CONFLICT (series, address, run_id, number) DO UPDATE SET
        sent_ns = excluded.sent_ns, paid = excluded.paid, is_open = excluded.is_open, outcome = excluded.outcome,
        used = excluded.used, estimate = excluded.estimate, cost = excluded.cost
"""
CLOSE = "UPDATE attempts SET is_open = false WHERE series = %s AND address = %s AND is_open"


class Record(NamedTuple):
    """What a row shows of an attempt."""

    run_id: str
    number: int
    sent_ns: int
    paid: bool
    is_open: bool
    outcome: str
    used: bool
    estimate: float
    cost: float


def record_of(attempt: Attempt) -> Record:
    """An attempt is open from its call until something of it is known: an outcome, bytes, or a task."""
    something = attempt.outcome or attempt.answer or attempt.raw or attempt.task or attempt.url
    is_open = not (something or attempt.used or attempt.written_off)
    return Record(
        *(attempt.run_id, attempt.number, attempt.sent_ns, attempt.paid, is_open, attempt.outcome, attempt.used),
        *(max(attempt.estimate, 0.0), max(attempt.cost, 0.0)),
    )


def write(transaction: Transaction, key: Key, before: frozenset[Record], after: frozenset[Record]) -> None:
    """Write the rows that differ; those that end first, since one that begins may take their place."""
    for record in sorted(after - before, key=lambda record: record.is_open):
        transaction.later(PLACE, WRITE, (key.series, key.address, *record))


def close_all(transaction: Transaction, key: Key) -> None:
    """Let no attempt be open: the journal that knew them is gone."""
    transaction.later(PLACE - 1, CLOSE, (key.series, key.address))
