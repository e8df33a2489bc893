"""How much of a finished picture is the painting: the rest is the caption below it."""

from functools import lru_cache

from dalle.storage.painting import painting_height
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
