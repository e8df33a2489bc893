"""What a key's attempts brought: kept first of all, under a name of its own, until it is published."""

import logging
import time
from collections.abc import Callable

from dalle.errors import DiskTrouble
from dalle.events import Observer
from dalle.key import Key
from dalle.quiet_log import QuietLog
from dalle.storage.attempt import Attempt
from dalle.storage.blob import Content, Original
from dalle.storage.protocol import Blobs

log = logging.getLogger(__name__)

# What was paid for is worth waiting for room on a full disk, which takes an operator minutes. A call lasts as long.
PATIENCE = 300.0  # seconds
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

    def answer_of(self, attempt: Attempt) -> Original:
        return Original.of(self._key, attempt.run_id, attempt.number)

    def raw_of(self, attempt: Attempt) -> Original:
        return Original.of(self._key, attempt.run_id, attempt.number, "raw")

    def answer(self, attempt: Attempt) -> bytes | None:
        """Return the provider's answer as it came, None without one."""
        return self._blobs.get(self.answer_of(attempt))

    def raw(self, attempt: Attempt) -> bytes | None:
        """Return the bytes of a picture that version 1.0 kept, None without them."""
        return self._blobs.get(self.raw_of(attempt))

    def has(self, attempt: Attempt) -> bool:
        """Return whether anything of it is kept."""
        return self.has_answer(attempt) or self._blobs.has(self.raw_of(attempt))

    def has_answer(self, attempt: Attempt) -> bool:
        """Return whether its answer is kept as it came."""
        return self._blobs.has(self.answer_of(attempt))

    def size(self, attempt: Attempt) -> int:
        """Return the bytes of the answer that is kept, 0 without one."""
        opened = self._blobs.open(self.answer_of(attempt))
        if opened is None:
            return 0
        opened.close()
        return opened.size

    def commit(self, attempt: Attempt, answer: Content) -> None:
        """Write the answer, durably, waiting until a full disk has room. Raises DiskTrouble."""
        original = self.answer_of(attempt)
        quiet = QuietLog(log)
        for last in [False] * int(PATIENCE / REST) + [True]:
            try:
                with self._filing("write"):
                    self._blobs.put(original, answer, durable=True)
                attempt.answer = original.name
                return
            except OSError as exc:
                if last:
                    trouble = DiskTrouble("the picture was paid for and could not be kept", private=str(exc))
                    trouble.billed = "yes"
                    raise trouble from exc
                quiet.error(exc, "%s %s: cannot store the answer, retrying", attempt.run_id, self._key)
                self._sleep(REST)

    def discard(self, attempt: Attempt) -> None:
        """Delete what is kept: it is published, or not needed."""
        self._blobs.delete(self.answer_of(attempt))
        self._blobs.delete(self.raw_of(attempt))
