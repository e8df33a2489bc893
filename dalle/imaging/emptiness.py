"""Decides whether a picture shows anything."""

from typing import Any

from PIL import Image

# In a picture that shows nothing, levels differ by at most so much (0 to 255): over single pixels, which noise and
# compression disturb most; over squares of eight by eight, which JPEG compresses together; and over sixteenths of the
# shorter side, where noise is gone and the faintest gradient still shows.
_PIXELS, _SQUARES, _PARTS = 24, 8, 3
_SQUARE = 8
_SOME = (32, 32)
_PARTS_A_SIDE = 16


def is_empty(image: Image.Image) -> bool:
    """Return whether an RGB or RGBA picture is one flat colour, or transparent, but for noise.

    Colours count as far as they can be seen: a black shape on transparency is a picture, and colours that are wholly
    transparent are none. A shape passes when it differs from its ground by 25 levels at a single pixel, or by 9 on
    eight by eight; a gradient when it spans 4.
    """
    if image.mode == "RGBA":
        image = image.convert("RGBa")  # colours multiplied by alpha
    some = image.resize(_SOME, Image.Resampling.NEAREST)  # of its pixels, which nearly always decide it
    if _spread(some) > _PIXELS or _spread(image) > _PIXELS:
        return False
    part = max(1, min(image.size) // _PARTS_A_SIDE)
    return _spread(image.reduce(_SQUARE)) <= _SQUARES and _spread(image.reduce(part)) <= _PARTS


def _spread(image: Image.Image) -> int:
    """Return the largest difference between two levels of one channel."""
    extrema: Any = image.getextrema()  # one pair a channel
    return max(int(highest - lowest) for lowest, highest in extrema)
