"""Writes PNG files fast: one filter for the whole picture and the fastest deflate.

Pillow's own encoder tries five filters a row and takes 320 ms for a photo-like megapixel at its default level.
Here one of Pillow's C operations computes the up filter (RFC 2083, 6.4) for a band of rows at a time and isal
deflates it: 11 ms, 6 % larger. Bands keep the memory beside the picture below a megabyte at any size.
"""

import struct
from collections.abc import Iterator, Mapping, Sequence
from zlib import crc32

from isal import isal_zlib
from PIL import Image, ImageChops

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_COLOR_TYPES = {"L": 0, "RGB": 2, "RGBA": 6}
_UP = b"\x02"
_BAND = 1 << 18  # bytes of pixels that are filtered at once: they stay in the processor's cache


def encode(image: Image.Image, about: Mapping[str, str] | None = None) -> bytes:
    """Returns the picture as a PNG file, 8 bits a channel: L, RGB or RGBA; other modes become RGB, or RGBA with alpha.

    `about`: keyword (RFC 2083, 9.7: Title, Description, Software, Source …) → text, written before the pixels.
    """
    if image.mode not in _COLOR_TYPES:
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    return b"".join(pieces((image,), about))


def pieces(images: Sequence[Image.Image], about: Mapping[str, str] | None = None) -> list[bytes]:
    """Returns the file of a picture that consists of images one below the other, in pieces.

    All are as wide as the first, whose mode is that of the file: L, RGB or RGBA. Neither the picture nor the file is
    put together here: of forty megapixels each has more than a hundred megabytes.
    """
    first = images[0]
    height = sum(image.height for image in images)
    header = struct.pack(">IIBBBBB", first.width, height, 8, _COLOR_TYPES[first.mode], 0, 0, 0)
    deflate = isal_zlib.compressobj(level=1)
    packed = [piece for rows in _filtered(images, height) if (piece := deflate.compress(rows))]
    packed.append(deflate.flush())
    texts = [_chunk(b"iTXt", _text(keyword, text)) for keyword, text in (about or {}).items() if text]
    length, checksum = 0, crc32(b"IDAT")
    for piece in packed:
        length, checksum = length + len(piece), crc32(piece, checksum)
    return [
        b"".join((_SIGNATURE, _chunk(b"IHDR", header), *texts, struct.pack(">I4s", length, b"IDAT"))),
        *packed,
        struct.pack(">I", checksum) + _chunk(b"IEND", b""),
    ]


def _filtered(images: Sequence[Image.Image], height: int) -> Iterator[memoryview]:
    """Yields rows as PNG stores them: a filter byte, then samples less their upper neighbours.

    The average filter makes photographs 5 % smaller and drawings 3 % larger, and takes twice as long.
    """
    mode = images[0].mode
    line = images[0].width * len(images[0].getbands()) + 1
    rows = max(1, _BAND // line)
    for top in range(0, height, rows):
        bottom = min(top + rows, height)
        band = _rows(images, top, bottom)
        residue = ImageChops.subtract_modulo(band, _rows(images, top - 1, bottom - 1))
        filtered = bytearray(_UP)
        filtered += residue.tobytes("raw", mode, line)  # a line longer than its pixels: room for the next byte
        filtered[line::line] = _UP * (bottom - top)
        yield memoryview(filtered)[:-1]


def _rows(images: Sequence[Image.Image], top: int, bottom: int) -> Image.Image:
    """Returns some rows of the whole picture; outside reads as zero, as the filter requires."""
    first = images[0]
    if bottom <= first.height or len(images) == 1:
        return first.crop((0, top, first.width, bottom))
    band = Image.new(first.mode, (first.width, bottom - top))
    begin = 0
    for image in images:
        upper, lower = max(top, begin), min(bottom, begin + image.height)
        if upper < lower:
            band.paste(image.crop((0, upper - begin, image.width, lower - begin)), (0, upper - top))
        begin += image.height
    return band


def _text(keyword: str, text: str) -> bytes:
    """The body of an iTXt chunk: not compressed, in no particular language."""
    return keyword.encode("latin-1") + b"\0\0\0\0\0" + text.encode(errors="replace")


def _chunk(kind: bytes, body: bytes) -> bytes:
    return b"".join((struct.pack(">I", len(body)), kind, body, struct.pack(">I", crc32(body, crc32(kind)))))
