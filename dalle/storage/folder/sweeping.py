"""What killed processes left in a data folder: temporary files, claims, bytes that came late."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from dalle.atomic import is_temporary, remove_if_old
from dalle.storage.blob import Original
from dalle.storage.folder.layout import Layout, parse_original
from dalle.storage.folder.locks.claims import Claims
from dalle.storage.folder.patrol import MOST, Patrol, subfolders


class Sweeping:
    """Does a part of the work at a time; `most` entries of folders are looked at."""

    def __init__(
        self, layout: Layout, claims: Claims, *, most: int = MOST, now_ns: Callable[[], int] = time.time_ns
    ) -> None:
        self._layout = layout
        self._claims = claims
        self._now_ns = now_ns
        self._leftovers = Patrol(lambda: written_folders(layout), most=most, now_ns=now_ns)
        self._originals = Patrol(lambda: subfolders(layout.runs), most=most, now_ns=now_ns)

    def remove_leftovers(self, older_than: float) -> None:
        """Remove temporary files that have not been touched for so many seconds, and claims of dead holders.

        Raises OSError at the end.
        """
        locks = f"{self._layout.locks}{os.sep}"
        for entry in self._leftovers.look():
            if is_temporary(entry.name):
                if not remove_if_old(entry, older_than, now=lambda: self._now_ns() / 1e9):
                    self._leftovers.again()
            elif entry.path.startswith(locks) and not self._claims.tidy(entry.name):
                self._leftovers.again()

    def originals(self) -> Iterator[Original]:
        """Yield the originals in folders that have changed since they were looked into. Raises OSError at the end."""
        for entry in self._originals.look():
            series = os.path.basename(os.path.dirname(entry.path))
            if original := parse_original(series, entry.name):
                yield original


def written_folders(layout: Layout) -> Iterator[Path]:
    """Yield the folders that files are written to. Those with a file for each key are not listed for that."""
    yield layout.root
    yield from subfolders(layout.root)
    yield from subfolders(layout.metrics)
    yield from subfolders(layout.runs)
    yield from subfolders(layout.series / ".versions")
    for series in subfolders(layout.output):
        yield series  # pictures are staged there
        for kind in subfolders(series):
            yield kind
            if kind.name in ("thumbs", "versions"):
                yield from subfolders(kind)
