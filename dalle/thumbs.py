"""Small copies of a picture, as WebP."""

import io
from collections.abc import Iterable

from PIL import Image

from dalle.annotate import decode

WIDTHS = (64, 128, 256, 512)

# A page with forty rows of the smallest ones must stay light.
MOST_BYTES = {64: 3 * 1024}


def thumbnails(picture: bytes | Image.Image, widths: Iterable[int] = WIDTHS) -> dict[int, bytes]:
    """Width → WebP; each is made from the next larger one."""
    image = decode(picture) if isinstance(picture, bytes) else picture
    made = {}
    for width in sorted(widths, reverse=True):
        height = max(1, round(image.height * width / image.width))
        image = image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=2.0)
        made[width] = compressed(image, MOST_BYTES.get(width))
    return made


def compressed(image: Image.Image, most: int | None) -> bytes:
    """WebP, of the best quality that fits into `most` bytes."""
    data = b""
    for quality in (80, 65, 50, 35, 20, 10, 0):
        file = io.BytesIO()
        image.save(file, "WEBP", quality=quality, method=2)
        data = file.getvalue()
        if most is None or len(data) <= most:
            break
    return data
