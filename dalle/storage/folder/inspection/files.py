"""Whether files are what their names say, and whole."""

import json
import os
from pathlib import Path

from dalle.storage.open_file import open_file, read_bounded
from dalle.storage.version import version_of

LARGEST_REPORT = 4_000_000  # bytes
RIFF_HEAD = 8  # bytes
PIECE = 1 << 16  # bytes


def version_in(path: Path) -> str:
    """Return the version that the bytes of a file are, "" when it is gone or cannot be read."""
    try:
        opened = open_file(path)
        if opened is None:
            return ""
        with opened.file as file:
            return version_of(iter(lambda: file.read(PIECE) or b"", b""))
    except OSError:
        return ""


def is_torn_thumbnail(path: Path) -> bool:
    """Return whether a WebP file is not as long as it says."""
    opened = open_file(path)
    if opened is None:
        return False
    with opened.file as file:
        head = os.pread(file.fileno(), RIFF_HEAD, 0)
    return head[:4] != b"RIFF" or int.from_bytes(head[4:], "little") + RIFF_HEAD > opened.size


def is_torn_report(path: Path) -> bool:
    """Return whether there is a report that is no whole one."""
    body = read_bounded(path, LARGEST_REPORT)
    if body is None:
        return False
    try:
        return not isinstance(json.loads(body), dict)
    except (ValueError, RecursionError):
        return True
