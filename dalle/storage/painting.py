"""How much of a finished picture is the painting: the rest is the caption below it."""

from collections.abc import Callable

from dalle.imaging.dimensions import dimensions
from dalle.storage.blob import EXTENSIONS, Blob, OpenBlob
from dalle.storage.picture import Picture


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
