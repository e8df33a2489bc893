"""PNG files in a fraction of the usual time: the filter by Pillow's operations, the deflate by ISA-L.

Format: W3C, Portable Network Graphics (third edition), sections 5 and 9.
"""

import struct
from zlib import crc32

from isal import isal_zlib
from PIL import Image, ImageChops

SIGNATURE = b"\x89PNG\r\n\x1a\n"
COLOR_TYPES = {"L": 0, "RGB": 2, "RGBA": 6}
UP = b"\x02"


def encode(image: Image.Image) -> bytes:
    """The image as an 8-bit PNG, L, RGB or RGBA (any other mode becomes RGB)."""
    if image.mode not in COLOR_TYPES:
        image = image.convert("RGB")
    width, height = image.size
    # Filter "up": each row less the one above it; the row above the first is zero.
    above = Image.new(image.mode, image.size)
    above.paste(image.crop((0, 0, width, height - 1)), (0, 1))
    rows = ImageChops.subtract_modulo(image, above).tobytes()
    step = width * len(image.getbands())
    data = b"".join(UP + rows[start : start + step] for start in range(0, len(rows), step))
    header = struct.pack(">IIBBBBB", width, height, 8, COLOR_TYPES[image.mode], 0, 0, 0)
    return b"".join(
        [SIGNATURE, chunk(b"IHDR", header), chunk(b"IDAT", isal_zlib.compress(data, 1)), chunk(b"IEND", b"")]
    )


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", crc32(data, crc32(name)))
