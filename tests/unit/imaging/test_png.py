"""The fast PNG encoder, read by Pillow and chunk by chunk."""

import io
import random
import struct
import zlib
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngImageFile

from dalle.imaging.png import encode
from tests.kit.images import as_file, clouds, gradient, noise, reopened


def chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    at = 8
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        body = data[at + 8 : at + 8 + length]
        (crc,) = struct.unpack(">I", data[at + 8 + length : at + 12 + length])
        assert crc == zlib.crc32(kind + body)
        yield kind, body
        at += 12 + length


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA"])
@pytest.mark.parametrize("size", [(1, 1), (1, 700), (700, 1), (3, 2), (257, 129), (640, 1100)])
def test_keeps_every_pixel(mode: str, size: tuple[int, int]) -> None:
    image = noise(*size, mode) if mode != "L" else noise(*size).getchannel("R")
    back = reopened(encode(image))
    assert (back.mode, back.size) == (mode, size)
    assert back.tobytes() == image.tobytes()


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 40), st.integers(1, 40), st.sampled_from(["RGB", "RGBA"]), st.integers(0, 2**32))
def test_keeps_every_pixel_of_any_small_picture(width: int, height: int, mode: str, seed: int) -> None:
    levels = bytes([0, 1, 127, 128, 254, 255])
    data = bytes(random.Random(seed).choices(levels, k=width * height * len(mode)))
    image = Image.frombytes(mode, (width, height), data)
    assert reopened(encode(image)).tobytes() == data


def test_keeps_a_picture_of_many_bands() -> None:
    image = gradient(4096, 900)
    assert reopened(encode(image)).tobytes() == image.tobytes()


def test_writes_three_chunks_with_right_lengths_and_sums() -> None:
    found = list(chunks(encode(noise(300, 500))))
    assert [kind for kind, _ in found] == [b"IHDR", b"IDAT", b"IEND"]
    assert struct.unpack(">IIBBBBB", found[0][1]) == (300, 500, 8, 2, 0, 0, 0)


def test_writes_texts_before_the_pixels() -> None:
    data = encode(noise(5, 5), {"Title": "A calm héron — 鷺", "Description": "", "Source": "sketch"})
    assert [kind for kind, _ in chunks(data)] == [b"IHDR", b"iTXt", b"iTXt", b"IDAT", b"IEND"]
    image = Image.open(io.BytesIO(data))
    assert isinstance(image, PngImageFile)
    assert image.text == {"Title": "A calm héron — 鷺", "Source": "sketch"}


def test_writes_one_whole_stream_that_the_standard_library_reads() -> None:
    body = dict(chunks(encode(noise(300, 500))))[b"IDAT"]
    stream = zlib.decompressobj()
    rows = stream.decompress(body)
    assert stream.eof
    assert not stream.unused_data
    assert len(rows) == 500 * (300 * 3 + 1)
    assert set(rows[:: 300 * 3 + 1]) == {2}


def test_turns_other_modes_into_colours() -> None:
    image = gradient(64, 64)
    assert reopened(encode(image.convert("CMYK"))).mode == "RGB"
    palette = reopened(as_file(image.quantize(16), transparency=3))
    back = reopened(encode(palette))
    assert back.mode == "RGBA"
    assert back.tobytes() == palette.convert("RGBA").tobytes()


def test_is_hardly_larger_than_pillows_encoder() -> None:
    image = clouds(512)
    assert len(encode(image)) < 1.05 * len(as_file(image))
