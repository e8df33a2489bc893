"""The work on pictures that `make bench` compares ours with, as it was in November 2026.

Frozen: do not improve it, and do not make it call the product. A baseline that follows the product hides its gains.
"""

import io
import struct
from collections.abc import Iterable, Iterator
from zlib import crc32

from isal import isal_zlib
from PIL import Image, ImageChops, ImageDraw, ImageFont

WIDTHS = (512, 256, 128, 64)
LETTER, MARGIN, LEADING = 1 / 32, 1 / 18, 1.42
BAND = 1 << 18  # bytes


def decode(data: bytes) -> Image.Image:
    """Returns an RGB picture of a PNG file."""
    with Image.open(io.BytesIO(data), formats=("png",)) as image:
        image.load()
        return image


def encode(image: Image.Image) -> bytes:
    """Returns an RGB picture as PNG: the average filter for all rows, and the fastest deflate."""
    header = struct.pack(">IIBBBBB", image.width, image.height, 8, 2, 0, 0, 0)
    deflate = isal_zlib.compressobj(level=1)
    packed = b"".join([*map(deflate.compress, filtered(image)), deflate.flush()])
    chunks = (b"IHDR", header), (b"IDAT", packed), (b"IEND", b"")
    written = (
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", crc32(body, crc32(kind)))
        for kind, body in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(written)


def filtered(image: Image.Image) -> Iterator[memoryview]:
    line = image.width * 3 + 1
    rows = max(1, BAND // line)
    for top in range(0, image.height, rows):
        bottom = min(top + rows, image.height)
        band = image.crop((0, top, image.width, bottom))
        above = image.crop((0, top - 1, image.width, bottom - 1))
        left = band.crop((-1, 0, image.width - 1, bottom - top))
        residue = ImageChops.subtract_modulo(band, ImageChops.add(above, left, scale=2))
        packed = bytearray(b"\x03")
        packed += residue.tobytes("raw", "RGB", line)
        packed[line::line] = b"\x03" * (bottom - top)
        yield memoryview(packed)[:-1]


def annotated(image: Image.Image, caption: str) -> Image.Image:
    """Returns a picture with a caption below, in its dominant colours."""
    small = image.reduce((image.width // 48, image.height // 48)).resize((48, 48), Image.Resampling.BOX)
    palette = small.quantize(8).getpalette() or []
    font = ImageFont.load_default(image.width * LETTER)
    assert isinstance(font, ImageFont.FreeTypeFont)
    lines = list(wrapped(caption, font, image.width * (1 - 2 * MARGIN)))
    strip = Image.new("RGB", (image.width, round(font.size * LEADING * (len(lines) + 1))), tuple(palette[:3]))
    draw = ImageDraw.Draw(strip)
    for number, line in enumerate(lines, 1):
        draw.text((image.width // 2, font.size * LEADING * number), line, font=font, anchor="ms")
    whole = Image.new("RGB", (image.width, image.height + strip.height))
    whole.paste(image, (0, 0))
    whole.paste(strip, (0, image.height))
    return whole


def wrapped(text: str, font: ImageFont.FreeTypeFont, width: float) -> Iterator[str]:
    line = ""
    for word in text.split():
        if line and font.getlength(f"{line} {word}") > width:
            yield line
            line = word
        else:
            line = f"{line} {word}".strip()
    yield line


def thumbnails(image: Image.Image, widths: Iterable[int] = WIDTHS) -> list[bytes]:
    """Returns WebP files of these widths, each made from the one before."""
    made = []
    for width in widths:
        image = image.reduce(image.width // width)
        file = io.BytesIO()
        image.save(file, "WEBP", quality=80, method=0)
        made.append(file.getvalue())
    return made


def published(data: bytes, caption: str) -> tuple[bytes, list[bytes]]:
    """Returns what is made of a painted picture: the file with a caption, and thumbnails."""
    whole = annotated(decode(data), caption)
    return encode(whole), thumbnails(whole)
