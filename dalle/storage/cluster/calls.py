"""One row for each call to the provider, and the sums of those of past days."""

import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from dalle.storage.cluster.database.database import Database
from dalle.storage.cluster.database.line import Row
from dalle.storage.cluster.database.transaction import Transaction
from dalle.storage.codec import encode_json
from dalle.storage.expenses import DAY_NS, Expense, Expenses, Group, group_of, sent_at

log = logging.getLogger(__name__)

PLACE = 50
PART = 2_000
"""Rows that are read or summed up in one journey."""

COLUMNS = """
    series, address, run_id, kind, number, sent_ns, line, day, group_kind, model, code,
    accepted, refused, unknown, spent, at_risk
"""
ADD = f"INSERT INTO calls ({COLUMNS}) SELECT {', '.join(['%s'] * 16)}"
UNLESS_THERE = """
    WHERE NOT EXISTS (SELECT FROM calls WHERE run_id IS NOT DISTINCT FROM %s AND kind IS NOT DISTINCT FROM %s
                                          AND number IS NOT DISTINCT FROM %s)
"""
SINCE = """
    SELECT sent_ns, id, line FROM calls WHERE (sent_ns, id) > (%s, %s) ORDER BY sent_ns, id LIMIT %s
"""
SUMS = """
    SELECT day, series, kind, model, code, accepted, refused, unknown, spent, at_risk
    FROM expenses WHERE day >= %(first)s
    UNION ALL
    SELECT day, series, group_kind, model, code, sum(accepted)::bigint, sum(refused)::bigint, sum(unknown)::bigint,
           sum(spent)::bigint, sum(at_risk)::bigint
    FROM calls WHERE sent_ns >= %(since)s AND (NOT is_summed OR sent_ns < %(midnight)s)
    GROUP BY day, series, group_kind, model, code
"""
SUM_UP = """
    WITH part AS (
        SELECT id FROM calls WHERE NOT is_summed AND sent_ns < %s ORDER BY sent_ns LIMIT %s FOR UPDATE SKIP LOCKED
    ), moved AS (
        UPDATE calls SET is_summed = true FROM part WHERE calls.id = part.id RETURNING calls.*
    ), added AS (
        INSERT INTO expenses
        SELECT day, series, group_kind, model, code, sum(accepted), sum(refused), sum(unknown), sum(spent), sum(at_risk)
        FROM moved GROUP BY day, series, group_kind, model, code
        ON CONFLICT (day, series, kind, model, code) DO UPDATE SET
            accepted = expenses.accepted + excluded.accepted, refused = expenses.refused + excluded.refused,
            unknown = expenses.unknown + excluded.unknown, spent = expenses.spent + excluded.spent,
            at_risk = expenses.at_risk + excluded.at_risk
    )
    SELECT count(*) FROM moved
"""


class ClusterCallLog:
    """Satisfies `CallLog`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def since(self, moment_ns: int = 0) -> Iterator[dict[str, Any]]:
        place = (moment_ns, 0)
        while rows := self._database.read(SINCE, (*place, PART)):
            for sent_ns, number, line in rows:
                place = (sent_ns, number)
                with suppress(ValueError, RecursionError):
                    yield json.loads(line)

    def expenses(self, since_ns: int = 0) -> Expenses:
        """Sums of whole days; of the day of the moment, if that is no midnight, and of what is not summed up, calls."""
        first = -(-since_ns // DAY_NS)
        total: Expenses = {}
        parameters = {"first": first, "since": since_ns, "midnight": first * DAY_NS}
        for *group, accepted, refused, unknown, spent, at_risk in self._database.read(SUMS, parameters):
            expense = Expense(accepted, refused, unknown, spent, at_risk)
            total.setdefault(Group(*group), Expense()).add(expense)
        return total

    def sum_up(self, now_ns: int) -> bool:
        """Sum up some calls of past days; return whether none is left."""
        ((count,),) = self._database.run(SUM_UP, (now_ns // DAY_NS * DAY_NS, PART))
        return bool(count < PART)


def note(transaction: Transaction, line: Mapping[str, Any], *, repeated: bool) -> None:
    """Add a line at the end of the transaction, unless it is `repeated` and there."""
    try:
        row = row_of(line)
    except (ValueError, TypeError, KeyError, OverflowError) as exc:
        log.error("a line of the call log is none: %r", exc)
        return
    identity = row[2:5] if repeated else ()
    transaction.later(PLACE, f"{ADD} {UNLESS_THERE if repeated else ''}", (*row, *identity))


def row_of(line: Mapping[str, Any]) -> Row:
    """Return a line's columns. Raises ValueError, TypeError, KeyError for what is no call."""
    sent_ns = sent_at(line)
    group, expense = group_of(line, sent_ns), Expense()
    expense.count(line)
    texts = (clean(line.get("series", "")), clean(line.get("address", "")))
    run_id, kind, number = line.get("runId"), line.get("kind"), line.get("number")
    identity = (run_id and clean(run_id), clean(kind or "image"), None if number is None else int(number))
    return (
        *(*texts, *identity, sent_ns, encode_json(line)),
        *(group.day, clean(group.kind), clean(group.model), clean(group.code)),
        *(expense.accepted, expense.refused, expense.unknown, expense.spent, expense.at_risk),
    )


def clean(text: Any) -> str:
    """Return a text as the database takes it."""
    return str(text).replace("\0", "").encode(errors="replace").decode()
