"""Looks through folders a part at a time: they may hold a million files, and a look must not take longer for that."""

import os
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

# Clocks of file systems tick more coarsely than this.
MARGIN_NS = 1_000_000_000

MOST = 100_000
"""Entries of one look, some 0.1 s."""


class Patrol:
    """Goes round the folders again and again, and leaves out those that have not changed since the last time."""

    def __init__(
        self, folders: Callable[[], Iterable[Path]], *, most: int = MOST, now_ns: Callable[[], int] = time.time_ns
    ) -> None:
        self._folders = folders
        self._most = most
        self._now_ns = now_ns
        self._clean: dict[Path, int] = {}
        self._round: Iterator[os.DirEntry[str]] | None = None
        self._again = False
        self._trouble: OSError | None = None

    def look(self) -> Iterator[os.DirEntry[str]]:
        """Yield the next entries, up to the end of the round. Raises OSError at the end, for a folder left out."""
        self._round = self._round or self._go_round()
        for _ in range(self._most):
            entry = next(self._round, None)
            if entry is None:
                self._round = None
                break
            yield entry
        trouble, self._trouble = self._trouble, None
        if trouble:
            raise trouble

    def again(self) -> None:
        """Look into the present folder in the next round too: something in it is not done with."""
        self._again = True

    def _go_round(self) -> Iterator[os.DirEntry[str]]:
        for folder in self._folders():
            try:
                begun, changed = self._now_ns(), folder.stat().st_mtime_ns
                if self._clean.get(folder) == changed:
                    continue
                # A change in the same moment as the look may be missed: then the next round sees it.
                self._again = begun - changed <= MARGIN_NS
                with os.scandir(folder) as entries:
                    yield from entries
                if self._again:
                    self._clean.pop(folder, None)
                else:
                    self._clean[folder] = changed
            except (FileNotFoundError, NotADirectoryError):
                self._clean.pop(folder, None)
            except OSError as exc:
                self._trouble = exc


def subfolders(folder: Path) -> list[Path]:
    """Return the folders in a folder; none if it may not be entered."""
    try:
        with os.scandir(folder) as entries:
            return [Path(entry.path) for entry in entries if entry.is_dir(follow_symlinks=False)]
    except OSError:
        return []
