"""Measures how much of a JPEG is missing when its end is, and fills that in.

libjpeg decodes such a file when it has an end marker, with grey where nothing came; it does not say from where. So the
file is decoded twice, once with an end marker and once with arbitrary data before it: the pictures are the same as far
as the real data reach.
"""

import io
from typing import NamedTuple

from PIL import Image, ImageChops

from dalle.imaging import jpeg

_FRAMES = (0xC0, 0xC1, 0xC2, 0xC9, 0xCA)  # the kinds of compression that libjpeg decodes
_PROGRESSIVE = (0xC2, 0xCA)

_ARBITRARY = bytes(89 * n % 251 for n in range(2048))
_SCALE = 2  # the two are compared at half the size, in a quarter of the memory
_UNIT = 16 // _SCALE  # pixels, the side of what is compressed together at the usual subsampling of colours


class Measured(NamedTuple):
    """How much of a picture came: the share that is missing, 0 to 1, and how many rows from the top are whole.

    `rows` is None for a picture that is there down to its last row, though less sharp.
    """

    missing: float
    rows: int | None = None


class _Scan(NamedTuple):
    """Which coefficients of which components a part of the file brings, and how exactly: all but `low` bits."""

    components: bytes
    first: int
    last: int
    refines: bool
    low: int


def measure(data: bytes) -> Measured:
    """Measure a file that `jpeg.tidy` found cut. Raises what Pillow raises for broken files."""
    progressive, components, scans = _structure(data)
    if not scans or not _is_sharp(progressive, components, scans):
        return Measured(1.0)
    if progressive and scans[-1].refines:
        return Measured(0.0)  # all is there but the last bit of some coefficients
    difference = ImageChops.difference(_half(data + jpeg.END), _half(data + _ARBITRARY + jpeg.END))
    box = difference.getbbox()
    if box is None:
        return Measured(0.0)
    width, height = difference.size
    top = box[1]
    line = difference.crop((0, top, width, min(height, top + _UNIT)))
    left = (line.getbbox() or (0,))[0]
    missing = (width - left) * line.height + width * (height - top - line.height)
    return Measured(missing / (width * height), None if progressive else top * _SCALE)


def fill(image: Image.Image, rows: int) -> None:
    """Repeat the last of that many rows down to the bottom, in place of the grey."""
    last = image.crop((0, max(0, rows - 1), image.width, max(1, rows)))
    image.paste(last.resize((image.width, image.height - rows)), (0, rows))


def _half(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data), formats=("JPEG",)) as image:
        image.draft(None, (max(1, image.width // _SCALE), max(1, image.height // _SCALE)))
        image.load()
        return image


def _structure(data: bytes) -> tuple[bool, bytes, list[_Scan]]:
    """Return whether the picture comes in progressive steps, the names of its components, and its scans."""
    progressive, components = False, b""
    scans = []
    for code, body, _ in jpeg.segments(data):
        if code in _FRAMES:
            progressive, components = code in _PROGRESSIVE, body[6 : 6 + 3 * body[5] : 3]
        elif code == jpeg.SCAN:
            count = body[0]
            first, last, bits = body[1 + 2 * count : 4 + 2 * count]
            if not progressive:
                first, last, bits = 0, 63, 0
            scans.append(_Scan(body[1 : 1 + 2 * count : 2], first, last, bits > 15, bits & 15))
    return progressive, components, scans


def _is_sharp(progressive: bool, components: bytes, scans: list[_Scan]) -> bool:
    """Return whether every coefficient of every component came or began to come, but for its last bit."""
    lacking = {(component, index): 16 for component in components for index in range(64)}
    for scan in scans:
        for component in scan.components:
            for index in range(scan.first, min(scan.last, 63) + 1):
                lacking[component, index] = scan.low
    return max(lacking.values(), default=16) <= (1 if progressive else 0)
