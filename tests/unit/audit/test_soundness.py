"""A PNG file that lost a byte anywhere is not sound; a whole one is, whatever its kind."""

import io
import struct
import zlib

import pytest
from PIL import Image

from dalle.audit.soundness import fault_of_png
from tests.kit.images import as_file, noise


def fault(data: bytes) -> str:
    return fault_of_png(io.BytesIO(data).read)


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(body, zlib.crc32(kind)))


def drawn(depth: int, color: int, interlaced: int, size: int) -> bytes:
    """A black picture of 5 × 3 pixels whose rows have so many bytes in all."""
    head = struct.pack(">IIBBBBB", 5, 3, depth, color, 0, 0, interlaced)
    rows = chunk(b"IDAT", zlib.compress(bytes(size)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + rows + chunk(b"IEND", b"")


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_finds_whole_pictures_sound(mode: str) -> None:
    assert fault(as_file(noise(37, 23).convert("L" if mode == "I;16" else mode).convert(mode))) == ""


def test_finds_a_large_picture_sound_in_pieces() -> None:
    data = as_file(noise(700, 500))
    stream = io.BytesIO(data)
    assert fault_of_png(lambda size: stream.read(min(size, 1000))) == ""


PASSES = [(1, 1), (1, 1), (2, 0), (1, 1), (3, 1), (2, 2), (5, 1)]
"""Columns and rows of the seven passes of an interlaced picture of 5 × 3 pixels."""


def passes(bits: int) -> int:
    """Return how many bytes they have, of so many bits a pixel."""
    return sum(rows * (1 + (columns * bits + 7) // 8) for columns, rows in PASSES)


@pytest.mark.parametrize(("depth", "color", "bits"), [(8, 2, 24), (1, 0, 1), (16, 6, 64)])
def test_counts_the_rows_of_interlaced_pictures(depth: int, color: int, bits: int) -> None:
    assert fault(drawn(depth, color, 1, passes(bits))) == ""
    assert fault(drawn(depth, color, 1, passes(bits) - 1)) == "rows are missing"


def test_notices_each_byte_that_is_wrong() -> None:
    data = as_file(noise(9, 7))
    for place in range(len(data)):
        changed = bytearray(data)
        changed[place] ^= 0x10
        assert fault(bytes(changed)), place


def test_notices_where_a_picture_ends_early() -> None:
    data = as_file(noise(9, 7))
    assert {fault(data[:size]) for size in range(8, len(data))} == {"it ends too early"}
    assert fault(b"") == fault(b"GIF89a..") == "it does not begin as a PNG file"
    assert fault(data + b"x") == "it goes on after its end"


def test_notices_rows_that_are_missing() -> None:
    assert fault(drawn(8, 0, 0, 18)) == ""
    assert fault(drawn(8, 0, 0, 17)) == "rows are missing"


def test_inflates_a_bomb_without_room_for_it() -> None:
    assert fault(drawn(8, 0, 0, 200_000_000)) == ""


def test_reads_interlaced_pictures_as_pillow_does() -> None:
    with Image.open(io.BytesIO(drawn(8, 2, 1, passes(24)))) as image:
        image.load()
        assert image.size == (5, 3)
