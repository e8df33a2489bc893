"""Lines of calls, and files that count what is read of them."""

import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dalle.atomic import append_line


def at(text: str) -> int:
    """Return a moment, written as 2026-11-01T08:00, in Unix nanoseconds."""
    return round(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 10**9


def line(sent: str, **fields: Any) -> bytes:
    call = {"runId": "run1", "kind": "image", "number": 1, "outcome": "accepted", "cost": 0.25, "paid": True}
    return json.dumps({"sentNs": at(sent), **call, **fields}).encode() + b"\n"


def append(path: Path, *lines: bytes) -> None:
    for each in lines:
        append_line(path, each)


class Counted(io.BufferedReader):
    """Counts the bytes of the lines that were read."""

    def __init__(self, path: Path) -> None:
        super().__init__(io.FileIO(path))
        self.count = 0

    def readline(self, size: int | None = -1, /) -> bytes:
        read = super().readline(size)
        self.count += len(read)
        return read
