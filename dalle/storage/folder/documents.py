"""Small JSON objects that all processes share: one file each, changed under `<name>.guard`."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dalle.atomic import flocked, read_bytes, write_atomic
from dalle.storage.codec import decode_object, encode_json
from dalle.storage.folder.layout import Layout
from dalle.storage.folder.older.phases import averages_of

Stamp = tuple[int, int, int]

# A file that changed later than this ago may change again under the same stamp: clocks of file systems are coarse.
COARSE_NS = 20_000_000


class FolderDocuments:
    """Satisfies `Documents`. What is read is remembered until the file changes: every report needs the averages."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._known: dict[str, tuple[Stamp, dict[str, Any]]] = {}

    def read(self, name: str, *, max_age: float = 0.0) -> dict[str, Any]:
        """Always the present one: to ask the file costs as little as a clock."""
        path = self._layout.document(name)
        status = stat_of(path)
        if status is None and name == "averages":
            path = self._layout.older_averages
            status = stat_of(path)
        if status is None:
            return {}
        stamp = (status.st_mtime_ns, status.st_ino, status.st_size)
        known = self._known.get(name)
        if known and known[0] == stamp:
            return known[1]
        value = averages_of(path) if path == self._layout.older_averages else decode_object(read_bytes(path))
        if time.time_ns() - status.st_mtime_ns > COARSE_NS:
            self._known[name] = stamp, value
        return value

    @contextmanager
    def edit(self, name: str, *, durable: bool = False) -> Iterator[dict[str, Any]]:
        path = self._layout.document(name)
        with flocked(path.with_name(f"{path.name}.guard")):
            before = read_bytes(path)
            older = before is None and name == "averages"
            value = averages_of(self._layout.older_averages) if older else decode_object(before)
            yield value
            after = encode_json(value)
            if after != before and (value or before is not None):
                write_atomic(path, after, durable=durable)


def stat_of(path: Path) -> os.stat_result | None:
    try:
        return os.stat(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
