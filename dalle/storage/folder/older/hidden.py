"""Folders of pictures that the older server has renamed with a series it has hidden: `output/<series>.deleted/`.

They are read and written as what they were, where nothing is in their old place, and stay where they are: the older
server renames them back when it restores the series.
"""

import os
import time
from collections.abc import Callable, Mapping
from contextlib import suppress

from dalle.key import SERIES

SUFFIX = ".deleted"
ROUND = 1.0
"""Seconds between two looks: every request asks for paths."""


class HiddenFolders:
    """Those of one output folder. Safe to use from several threads."""

    def __init__(self, output: str, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._output = output
        self._monotonic = monotonic
        self._looked = float("-inf")
        self._changed = -1
        self._hidden: Mapping[str, str] = {}

    def of(self, series: str) -> str:
        """Return the path of a series' folder, whether it is there or not."""
        if self._monotonic() - self._looked >= ROUND:
            self._look()
        return self._hidden.get(series) or f"{self._output}/{series}"

    def series_of(self, folder: str) -> str | None:
        """Return the series that a folder in `output/` is of; None for a hidden one whose old place is taken."""
        series = folder.removesuffix(SUFFIX)
        if series == folder or not SERIES.fullmatch(series):
            return folder
        return series if self.of(series) == f"{self._output}/{folder}" else None

    def _look(self) -> None:
        self._looked = self._monotonic()
        with suppress(OSError):
            changed = os.stat(self._output).st_mtime_ns
            if changed != self._changed:
                names = set(os.listdir(self._output))
                hidden = {name.removesuffix(SUFFIX) for name in names if name.endswith(SUFFIX)} - names
                self._hidden = {
                    series: f"{self._output}/{series}{SUFFIX}" for series in hidden if SERIES.fullmatch(series)
                }
                # A change in the same tick of the file system's clock would have the same time.
                self._changed = changed if time.time_ns() - changed > 20_000_000 else -1
