"""What the suites ask of an engine besides the protocols: to be opened again, to grow older, and to be damaged."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import cache
from typing import Any, Protocol

from dalle.key import Key
from dalle.storage.blob import Blob, Facts, Staged
from dalle.storage.journal import Journal
from dalle.storage.protocol import Entry, Storage
from dalle.storage.ticket import Ticket
from tests.kit.images import as_file, noise

TTL = 60.0
"""Seconds: the longest silence of a holder."""
CAPACITY = 3
"""Open runs over all workers."""
MOST_WRITES = 500
"""An entry makes fewer: a test that kills a worker at each of them ends here at the latest."""
KEY = Key("simple", f"0x{'5a' * 20}")
OTHER = Key("simple", f"0x{'6b' * 20}")
THIRD = Key("other", f"0x{'7c' * 20}")

Opener = Callable[[], Storage]


class Engine(Protocol):
    """An engine under test, with data of its own; what a subclass of the tests returns from its fixture `engine`.

    storage  opened with TTL and CAPACITY
    """

    storage: Storage

    @property
    def opener(self) -> Opener:
        """Return what opens the same data in another process, as another worker does; it can be pickled."""

    def open(self) -> Storage:
        """Open the same data again in this process, as another worker does."""

    def advance(self, seconds: float) -> None:
        """Move the clocks of this process's storages on: the engine's, and that of claims."""

    def dying(self, number: int) -> Callable[[], None]:
        """Return what makes a process be killed at its nth write; it can be pickled."""

    def failing(self) -> AbstractContextManager[object]:
        """Let all writes of this process fail, as on a full disk."""

    def tear(self, key: Key) -> None:
        """Leave a torn picture, of long ago, in the place of the finished one."""

    def damage_journal(self, key: Key) -> None:
        """Make a journal unreadable."""

    def damage_document(self, name: str) -> None:
        """Make a document unreadable."""

    def damage_cached(self, name: str) -> None:
        """Leave half of what the cache has under a name."""


def key(number: int) -> Key:
    return Key("many", f"0x{number:040x}")


@cache
def picture(number: int) -> bytes:
    """A picture that is long enough to be torn."""
    return as_file(noise(150, 150, seed=number), compress_level=0)


def journal(run_id: str, key: Key = KEY, **fields: Any) -> Journal:
    return Journal(key.series, key.address, run_id=run_id, **fields)


def report(run_id: str) -> bytes:
    """A public report that is long enough to be torn."""
    return b'{"runId":"%s","text":"%s"}\n' % (run_id.encode(), b"x" * 20_000)


def ticket(number: int, key: Key) -> Ticket:
    """A ticket that was accepted long ago; a higher number later."""
    return Ticket(number, f"{number:016x}", key, "waiting")


def publish(storage: Storage, entry: Entry, data: bytes) -> list[Staged]:
    """Publish a picture inside an entry; return what was staged."""
    staged = [storage.blobs.stage(Blob.picture(entry.key), data)]
    entry.publish(staged, Facts())
    return staged


def put_picture(storage: Storage, key: Key, data: bytes) -> None:
    with storage.guard(key) as entry:
        publish(storage, entry, data)


def seen(storage: Storage, key: Key) -> bytes | None:
    """Return the finished picture as a reader sees it."""
    opened = storage.finished(key)
    if opened is None:
        return None
    with opened.file:
        return opened.file.read()
