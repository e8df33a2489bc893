"""Which version a finished picture is: a column of its row, and what this process has read of it.

A picture of a key is known by its time and size; what version such a picture is never changes.
"""

import os
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import suppress
from threading import Lock

from dalle.atomic import CHUNK
from dalle.key import Key
from dalle.storage.blob import OpenBlob
from dalle.storage.cluster.database.database import Database
from dalle.storage.version import version_of

MOST = 4096
NOTED = "SELECT version, size FROM pictures WHERE series = %s AND name = %s AND modified_ns = %s"
# Not while an entry changes the row: it would wait for that, perhaps for an entry of the same thread.
NOTE = """
    UPDATE pictures SET version = %s WHERE (series, name) IN (
        SELECT series, name FROM pictures WHERE series = %s AND name = %s AND modified_ns = %s AND size = %s
        FOR UPDATE SKIP LOCKED
    )
"""


class ClusterVersions:
    """The versions of one database as a process sees them."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._mutex = Lock()
        self._known: OrderedDict[tuple[Key, int], tuple[str, int]] = OrderedDict()

    def of(self, key: Key, modified_ns: int, size: int | None = None) -> str:
        """Return the version of the picture that has this time and, if it is known, size; "" if it is not noted."""
        known = self._known.get((key, modified_ns))
        if known is None:
            rows = self._database.read(NOTED, (key.series, key.address, modified_ns))
            if not rows or not rows[0][0]:
                return ""
            known = rows[0]
            self.remember(key, modified_ns, *known)
        version, known_size = known
        return version if size in (None, known_size) else ""

    def remember(self, key: Key, modified_ns: int, version: str, size: int) -> None:
        """Remember what was read of a picture's row."""
        with self._mutex:
            self._known[key, modified_ns] = version, size
            while len(self._known) > MOST:
                self._known.popitem(last=False)

    def determine(self, key: Key, picture: OpenBlob) -> str:
        """Return the version of an open picture, computed and noted where it is not."""
        if noted := self.of(key, picture.modified_ns, picture.size):
            return noted
        version = version_of(pieces(picture))
        with suppress(OSError):
            self._database.run(NOTE, (version, key.series, key.address, picture.modified_ns, picture.size))
        return version


def pieces(picture: OpenBlob) -> Iterator[bytes]:
    """Yield the bytes of a file without moving its reader."""
    at = 0
    while piece := os.pread(picture.file.fileno(), CHUNK, at):
        at += len(piece)
        yield piece
