"""The picture of a link card: a JPEG that every chat takes. Pure."""

import io
import math

from PIL import Image

from dalle.imaging.decoding import Weigh, decode, unweighed

LEAST_WIDTH, MOST_WIDTH = 600, 1200
MOST_PIXELS = MOST_WIDTH * MOST_WIDTH
MOST_BYTES = 300_000
"""Some chats show no larger one."""

# Of a painting higher than this in proportion to its width the upper part is shown.
_TALLEST = 4


def card_size(width: int, height: int) -> tuple[int, int]:
    """Return width and height of the card of a painting of that size, all in pixels."""
    height = min(height, _TALLEST * width)
    wide = min(MOST_WIDTH, max(LEAST_WIDTH, width))
    most = math.isqrt(MOST_PIXELS * width // height)  # as wide as a card of that shape may be
    wide = max(LEAST_WIDTH, min(wide, most))
    return wide, max(1, round(height * wide / width))


def card(picture: bytes, height: int, weigh: Weigh = unweighed) -> bytes:
    """Return the card of the upper `height` rows of a picture, which are the painting. Raises BadAnswer.

    Transparent parts become white.
    """
    image = decode(picture, weigh)
    painting = image.crop((0, 0, image.width, min(height, _TALLEST * image.width, image.height)))
    size = card_size(painting.width, painting.height)
    if painting.mode == "RGBA":
        ground = Image.new("RGBA", painting.size, (255, 255, 255, 255))
        painting = Image.alpha_composite(ground, painting)
    scaled = painting.convert("RGB").resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0)
    data = b""
    for quality in (85, 75, 60, 45, 30, 15, 5):  # each takes 3 to 6 ms, a decoded megapixel 35
        data = _jpeg(scaled, quality)
        if len(data) <= MOST_BYTES:
            break
    return data


def _jpeg(image: Image.Image, quality: int) -> bytes:
    file = io.BytesIO()
    image.save(file, "JPEG", quality=quality)
    return file.getvalue()
