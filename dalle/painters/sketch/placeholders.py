"""What stands in a page for a picture that is not there: a sketch of what it may look like, as WebP."""

from dalle.imaging.thumbnails import thumbnail
from dalle.key import Key
from dalle.painters.sketch import SIZES, draw
from dalle.threads.workbench import Workbench
from dalle.words.library import Library
from dalle.words.selection import select
from dalle.words.series import Series

WIDTH = 512
"""Of what is drawn, in pixels: 60 to 80 ms, a third of what a whole picture takes."""


class Placeholders:
    """Draws the offline artist's picture small and without a caption; writes nothing."""

    def __init__(self, library: Library, workbench: Workbench) -> None:
        self._library = library
        self._workbench = workbench

    def sketch(self, key: Key, width: int = WIDTH) -> bytes | None:
        """Return the sketch at a width in pixels; None if the series is not defined (any more).

        Raises ServiceUnavailable when too many wait.
        """
        series = self._library.shelf.get(key.series)
        if series is None:
            return None
        name = "sketch", key, width, series.sha256, self._library.catalog.sha256
        return self._workbench.get(name, lambda: self._make(key, series, width))

    def _make(self, key: Key, series: Series, width: int) -> bytes:
        selection = select(key.address, series, self._library.catalog)
        across, down = SIZES[self._library.orientation_of(selection)]
        return thumbnail(draw(selection, (WIDTH, WIDTH * down // across)), width)
