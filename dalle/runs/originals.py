"""The raw bytes of a key's attempts: kept first of all, under a name of their own, until they are published."""

import errno
import logging
import os
import time
from collections.abc import Callable
from pathlib import Path

from dalle.errors import DiskTrouble
from dalle.events import Observer
from dalle.key import Key
from dalle.storage.folder.atomic import read_bytes, remove, write_atomic
from dalle.storage.folder.layout import Store
from dalle.storage.journal import Attempt

log = logging.getLogger(__name__)

# A picture that was paid for is worth waiting for somebody to make room on a full disk.
PATIENCE = 10.0  # seconds
REST = 0.5  # seconds


class Raws:
    """Those of one key."""

    def __init__(
        self, store: Store, key: Key, observer: Observer, *, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._store = store
        self._key = key
        self._filing = observer.filing
        self._sleep = sleep

    def path(self, attempt: Attempt) -> Path:
        """Where they lie."""
        return self._store.raw(self._key, attempt.runId, attempt.number)

    def commit(self, attempt: Attempt, data: bytes) -> None:
        """Put the bytes on disk, durably, waiting a little for a full disk. Raises DiskTrouble."""
        path = self.path(attempt)
        for last in [False] * int(PATIENCE / REST) + [True]:
            try:
                with self._filing("write"):
                    write_atomic(path, data, durable=attempt.paid)
                attempt.raw = path.name
                return
            except OSError as exc:
                if last:
                    raise DiskTrouble("the picture was paid for and could not be kept", private=str(exc)) from exc
                log.error("%s %s: cannot keep the picture, trying again: %s", attempt.runId, self._key, exc)
                self._sleep(REST)

    def set_aside(self, attempt: Attempt) -> None:
        """Bytes that are no picture: let no later run go on from them, and let people look at them."""
        path = self.path(attempt)
        if path.exists():
            path.replace(path.with_suffix(".bad"))
        attempt.raw = ""

    def move(self, attempt: Attempt, generated: Path) -> None:
        """Make them the key's generated picture, the only one; harmless when that was done before."""
        path = self.path(attempt)
        try:
            generated.parent.mkdir(parents=True, exist_ok=True)
            os.replace(path, generated)
        except FileNotFoundError:
            pass
        except OSError as exc:
            if exc.errno != errno.EXDEV:
                raise
            write_atomic(generated, read_bytes(path) or b"")
            remove(path)
        for other in ("png", "webp", "jpeg"):
            if other != generated.suffix[1:]:
                remove(self._store.generated(self._key, other))

    def remove(self, attempt: Attempt) -> None:
        """Nobody needs them."""
        remove(self.path(attempt))
