"""Whether a server answers: who finds that it does not spares all others the wait.

A server that refuses is noticed at once. One that stands still, or is behind a network that loses what is sent, is
asked by a thread of its own; the others go on without it meanwhile.
"""

import errno
import os
import threading
import time
from collections.abc import Callable

from dalle.storage.protocol import StorageError

REST = 1.0
"""Seconds between two questions to a server that is away."""
LOOK = 0.25
"""Seconds that a caller waits for the answer to a question that was just asked."""
DOUBT, AGAIN = 1.0, 3.0
"""Seconds of silence after which one who waits lets the server be asked, and between two such questions."""


class Reach:
    """One process's knowledge of one server. `ask` raises OSError where it does not answer, and takes bounded time."""

    def __init__(self, name: str, ask: Callable[[], None], *, clock: Callable[[], float] = time.monotonic) -> None:
        self._name = name
        self._ask = ask
        self._clock = clock
        self._mutex = threading.Lock()
        self._process = 0
        self._forget()

    def _forget(self) -> None:
        self._is_away = False
        self._found = float("-inf")
        self._question: threading.Event | None = None
        self._asked = float("-inf")

    @property
    def is_away(self) -> bool:
        """Whether the server did not answer when that was found out last."""
        return self._is_away

    def require(self) -> None:
        """Raise StorageError, without a wait worth the name, while the server is known to be away."""
        if not self._is_away:
            return
        question = self._asking(REST)
        if question and (rest := self._asked + LOOK - self._clock()) > 0:
            question.wait(rest)
        if self._is_away and self._process == os.getpid():
            raise self.error()

    def doubt(self, since: float) -> None:
        """Raise StorageError where the server is away for all; for one who has waited for an answer since then."""
        if self._clock() - since < DOUBT:
            return
        if self._is_away and self._found > since:
            raise self.error()
        self._asking(AGAIN)

    def lost(self) -> None:
        """Note that the server does not answer."""
        self._note(is_away=True)

    def error(self) -> StorageError:
        return StorageError(errno.EIO, f"{self._name} cannot be reached")

    def _asking(self, pause: float) -> threading.Event | None:
        """Return the question that is open, perhaps a new one; None where the last answer is younger than a pause."""
        with self._mutex:
            if self._process != os.getpid():
                self._forget()  # the thread that asks was left behind by the fork
                self._process = os.getpid()
            if self._question is None and self._clock() - self._found >= pause:
                self._question, self._asked = threading.Event(), self._clock()
                thread = threading.Thread(target=self._inquire, args=(self._question,), name="reach", daemon=True)
                thread.start()
            return self._question

    def _inquire(self, question: threading.Event) -> None:
        is_away = True
        try:
            self._ask()
            is_away = False
        except OSError:
            pass  # who needs the server says so
        finally:
            self._note(is_away=is_away)
            with self._mutex:
                if self._question is question:
                    self._question = None
            question.set()

    def _note(self, *, is_away: bool) -> None:
        with self._mutex:
            self._process = self._process or os.getpid()
            self._is_away, self._found = is_away, self._clock()
