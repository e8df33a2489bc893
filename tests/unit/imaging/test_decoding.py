"""Bytes that claim to be a picture."""

import io
import struct
import zlib

import pytest
from PIL import Image

from dalle.errors import BadAnswer
from dalle.imaging.decoding import decode, verify
from tests.kit.images import as_file, gradient
from tests.stub_openai.picture import TINY, photo


@pytest.mark.parametrize("kind", ["png", "webp", "jpeg"])
def test_returns_the_true_extension(kind: str) -> None:
    assert verify(photo("256x128", kind)) == kind


def test_accepts_a_jpeg_file_with_a_second_picture_behind_the_first() -> None:
    sink = io.BytesIO()
    first = Image.open(io.BytesIO(photo("256x128")))
    first.save(sink, "MPO", save_all=True, append_images=[first.rotate(180)])
    assert verify(sink.getvalue()) == "jpeg"


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that claims a huge size."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 99)) + chunk(b"IEND", b"")
    )


def gif() -> bytes:
    sink = io.BytesIO()
    Image.new("L", (256, 256)).save(sink, "GIF")
    return sink.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html></html>",
        TINY,
        photo("256x256")[:-2000],
        photo("256x256", "jpeg")[:-2000],
        bomb(60_000, 60_000),
        bomb(8_000, 8_000),
        bomb(256, 256),
        gif(),
        b"\x89PNG\r\n\x1a\n" + b"\0" * (65 * 1024 * 1024),
    ],
    ids=["empty", "page", "tiny", "torn", "torn-jpeg", "bomb", "big", "thin", "gif", "heavy"],
)
def test_refuses_anything_else(data: bytes) -> None:
    with pytest.raises(BadAnswer):
        verify(data)


def test_scales_sixteen_bits_down() -> None:
    deep = Image.frombytes("I;16", (256, 40), b"".join(bytes([128, x]) for x in range(256)) * 40)
    picture = decode(as_file(deep))
    assert [picture.getpixel((x, 20)) for x in (0, 77, 255)] == [(0, 0, 0), (77, 77, 77), (255, 255, 255)]


def test_turns_a_picture_as_its_camera_said() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    assert decode(as_file(gradient(120, 90), "JPEG", exif=exif)).size == (90, 120)
