"""Small pictures of what an address selects, as WebP: from the cache, or drawn at once."""

import hashlib
import json
from collections.abc import Callable
from concurrent.futures import Future

from dalle.imaging.thumbnails import thumbnail
from dalle.painters.sketch import SIZES, VERSION, draw
from dalle.sketches.drawings import Drawings
from dalle.storage.protocol import Cache
from dalle.words.orientation import Orientation, orientation_of
from dalle.words.selection import Selection

Shape = tuple[int, int]
"""Width and height of the whole picture."""
Orient = Callable[[Selection], Orientation]

DRAWN = 512
"""Pixels across of what is drawn: 60 to 80 ms, a third of what a whole picture takes."""
SMALL = 256
"""Of what is drawn for this width and smaller ones: two thirds of that."""
AVATAR = 64
"""Of what shows the head alone, drawn at that width."""


class Sketches:
    """Draws the offline artist's pictures small and without a caption, each once for all workers.

    What they show is all that they are kept by: a selection may be of a series that is stored, or of a draft.
    """

    def __init__(
        self, cache: Cache, drawings: Drawings | None = None, *, orientation_of: Orient = orientation_of
    ) -> None:
        self._cache = cache
        self._orientation_of = orientation_of
        self._drawings = drawings or Drawings()

    def of(self, selection: Selection, width: int = DRAWN) -> "Future[bytes]":
        """Return the caller's future of a sketch of that many pixels across; it is done if the sketch is kept.

        Else it waits for the process's one drawing thread, in which it also calls back. Who does not want it any more
        cancels it. Its exception is ServiceUnavailable after `stop`.
        """
        shape = SIZES[self._orientation_of(selection)]
        name = name_of(selection, shape, width)
        kept = self._cache.get(name)
        if kept is None:
            return self._drawings.add(name, lambda: self._make(name, selection, shape, width))
        future = Future[bytes]()
        future.set_result(kept)
        return future

    def stop(self) -> None:
        """Wait for what is being drawn, and cancel the rest."""
        self._drawings.stop()

    def _make(self, name: str, selection: Selection, shape: Shape, width: int) -> bytes:
        if kept := self._cache.get(name):  # another worker was faster, or this one before the question came in
            return kept
        made = made_of(selection, shape, width)
        self._cache.put(name, made)
        return made


def name_of(selection: Selection, shape: Shape, width: int) -> str:
    """Return the name of a sketch: a hash of all that it depends on, the version of the artist too."""
    words = [(attribute.name, sorted(attribute.fields.items())) for attribute in selection]
    series = selection.series, selection.suffix, selection.color_limit
    return hashlib.sha256(json.dumps([VERSION, shape, width, selection.original, series, words]).encode()).hexdigest()


def made_of(selection: Selection, shape: Shape, width: int) -> bytes:
    """Draw a sketch."""
    across, down = shape
    drawn = AVATAR if width <= AVATAR else DRAWN if width > SMALL else SMALL
    return thumbnail(draw(selection, (drawn, drawn * down // across)), width)
