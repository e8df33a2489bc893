"""Events that wait for their delivery: a row each, held by the worker that sends it."""

import secrets
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress

from dalle.storage.cluster.claims.presence import Presence
from dalle.storage.cluster.database.database import Database
from dalle.storage.cluster.database.transaction import Statement
from dalle.storage.codec import decode_object, encode_json
from dalle.storage.event import Event, Parcel
from dalle.storage.protocol import StorageError

PLACE = 60
HELD_NS = 120_000_000_000
"""How long a silent holder keeps an event from the other hosts; an attempt takes 15 seconds."""
DAY_NS = 86_400_000_000_000
WAITS_NS = 4 * DAY_NS
"""How long an event waits, however seldom it was sent."""
KEPT_NS = 30 * DAY_NS
MOST_KEPT = 500
"""How long events that were given up are kept, and how many."""

PUT = """
    INSERT INTO outbox (id, type, time_ns, data, put_ns, due_ns) VALUES (%s, %s, %s, %s, now_ns(), 0)
    ON CONFLICT (id) DO UPDATE SET type = excluded.type, time_ns = excluded.time_ns, data = excluded.data
    WHERE outbox.attempts = 0 AND NOT outbox.is_given_up
"""
PARCELS = "SELECT due_ns, id, attempts, status FROM outbox WHERE is_given_up = %s"
THIS = "id = %s AND due_ns = %s AND attempts = %s AND NOT is_given_up"
TAKE = f"""
    UPDATE outbox SET holder = %s, held_until = now_ns() + %s WHERE {THIS} AND holder = %s
    RETURNING type, time_ns, data
"""
LET_GO = "UPDATE outbox SET holder = '', held_until = 0 WHERE id = %s AND holder = %s"
RETRY = """
    UPDATE outbox SET due_ns = 0, attempts = 0, put_ns = now_ns(), is_given_up = false, holder = '', held_until = 0
    WHERE id = %s AND holder = %s
"""
OLD = "SELECT id, holder, held_until > now_ns() FROM outbox WHERE NOT is_given_up AND put_ns < now_ns() - %s"
GIVE_UP_OLD = """
    UPDATE outbox SET is_given_up = true, due_ns = now_ns() WHERE id = %s AND holder = %s AND NOT is_given_up
"""
FORGET_OLD = """
    DELETE FROM outbox WHERE is_given_up AND (due_ns < now_ns() - %s OR id IN (
        SELECT id FROM outbox WHERE is_given_up ORDER BY due_ns DESC, id DESC OFFSET %s))
"""


class HeldRow:
    """Satisfies `HeldEvent`. What another worker has taken meanwhile stays as it is."""

    def __init__(self, database: Database, event: Event, attempts: int, holder: str) -> None:
        self.event = event
        self.attempts = attempts
        self._database = database
        self._holder = holder

    def forget(self) -> None:
        self._database.run("DELETE FROM outbox WHERE id = %s AND holder = %s", (self.event.id, self._holder))

    def postpone(self, due_ns: int, *, attempts: int, status: int = 0) -> None:
        self._change(due_ns, attempts, status, given_up=False)

    def give_up(self, now_ns: int, *, attempts: int, status: int = 0) -> None:
        self._change(now_ns, attempts, status, given_up=True)

    def _change(self, due_ns: int, attempts: int, status: int, *, given_up: bool) -> None:
        change = "UPDATE outbox SET due_ns = %s, attempts = %s, status = %s, is_given_up = %s"
        values = (due_ns, attempts, status, given_up, self.event.id, self._holder)
        self._database.run(f"{change} WHERE id = %s AND holder = %s", values)


class ClusterOutbox:
    """Satisfies `Outbox`. A holder is a process of `presence` and a token of its own."""

    def __init__(self, database: Database, presence: Presence) -> None:
        self._database = database
        self._presence = presence

    def put(self, event: Event) -> None:
        self._database.run(*putting(event))

    def waiting(self) -> list[Parcel]:
        return self._parcels(f"{PARCELS} ORDER BY due_ns, id", False)

    def given_up(self) -> list[Parcel]:
        return self._parcels(f"{PARCELS} ORDER BY due_ns, id", True)

    def due(self, now_ns: int) -> list[Parcel]:
        return self._parcels(f"{PARCELS} AND due_ns <= %s ORDER BY due_ns, id", False, now_ns)

    def _parcels(self, sql: str, *parameters: object) -> list[Parcel]:
        return [Parcel(*row) for row in self._database.read(sql, parameters)]

    def read(self, parcel: Parcel) -> Event | None:
        rows = self._database.read("SELECT type, time_ns, data FROM outbox WHERE id = %s", (parcel.event_id,))
        return event_of(parcel.event_id, *rows[0]) if rows else None

    @contextmanager
    def hold(self, parcel: Parcel) -> Iterator[HeldRow | None]:
        held = self._take(parcel)
        if held is None:
            yield None
            return
        ACTIVE.add(held._holder)
        try:
            yield held
        finally:
            ACTIVE.discard(held._holder)
            with suppress(StorageError):  # then it is free when its lease is over, or this process ends
                self._database.run(LET_GO, (parcel.event_id, held._holder))

    def _take(self, parcel: Parcel) -> HeldRow | None:
        this = (parcel.event_id, parcel.due_ns, parcel.attempts)
        rows = self._database.read(f"SELECT holder, held_until > now_ns() FROM outbox WHERE {THIS}", this)
        if not rows or self._is_held(*rows[0]):
            return None
        holder = f"{self._presence.owner}/{secrets.token_hex(8)}"
        taken = self._database.run(TAKE, (holder, HELD_NS, *this, rows[0][0]))
        return HeldRow(self._database, event_of(parcel.event_id, *taken[0]), parcel.attempts, holder) if taken else None

    def _is_held(self, holder: str, has_lease: bool) -> bool:
        """Return whether a process sends it: surely where it is this process, and by its lease where it is another."""
        return holder in ACTIVE or (has_lease and not self._presence.is_dead(holder.rpartition("/")[0]))

    def retry(self, event_ids: Collection[str] = ()) -> int:
        count = 0
        for event_id, holder, has_lease in self._database.read("SELECT id, holder, held_until > now_ns() FROM outbox"):
            if (not event_ids or event_id in event_ids) and not self._is_held(holder, has_lease):
                count += len(self._database.run(f"{RETRY} RETURNING id", (event_id, holder)))
        return count

    def tidy(self) -> None:
        """Give up what has waited too long, and bound what was given up."""
        for event_id, holder, has_lease in self._database.read(OLD, (WAITS_NS,)):
            if not self._is_held(holder, has_lease):
                self._database.run(GIVE_UP_OLD, (event_id, holder))
        self._database.run(FORGET_OLD, (KEPT_NS, MOST_KEPT))


ACTIVE = set[str]()
"""The holders of this process that are sending at this moment, over all engines in it."""


def putting(event: Event) -> Statement:
    """Return the statement that adds an event."""
    return PUT, (event.id, event.type, event.time_ns, encode_json(event.data))


def event_of(event_id: str, kind: str, time_ns: int, data: bytes) -> Event:
    return Event(event_id, kind, time_ns, decode_object(data))
