"""Which processes of this host live: each keeps a file flocked, which is free at the moment of its death.

    host           the host's name, which it was given at random
    live/<process> flocked as long as that process lives

So what a killed process held is free at once on its own host, where its successor starts. The other hosts, and those
that see a process which only stands still, go by its lease.
"""

import os
import secrets
import threading
import time
from contextlib import suppress
from pathlib import Path

from dalle.atomic import flocked, read_bytes, remove, write_atomic
from dalle.storage.local.liveness import LiveFile, boot_id, is_locked

NAME_BYTES = 8
SETTLED = 3600.0  # seconds


class Presence:
    """This process, as others know it, and those of the same host. `folder` is the host's own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._mutex = threading.Lock()
        self._host = ""
        self._own = ""
        self._process = 0
        self._file: LiveFile | None = None
        self._inherited: LiveFile | None = None

    @property
    def host(self) -> str:
        """The host's name, which is another after a restart of the machine: nothing of before it lives."""
        if not self._host:
            self._host = f"{self._name()}.{boot_id().replace('-', '')[:12]}"
        return self._host

    def _name(self) -> str:
        path = self._folder / "host"
        if data := read_bytes(path):
            return data.decode("ascii").strip()
        with flocked(path.with_name("host.guard")):
            if not path.exists():
                write_atomic(path, f"{secrets.token_hex(NAME_BYTES)}\n".encode(), durable=True)
        return path.read_text(encoding="ascii").strip()

    @property
    def owner(self) -> str:
        """The name of this process: `<host>/<process>`."""
        with self._mutex:
            if self._process != os.getpid():
                # That of the process that this one was forked from says nothing about this one.
                self._inherited, self._own = self._file, secrets.token_hex(NAME_BYTES)
                self._file, self._process = LiveFile(self._live(self._own)), os.getpid()
            return f"{self.host}/{self._own}"

    def is_dead(self, owner: str) -> bool:
        """Return whether a process is surely dead; False for one of another host."""
        host, _, process = owner.partition("/")
        if not process or host != self.host:
            return False
        return process != self._own and not is_locked(self._live(process))

    def tidy(self) -> None:
        """Remove the files of dead processes; not those that a process may be about to flock."""
        for path in (self._folder / "live").glob("*"):
            with suppress(FileNotFoundError):
                if time.time() - path.stat().st_mtime > SETTLED and not is_locked(path):
                    remove(path)

    def close(self) -> None:
        """Remove this process's file: it holds nothing any more."""
        with self._mutex:
            if self._file and self._process == os.getpid():
                self._file.end()
            self._file, self._process, self._own = None, 0, ""

    def _live(self, process: str) -> Path:
        return self._folder / "live" / process
