"""Processes beside the test's own, which run a function, talk with the test, and may be killed.

They are forked by a server that has no file of the test's open: a lock that the test holds is not theirs too, as it
would be in a process that the test itself forked.
"""

import multiprocessing
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Any

from tests.kit.waiting import PATIENCE

CONTEXT = multiprocessing.get_context("forkserver")
SUITES = (
    *("documents", "calls", "blobs", "guard", "entries", "tickets", "publishing"),
    *("claims", "queue", "storage", "exclusive", "upkeep", "versions", "outbox"),
)
CONTEXT.set_forkserver_preload(
    ["tests.service.storage.folder_engine", *(f"tests.service.storage.suites.{name}" for name in SUITES)]
)


class Child:
    """A process that runs `body(pipe, *arguments)`; both are pickled. It is killed at the end of a `with` block."""

    def __init__(self, body: Callable[..., None], *arguments: Any) -> None:
        self._pipe: Connection
        self._pipe, theirs = CONTEXT.Pipe()
        self._process = CONTEXT.Process(target=body, args=(theirs, *arguments), daemon=True)
        self._process.start()
        theirs.close()

    def receive(self) -> Any:
        """Return what the process sends next. Raises EOFError when it ends before."""
        assert self._pipe.poll(PATIENCE), "the process sends nothing"
        return self._pipe.recv()

    def send(self, value: Any) -> None:
        self._pipe.send(value)

    @property
    def is_alive(self) -> bool:
        return self._process.is_alive()

    def kill(self) -> None:
        """Kill it as `kill -9` does, and wait until it is dead."""
        self._process.kill()
        self.wait()

    def wait(self) -> int | None:
        """Wait for its end; return the exit code, negative for a signal."""
        self._process.join(PATIENCE)
        return self._process.exitcode

    def __enter__(self) -> "Child":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()
        self._pipe.close()
        self._process.close()


def state_of(pid: int) -> str:
    """Return the letter of a process's state: T when it is stopped, Z when it has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0]
    except (FileNotFoundError, ProcessLookupError):
        return "Z"


def sleep(pipe: Connection) -> None:
    """Stay where the process is until the test sends something, or is gone."""
    try:
        pipe.recv()
    except EOFError:
        return
