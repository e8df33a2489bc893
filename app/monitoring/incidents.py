"""The last errors of all workers, for people who want to know what just went wrong.

A file of fixed size with one slot for each error, used in turn: it cannot grow, needs no cleaning, and a process that
dies while writing damages only one slot. Without a folder that the workers share the errors are kept in memory.
"""

import fcntl
import json
import os
import threading
import time
from collections import deque
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

KEPT = 50
SLOT = 1024  # bytes
HEAD = 32  # bytes before the slots: the number of errors so far
TRIES = 20  # of 1 ms: an error response must not wait for a stopped process


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """One error. `key` is "<series>/<address>" or empty; `details` is the public sentence; `time` in Unix seconds."""

    time: float
    code: str
    endpoint: str
    status: int
    request_id: str
    key: str
    details: str

    def packed(self) -> bytes:
        """Returns the incident as a JSON line that fills one slot; texts are cut until it fits."""
        for length in (400, 200, 80, 20):
            cut = {name: value[:length] if isinstance(value, str) else value for name, value in asdict(self).items()}
            line = json.dumps(cut).encode()
            if len(line) < SLOT:
                return line.ljust(SLOT - 1) + b"\n"
        raise AssertionError("six texts of 20 letters fit into a slot")


class Incidents:
    """Keeps the last 50 incidents. `folder` is shared by all workers; None: this process only."""

    def __init__(self, folder: Path | None) -> None:
        self.path = folder / "incidents" if folder else None
        self.own: deque[Incident] = deque(maxlen=KEPT)
        self.lock = threading.Lock()

    def record(self, incident: Incident) -> None:
        """Stores an incident. Never raises OSError: the error is counted and logged anyway."""
        if self.path is None:
            with self.lock:
                self.own.append(incident)
            return
        try:
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError:
            return
        try:
            if locked(descriptor):
                number = int(os.pread(descriptor, HEAD, 0).strip() or b"0")
                os.pwrite(descriptor, incident.packed(), HEAD + number % KEPT * SLOT)
                os.pwrite(descriptor, str(number + 1).encode().ljust(HEAD - 1) + b"\n", 0)
        except (OSError, ValueError):
            pass
        finally:
            os.close(descriptor)

    def latest(self) -> list[Incident]:
        """Returns the last incidents, newest first."""
        if self.path is None:
            with self.lock:
                return list(reversed(self.own))
        try:
            lines = self.path.read_bytes()[HEAD:].splitlines()
        except FileNotFoundError:
            return []
        incidents = [incident for line in lines if (incident := parsed(line))]
        return sorted(incidents, key=lambda incident: incident.time, reverse=True)


def locked(descriptor: int) -> bool:
    """Takes the lock of the file; returns False if that takes longer than a few milliseconds."""
    for attempt in range(TRIES):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if attempt < TRIES - 1:
                time.sleep(0.001)
        else:
            return True
    return False


def parsed(line: bytes) -> Incident | None:
    """Returns the incident of a slot; None for an empty slot, or one that is being written."""
    try:
        values: dict[str, Any] = json.loads(line)
        return Incident(**values)
    except (ValueError, TypeError):
        return None
