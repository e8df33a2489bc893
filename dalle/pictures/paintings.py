"""How much of a finished picture is the painting: the rest is the caption below it."""

from collections.abc import Callable
from functools import lru_cache

from dalle.imaging.dimensions import dimensions
from dalle.storage.blob import EXTENSIONS, Blob, OpenBlob
from dalle.storage.picture import Picture
from dalle.storage.protocol import Storage

MOST_KEPT = 4096
"""Pictures whose painting is remembered; reading one takes 0.2 ms, and a page shows a hundred."""


class Paintings:
    """Measures paintings by the generated picture, which has the same shape: so older pictures can be measured too."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._measured = lru_cache(MOST_KEPT)(self._measure)

    def height(self, picture: Picture) -> int:
        """Return the painting's height in pixels of the finished picture; all of it where nothing better is known."""
        try:
            return self._measured(picture)
        except LookupError:
            return picture.height

    def _measure(self, picture: Picture) -> int:
        """Raises LookupError, which is not remembered: the generated picture may follow a moment later."""
        if height := painting_height(picture, self._storage.blobs.open):
            return height
        raise LookupError(picture.name)


def painting_height(picture: Picture, opened: Callable[[Blob], OpenBlob | None]) -> int:
    """Return how many of a picture's rows are the painting, 0 where it is not known.

    Where no index knows it, the generated picture does, which has the same shape.
    """
    if picture.painting or not (picture.key and picture.width):
        return picture.painting
    for extension in (*EXTENSIONS, "jpg"):
        if generated := opened(Blob.generated(picture.key, extension)):
            with generated.file as file:
                size = dimensions(file)
            if size:
                return max(1, min(picture.height, picture.width * size[1] // size[0]))
    return 0
