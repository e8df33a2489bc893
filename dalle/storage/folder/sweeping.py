"""What killed processes left in a data folder. A folder is looked into again only when it has changed."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from dalle.atomic import remove_temporaries
from dalle.storage.blob import Original
from dalle.storage.folder.layout import Layout, parse_original

# Clocks of file systems tick more coarsely than this.
MARGIN_NS = 1_000_000_000


class Sweeping:
    """Remembers which folders are clean."""

    def __init__(self, layout: Layout, *, now_ns: Callable[[], int] = time.time_ns) -> None:
        self._layout = layout
        self._now_ns = now_ns
        self._tidied: dict[Path, int] = {}
        self._searched: dict[Path, int] = {}

    def remove_temporaries(self, older_than: float) -> None:
        """Remove temporary files that have not been touched for so many seconds. Raises OSError at the end."""
        trouble: OSError | None = None
        for folder in [self._layout.root, *folders(self._layout.root)]:
            try:
                for stamp in self._changed(folder, self._tidied):
                    if remove_temporaries(folder, older_than, now=lambda: self._now_ns() / 1e9):
                        self._tidied[folder] = stamp
            except OSError as exc:
                trouble = exc
        if trouble:
            raise trouble

    def originals(self) -> Iterator[Original]:
        """Yield the originals in folders that have changed since the last call. Raises OSError at the end."""
        trouble: OSError | None = None
        for folder in folders(self._layout.runs):
            try:
                for stamp in self._changed(folder, self._searched):
                    names = sorted(os.listdir(folder))
                    yield from filter(None, (parse_original(folder.name, name) for name in names))
                    self._searched[folder] = stamp
            except OSError as exc:
                trouble = exc
        if trouble:
            raise trouble

    def _changed(self, folder: Path, clean: dict[Path, int]) -> Iterator[int]:
        """Yield the stamp of a folder if it is not the one that it was clean with.

        A change in the same moment as the look may be missed: then 0 is yielded, so that the next look sees it.
        """
        begun = self._now_ns()
        with suppress(FileNotFoundError):
            changed = folder.stat().st_mtime_ns
            if clean.get(folder) != changed:
                yield changed if begun - changed > MARGIN_NS else 0


def folders(root: Path) -> list[Path]:
    """Return all folders below `root` that may be entered."""
    below = []
    with suppress(OSError), os.scandir(root) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                below += [Path(entry.path), *folders(Path(entry.path))]
    return below
