"""What a TIFF file may ask for before Pillow and libtiff read it."""

import ctypes
import struct
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from typing import NamedTuple

from PIL import _imaging

_ORDERS = {b"II": "<", b"MM": ">"}
_BIG = 43
_BYTES = (1, 2, 7)  # types whose values stay bytes in Pillow; of others each becomes an object
_MOST_VALUES = 1 << 18  # tiles of 16 by 16 in a picture of 40 million pixels need 156,250

_COMPRESSION, _TILE_WIDTH, _TILE_HEIGHT = 259, 322, 323
_COMPRESSIONS = (1, 5, 7, 8, 32773, 32946, 50000, 50001)
"""None, LZW, JPEG, deflate, PackBits, deflate, Zstandard, WebP. Not fax, not what was given up long ago, and not LZMA,
which takes as much memory as its header says."""


class _Entry(NamedTuple):
    tag: int
    kind: int
    number: int
    value: int


def check(data: bytes, most_pixels: int) -> None:
    """Raise ValueError for compressions that no painter uses, and for what takes memory without being a picture."""
    silence()
    for entry in _entries(data):
        if entry.number > _MOST_VALUES and entry.kind not in _BYTES:
            raise ValueError(f"tag {entry.tag} has {entry.number} values")
        if entry.tag == _COMPRESSION and entry.value not in _COMPRESSIONS:
            raise ValueError(f"compression {entry.value}")
    tile = {entry.tag: entry.value for entry in _entries(data)}
    if tile.get(_TILE_WIDTH, 0) * tile.get(_TILE_HEIGHT, 0) > most_pixels:
        raise ValueError("a tile is larger than any picture")


def _entries(data: bytes) -> Iterator[_Entry]:
    """Yield the entries of the first picture's directory, as far as it is there; of several values none."""
    order = _ORDERS.get(data[:2], "<")
    try:
        if struct.unpack_from(order + "H", data, 2) == (_BIG,):
            (start,) = struct.unpack_from(order + "Q", data, 8)
            (count,) = struct.unpack_from(order + "Q", data, start)
            start, entry, field, size = start + 8, order + "HHQ", "Q", 20
        else:
            (start,) = struct.unpack_from(order + "I", data, 4)
            (count,) = struct.unpack_from(order + "H", data, start)
            start, entry, field, size = start + 2, order + "HHI", "I", 12
        for at in range(start, start + count * size, size):
            tag, kind, number = struct.unpack_from(entry, data, at)
            kinds = {1: "B", 3: "H", 4: "I"}
            (value,) = struct.unpack_from(order + kinds.get(kind, field), data, at + struct.calcsize(entry))
            yield _Entry(tag, kind, number, value)
    except struct.error:
        return  # Pillow says that it is broken


@cache
def silence() -> None:
    """Keep libtiff from writing to standard error by itself, which is the service's log: Pillow raises anyway."""
    with suppress(OSError, AttributeError):  # a build that does not export them
        library = ctypes.CDLL(_imaging.__file__)
        library.TIFFSetErrorHandler(None)
        library.TIFFSetWarningHandler(None)
