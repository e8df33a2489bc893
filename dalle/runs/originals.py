"""The bytes of a key's attempts: kept first of all, under a name of their own, until they are published."""

import logging
import time
from collections.abc import Callable

from dalle.errors import DiskTrouble
from dalle.events import Observer
from dalle.key import Key
from dalle.storage.attempt import Attempt
from dalle.storage.blob import Original
from dalle.storage.protocol import Blobs

log = logging.getLogger(__name__)

# A picture that was paid for is worth waiting for room on a full disk.
PATIENCE = 10.0  # seconds
REST = 0.5  # seconds


class Originals:
    """Those of one key."""

    def __init__(
        self, blobs: Blobs, key: Key, observer: Observer, *, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._blobs = blobs
        self._key = key
        self._filing = observer.filing
        self._sleep = sleep

    def of(self, attempt: Attempt) -> Original:
        return Original.of(self._key, attempt.run_id, attempt.number)

    def read(self, attempt: Attempt) -> bytes | None:
        return self._blobs.get(self.of(attempt))

    def commit(self, attempt: Attempt, data: bytes) -> None:
        """Write the bytes, durably, waiting a little for a full disk. Raises DiskTrouble."""
        original = self.of(attempt)
        for last in [False] * int(PATIENCE / REST) + [True]:
            try:
                with self._filing("write"):
                    self._blobs.put(original, data, durable=attempt.paid)
                attempt.raw = original.name
                return
            except OSError as exc:
                if last:
                    raise DiskTrouble("the picture was paid for and could not be kept", private=str(exc)) from exc
                log.error("%s %s: cannot store the picture, retrying: %s", attempt.run_id, self._key, exc)
                self._sleep(REST)

    def delete(self, attempt: Attempt) -> None:
        """They are not needed."""
        self._blobs.delete(self.of(attempt))
