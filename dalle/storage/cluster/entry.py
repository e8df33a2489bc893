"""One key under its guard: a transaction that has locked the key's row."""

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, TypeVar

from dalle.errors import FileSystemError, QueueFull
from dalle.key import Key
from dalle.storage.attempt import Attempt
from dalle.storage.blob import Blob, Facts, Original, Staged
from dalle.storage.cluster import attempts, calls, documents, outbox
from dalle.storage.cluster.attempts import Record, record_of
from dalle.storage.cluster.database.transaction import Transaction
from dalle.storage.cluster.objects.objects import KeyPictures, Objects
from dalle.storage.cluster.rows import THIS, Present, decode_of
from dalle.storage.codec import attempts_in, decode_object, encode_journal, encode_json
from dalle.storage.event import Event
from dalle.storage.journal import DamagedJournal, Journal, NewerJournal
from dalle.storage.ticket import Ticket, TicketState

T = TypeVar("T")

TICKET, JOURNAL, REPORT = 20, 30, 40
"""Places among what an entry writes: see `Transaction.later`."""
SAVE = f"UPDATE keys SET journal = %s, state = %s, failed_ns = %s WHERE {THIS}"
KEEP_DAMAGED = "INSERT INTO damaged (series, address, journal, moved_ns) VALUES (%s, %s, %s, now_ns())"
PUT_TICKET = """
    INSERT INTO tickets (series, address, run_id, queued_ns, state) VALUES (%s, %s, %s, %s, %s)
    ON CONFLICT (series, address) DO UPDATE SET
        run_id = excluded.run_id, queued_ns = excluded.queued_ns, state = excluded.state
"""
DROP_TICKET = f"DELETE FROM tickets WHERE {THIS}"
LOCK_QUEUE = "SELECT FROM queue FOR UPDATE"
COUNT = """
    SELECT now_ns(), count(*), count(*) FILTER (WHERE state = 'waiting') FROM tickets
    WHERE (series, address) <> (%s, %s)
"""
SHOW = """
    INSERT INTO reports (series, address, body, shown_ns) VALUES (%s, %s, %s, now_ns())
    ON CONFLICT (series, address) DO UPDATE SET body = excluded.body, shown_ns = excluded.shown_ns
"""
HIDE = f"DELETE FROM reports WHERE {THIS}"
NOTE_FAILURE = """
    INSERT INTO failures (series, address, run_id, ended_ns) VALUES (%s, %s, %s, %s)
    ON CONFLICT (series, address, run_id) DO UPDATE SET ended_ns = excluded.ended_ns
"""


@dataclass(frozen=True, slots=True)
class Parts:
    """What entries work on beside their transaction. `capacity`: of the queue."""

    objects: Objects
    capacity: int


class ClusterEntry:
    """Satisfies `Entry`. What it changes is written and committed at its end; it reads its own changes."""

    def __init__(self, parts: Parts, key: Key, transaction: Transaction, present: Present) -> None:
        self._key = key
        self._this = (key.series, key.address)
        self._parts = parts
        self._transaction = transaction
        self._before = present
        self._journal = present.journal
        self._summary: tuple[str | None, int | None] | None = None
        self._calls_before: frozenset[Record] | None = None
        self._calls: frozenset[Record] = frozenset()
        self._ticket = present.ticket
        self._report: bytes | None = None
        self._shown = False
        self._documents: dict[str, tuple[bytes | None, bytes | None]] = {}

    @property
    def key(self) -> Key:
        return self._key

    @cached_property
    def _pictures(self) -> KeyPictures:
        return self._parts.objects.at(self._key, self._transaction)

    def finish(self) -> None:
        """Collect what is to be written."""
        if self._summary is not None:
            self._transaction.later(JOURNAL, SAVE, (self._journal, *self._summary, *self._this))
            attempts.write(self._transaction, self._key, self._calls_before or frozenset(), self._calls)
        if self._ticket != self._before.ticket:
            self._write_ticket(self._ticket)
        if self._shown and self._report:
            self._transaction.later(REPORT, SHOW, (*self._this, self._report))
        elif self._shown:
            self._transaction.later(REPORT, HIDE, self._this)
        for name, (before, after) in self._documents.items():
            documents.write(self._transaction, name, before, decode_object(after))

    # -- journal -----------------------------------------------------------------------------------------------

    def journal(self) -> Journal | None:
        return decode_of(self._key, self._journal)

    def save(self, journal: Journal, *, durable: bool = False) -> None:
        if self._calls_before is None:
            self._calls_before = self._known_calls()
        self._calls = frozenset(map(record_of, journal.attempts))
        self._journal = encode_journal(journal)
        self._summary = journal.state, journal.ended_ns if journal.state == "failed" else None
        if durable:
            self._transaction.durable()

    def _known_calls(self) -> frozenset[Record]:
        with suppress(FileSystemError):
            journal = self.journal()
            return frozenset(map(record_of, journal.attempts)) if journal else frozenset()
        return frozenset()

    def forget(self) -> None:
        self._journal, self._summary = None, (None, None)
        self._calls_before = self._calls = frozenset()
        attempts.close_all(self._transaction, self._key)

    def quarantine_journal(self, replacement: Journal) -> bool:
        try:
            self.journal()
        except NewerJournal:
            return False
        except DamagedJournal:
            self._transaction.later(JOURNAL, KEEP_DAMAGED, (*self._this, self._journal))
            attempts.close_all(self._transaction, self._key)
            self.save(replacement, durable=True)
            return True
        return False

    def salvage(self) -> list[Attempt]:
        return attempts_in(io.StringIO((self._journal or b"").decode(errors="replace")))

    # -- ticket ------------------------------------------------------------------------------------------------

    def ticket(self) -> Ticket | None:
        return self._ticket

    def enqueue(self, run_id: str) -> tuple[Ticket, int]:
        self._transaction.look(LOCK_QUEUE)
        ((now_ns, count, waiting),) = self._transaction.look(COUNT, self._this)
        if count >= self._parts.capacity:
            most = self._parts.capacity
            raise QueueFull(f"{count} runs are open, and at most {most} may be", retry_after=10)
        self._ticket = Ticket(now_ns, run_id, self._key, "waiting")
        self._transaction.durable()
        return self._ticket, waiting

    def restore(self, ticket: Ticket) -> None:
        if self._ticket is None:
            self._ticket = ticket

    def move(self, ticket: Ticket, state: TicketState) -> Ticket | None:
        if self._ticket != ticket:
            return None
        self._ticket = replace(ticket, state=state)
        return self._ticket

    def drop(self) -> None:
        self._ticket = None

    def ask_cancel(self) -> None:
        if self._ticket:
            self._ticket = replace(self._ticket, state="cancelled")

    def _write_ticket(self, ticket: Ticket | None) -> None:
        if ticket is None:
            self._transaction.later(TICKET, DROP_TICKET, self._this)
        else:
            values = (*self._this, ticket.run_id, ticket.queued_ns, ticket.state)
            self._transaction.later(TICKET, PUT_TICKET, values)

    def note_failure(self, run_id: str, ended_ns: int) -> None:
        self._transaction.later(JOURNAL, NOTE_FAILURE, (*self._this, run_id, ended_ns))

    # -- what is shared ----------------------------------------------------------------------------------------

    @contextmanager
    def edit(self, name: str, *, durable: bool = False) -> Iterator[dict[str, Any]]:
        if name not in self._documents:
            before = documents.locked(self._transaction, name)
            self._documents[name] = before, before
        before, present = self._documents[name]
        value = decode_object(present)
        yield value
        self._documents[name] = before, encode_json(value)
        if durable:
            self._transaction.durable()

    def note_call(self, line: Mapping[str, Any], *, repeated: bool = False) -> None:
        calls.note(self._transaction, line, repeated=repeated)
        self._transaction.durable()

    def emit(self, event: Event) -> None:
        self._transaction.later(outbox.PLACE, *outbox.putting(event))
        self._transaction.durable()

    # -- report ------------------------------------------------------------------------------------------------

    def report(self) -> bytes:
        if self._report is None:
            found = self._transaction.look(f"SELECT body FROM reports WHERE {THIS}", self._this)
            self._report = found[0][0] if found else b""
        return self._report

    def show(self, report: bytes) -> None:
        self._report, self._shown = report, True

    def hide(self) -> None:
        self._report, self._shown = b"", True

    # -- picture -----------------------------------------------------------------------------------------------

    def has_picture(self) -> bool:
        return self._pictures.has_picture()

    def publish(self, staged: Sequence[Staged], facts: Facts) -> None:
        self._durably(lambda: self._pictures.publish(staged, facts))

    def keep_original(self, original: Original, generated: Blob) -> None:
        self._durably(lambda: self._pictures.keep_original(original, generated))

    def withdraw(self, *, keep: bool = False) -> bool:
        return self._durably(lambda: self._pictures.withdraw(keep=keep))

    def forget_thumbnails(self) -> None:
        self._pictures.forget_thumbnails()

    def forget_version(self) -> None:
        self._pictures.forget_version()

    def has_previous(self) -> bool:
        return self._pictures.has_previous()

    def restore_previous(self) -> bool:
        return self._durably(self._pictures.restore_previous)

    def forget_previous(self) -> bool:
        return self._durably(self._pictures.forget_previous)

    def quarantine_picture(self) -> bool:
        return self._pictures.quarantine_picture()

    def quarantine_original(self, original: Original) -> bool:
        return self._durably(lambda: self._pictures.quarantine_original(original))

    def _durably(self, change: Callable[[], T]) -> T:
        self._transaction.durable()
        return change()
