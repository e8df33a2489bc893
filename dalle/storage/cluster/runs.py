"""What is known of many runs at once: those that are open, and those that have failed."""

from collections.abc import Iterable, Iterator
from contextlib import suppress

from dalle.errors import FileSystemError
from dalle.key import Key
from dalle.storage.cluster.database.database import Database
from dalle.storage.cluster.rows import THIS, decode_of
from dalle.storage.journal import Journal
from dalle.storage.ticket import Ticket

MOST_FAILURES = 50
FAILURE_NS = 3_600_000_000_000
"""How many failures are listed, and how long."""
PART = 50
"""Journals that are read in one journey."""

COLUMNS = "t.queued_ns, t.run_id, t.series, t.address, t.state"
TICKETS = f"SELECT {COLUMNS} FROM tickets t ORDER BY t.queued_ns, t.run_id"
TICKET = f"SELECT {COLUMNS} FROM tickets t WHERE {THIS}"
OPEN = f"""
    SELECT {COLUMNS}, r.body FROM tickets t LEFT JOIN reports r USING (series, address)
    WHERE t.state <> 'cancelled' ORDER BY t.queued_ns, t.run_id
"""
OLD = f"""
    SELECT * FROM (
        SELECT {COLUMNS}, row_number() OVER (ORDER BY t.queued_ns, t.run_id), r.shown_ns
        FROM tickets t LEFT JOIN reports r USING (series, address) WHERE t.state = 'waiting'
    ) AS waiting WHERE shown_ns IS NULL OR shown_ns <= now_ns() - %s OR shown_ns > now_ns()
"""
SHOW = """
    WITH fresh AS (
        SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::bytea[]) AS fresh (series, address, run_id, body)
    ), free AS (
        SELECT k.series, k.address FROM keys k JOIN fresh USING (series, address)
        ORDER BY k.series, k.address FOR UPDATE OF k SKIP LOCKED
    )
    INSERT INTO reports (series, address, body, shown_ns)
    SELECT series, address, fresh.body, now_ns()
    FROM fresh JOIN free USING (series, address) JOIN tickets t USING (series, address, run_id)
    WHERE t.state = 'waiting' ORDER BY series, address
    ON CONFLICT (series, address) DO UPDATE SET body = excluded.body, shown_ns = excluded.shown_ns
"""
FAILURES = """
    SELECT f.series, f.address, f.run_id, r.body FROM failures f LEFT JOIN reports r USING (series, address)
    WHERE f.ended_ns >= %s ORDER BY f.ended_ns DESC LIMIT %s
"""
FORGET_FAILURES = "DELETE FROM failures WHERE ended_ns < now_ns() - %s"
FAILED = """
    SELECT series, address, journal, failed_ns FROM keys
    WHERE (failed_ns, series, address) < (%s, %s, %s) AND failed_ns IS NOT NULL
    ORDER BY failed_ns DESC, series DESC, address DESC LIMIT %s
"""
NEWEST = (2**63 - 1, "", "")


class Runs:
    """The runs of all keys."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def ticket(self, key: Key) -> Ticket | None:
        rows = self._database.read(TICKET, (key.series, key.address))
        return ticket_of(*rows[0]) if rows else None

    def tickets(self) -> list[Ticket]:
        return [ticket_of(*row) for row in self._database.read(TICKETS)]

    def open_runs(self) -> list[tuple[Ticket, bytes]]:
        return [(ticket_of(*row), body or b"") for *row, body in self._database.read(OPEN)]

    def waiting_reports(self, older_than: float) -> list[tuple[Ticket, int]]:
        rows = self._database.read(f"{OLD} ORDER BY row_number", (round(older_than * 1e9),))
        return [(ticket_of(*row), position) for *row, position, _ in rows]

    def show_waiting(self, reports: Iterable[tuple[Ticket, bytes]]) -> None:
        """One statement for all; a key that is being decided about is left out."""
        rows = [(ticket.key.series, ticket.key.address, ticket.run_id, report) for ticket, report in reports]
        if rows:
            self._database.run(SHOW, [list(column) for column in zip(*rows, strict=True)])

    def failures(self, since_ns: int) -> list[tuple[Key, str, bytes]]:
        rows = self._database.read(FAILURES, (since_ns, MOST_FAILURES))
        return [(Key(series, address), run_id, body or b"") for series, address, run_id, body in rows]

    def failed_journals(self) -> Iterator[Journal]:
        place: tuple[int, str, str] = NEWEST
        while rows := self._database.read(FAILED, (*place, PART)):
            for series, address, data, failed_ns in rows:
                place = (failed_ns, series, address)
                with suppress(FileSystemError):
                    if journal := decode_of(Key(series, address), data):
                        yield journal

    def forget_failures(self) -> None:
        """Remove the notes of failures that are not listed any more; their journals stay."""
        self._database.run(FORGET_FAILURES, (FAILURE_NS,))


def ticket_of(queued_ns: int, run_id: str, series: str, address: str, state: str) -> Ticket:
    return Ticket(queued_ns, run_id, Key(series, address), state)  # type: ignore[arg-type]  # the table's check
