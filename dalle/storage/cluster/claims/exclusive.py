"""Names that one worker holds over all hosts: rows with a lease, which a thread renews as long as they are held.

No transaction stays open meanwhile: what is done under such a name may take long.
"""

import logging
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from dalle.atomic import flocked
from dalle.storage.cluster.claims.presence import Presence
from dalle.storage.cluster.database.database import Database
from dalle.storage.protocol import Busy, StorageError

log = logging.getLogger(__name__)

LEASE = 60.0
LOOK = 0.1
"""Seconds: of the longest lease, and between two looks of who waits."""
BEATS = 4
"""Renewals within a lease."""

ADD = """
    INSERT INTO exclusives (name, token, owner, lease_until) VALUES (%s, %s, %s, now_ns() + %s)
    ON CONFLICT (name) DO NOTHING RETURNING token
"""
READ = "SELECT token, owner, lease_until > now_ns() FROM exclusives WHERE name = %s"
REPLACE = """
    UPDATE exclusives SET token = %s, owner = %s, lease_until = now_ns() + %s
    WHERE name = %s AND token = %s AND (lease_until <= now_ns() OR %s) RETURNING token
"""
RENEW = "UPDATE exclusives SET lease_until = now_ns() + %s WHERE name = %s AND token = %s"
RELEASE = "DELETE FROM exclusives WHERE name = %s AND token = %s"


class Exclusives:
    """The names of all hosts, and in `folder` those of this one alone. `lease` in seconds."""

    def __init__(self, database: Database, presence: Presence, folder: Path, *, lease: float = LEASE) -> None:
        self._database = database
        self._presence = presence
        self._folder = folder
        self._lease = min(lease, LEASE)
        self._lease_ns = round(self._lease * 1e9)
        self._left: set[str] = set()

    @contextmanager
    def held(self, name: str, *, wait: bool = True) -> Iterator[None]:
        """Hold a name over all hosts. Raises Busy without `wait`."""
        token = secrets.token_hex(8)
        while not self._take(name, token):
            if not wait:
                raise Busy(name)
            time.sleep(LOOK)
        ended = threading.Event()
        beats = threading.Thread(target=self._renew, args=(name, token, ended), name=f"exclusive {name}", daemon=True)
        beats.start()
        try:
            yield
        finally:
            ended.set()
            beats.join()
            self._left.add(token)
            with suppress(StorageError):  # then it is free for this process, and for all when its lease is over
                self._database.run(RELEASE, (name, token))
                self._left.discard(token)

    @contextmanager
    def held_here(self, name: str, *, wait: bool = True) -> Iterator[None]:
        """Hold a name over the processes of this host. Raises Busy without `wait`."""
        lock = flocked(self._folder / name, wait=wait)
        try:
            lock.__enter__()
        except BlockingIOError as exc:
            raise Busy(name) from exc
        try:
            yield
        finally:
            lock.__exit__(None, None, None)

    def _take(self, name: str, token: str) -> bool:
        owner = self._presence.owner
        if self._database.run(ADD, (name, token, owner, self._lease_ns)):
            return True
        rows = self._database.run(READ, (name,))
        if not rows:
            return False
        holder, holder_owner, has_lease = rows[0]
        is_free = holder in self._left or self._presence.is_dead(holder_owner)
        if has_lease and not is_free:
            return False
        replaced = bool(self._database.run(REPLACE, (token, owner, self._lease_ns, name, holder, is_free)))
        self._left.discard(holder)
        return replaced

    def _renew(self, name: str, token: str, ended: threading.Event) -> None:
        while not ended.wait(self._lease / BEATS):
            try:
                self._database.run(RENEW, (self._lease_ns, name, token))
            except StorageError as exc:
                log.warning("%s: its lease could not be renewed: %s", name, exc)
