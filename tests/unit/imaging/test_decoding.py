"""Bytes that claim to be a picture."""

import io
import struct
import zlib
from collections.abc import Callable
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageStat

from dalle.errors import BadAnswer, ContentBlocked, EmptyPicture
from dalle.imaging.decoding import MOST_BYTES, decode, examine, verify
from dalle.storage.blob import EXTENSIONS
from tests.kit.images import as_file, clouds, gradient, noise
from tests.stub_openai.picture import TINY, photo

IMAGE = clouds(128)

# What a process only collects is not written.
FORMATS: dict[str, dict[str, str]] = {
    **{kind: {} for kind in ("png", "webp", "jpeg", "gif", "avif", "bmp")},
    "tiff": {"compression": "tiff_lzw"},
}
VARIANTS: dict[str, Callable[[], bytes]] = {
    "interlaced-gif": lambda: as_file(IMAGE.quantize(32), "GIF", interlace=True),
    "lossless-webp": lambda: as_file(IMAGE, "WEBP", lossless=True),
    "progressive-jpeg": lambda: as_file(IMAGE, "JPEG", progressive=True),
    "palette-bmp": lambda: as_file(IMAGE.quantize(32), "BMP"),
    "jpeg-tiff": lambda: as_file(IMAGE, "TIFF", compression="jpeg"),
    "alpha-png": lambda: as_file(noise(80, 80, "RGBA")),
    "alpha-avif": lambda: as_file(noise(80, 80, "RGBA"), "AVIF"),
}


@cache
def written(kind: str) -> bytes:
    """The picture in a format."""
    return as_file(IMAGE, kind.upper(), **FORMATS[kind])


def difference(one: Image.Image, other: Image.Image) -> float:
    return max(ImageStat.Stat(ImageChops.difference(one, other)).mean)


@pytest.mark.parametrize("kind", FORMATS)
def test_returns_the_true_extension_and_the_picture(kind: str) -> None:
    extension, image, note = examine(written(kind))
    assert (extension, image.mode, image.size, note) == (kind, "RGB", (128, 128), "")
    assert difference(image, IMAGE) < 15  # of noise, in a palette or at the usual quality
    assert verify(written(kind)) == kind


def test_knows_an_extension_for_each_format() -> None:
    assert set(FORMATS) == set(EXTENSIONS)


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "AVIF", "PNG", "TIFF"])
def test_takes_the_first_of_several_frames(kind: str) -> None:
    others = [Image.new("RGB", (128, 128), color) for color in ("red", "green")]
    data = as_file(IMAGE, kind, save_all=True, append_images=others)
    extension, image, _ = examine(data)
    assert extension == kind.lower()
    assert difference(image, IMAGE) < 15


def test_accepts_a_jpeg_file_with_a_second_picture_behind_the_first() -> None:
    data = as_file(IMAGE, "MPO", save_all=True, append_images=[IMAGE.rotate(180)])
    for end in (len(data), len(data) - 100, data.rindex(b"\xff\xd8") + 10):
        assert examine(data[:end]).extension == "jpeg"


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that claims a huge size."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 99)) + chunk(b"IEND", b"")
    )


def patched(data: bytes, at: int, format_: str, *values: int) -> bytes:
    changed = bytearray(data)
    struct.pack_into(format_, changed, at, *values)
    return bytes(changed)


REFUSED: dict[str, Callable[[], bytes]] = {
    "empty": lambda: b"",
    "page": lambda: b"<html></html>",
    "icon": lambda: as_file(IMAGE, "ICO"),
    "tiny": lambda: TINY,
    "torn": lambda: photo("256x256")[:-2000],
    "torn-jpeg": lambda: photo("256x256", "jpeg")[:-2000],
    "torn-webp": lambda: written("webp")[:-200],
    "torn-avif": lambda: written("avif")[:-200],
    "torn-gif": lambda: written("gif")[:-200],
    "torn-bmp": lambda: written("bmp")[:-200],
    "torn-tiff": lambda: written("tiff")[:-200],
    "bomb": lambda: bomb(60_000, 60_000),
    "big": lambda: bomb(8_000, 8_000),
    "thin": lambda: bomb(256, 256),
    "big-gif": lambda: patched(written("gif"), 6, "<HH", 9000, 100),
    "big-bmp": lambda: patched(written("bmp"), 18, "<ii", 8000, 8000),
    "long-tiff": lambda: as_file(Image.new("L", (8193, 64)), "TIFF"),
    "long-avif": lambda: as_file(Image.new("L", (8194, 64)), "AVIF", speed=10),
    "long-webp": lambda: as_file(Image.new("L", (8193, 64)), "WEBP"),
    "small-gif": lambda: as_file(clouds(63), "GIF"),
    "slow-bmp": lambda: patched(as_file(IMAGE.quantize(32), "BMP"), 30, "<I", 1) + b"\1\5" * (3 << 20),
    "heavy": lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * (MOST_BYTES + 1),
    "heavy-bmp": lambda: written("bmp") + b"\0" * MOST_BYTES,
}


@pytest.mark.parametrize("case", REFUSED)
def test_refuses_anything_else(case: str) -> None:
    with pytest.raises(BadAnswer) as raised:
        verify(REFUSED[case]())
    assert raised.value.code == "IMAGE_DOWNLOAD_ERROR"


def test_decodes_a_bmp_of_runs() -> None:
    runs = b"".join(bytes((128, row, 0, 0)) for row in range(128)) + b"\0\1"
    data = patched(as_file(IMAGE.quantize(256), "BMP"), 30, "<I", 1)
    start = struct.unpack_from("<I", data, 10)[0]
    examined = examine(data[:start] + runs)
    assert examined.extension == "bmp"
    assert len(examined.image.getcolors(256) or ()) > 100


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "JPEG", "GIF", "AVIF", "BMP", "TIFF"])
def test_takes_one_flat_colour_for_no_picture(kind: str) -> None:
    data = as_file(Image.new("RGB", (256, 128), (0, 0, 0)), kind)
    with pytest.raises(EmptyPicture) as raised:
        examine(data)
    assert isinstance(raised.value, ContentBlocked)
    assert (raised.value.code, raised.value.billed, raised.value.pause) == ("CONTENT_BLOCKED", "yes", "blocked")
    assert "empty picture" in raised.value.message
    assert decode(data).size == (256, 128)  # what is finished is shown, whatever it is


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "AVIF", "TIFF"])
def test_takes_full_transparency_for_no_picture(kind: str) -> None:
    image = IMAGE.copy()
    image.putalpha(0)
    with pytest.raises(EmptyPicture):
        verify(as_file(image, kind))


def test_scales_sixteen_bits_down() -> None:
    deep = Image.frombytes("I;16", (256, 40), b"".join(bytes([128, x]) for x in range(256)) * 40)
    picture = decode(as_file(deep))
    assert [picture.getpixel((x, 20)) for x in (0, 77, 255)] == [(0, 0, 0), (77, 77, 77), (255, 255, 255)]


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "AVIF", "TIFF"])
@pytest.mark.parametrize(
    ("orientation", "corner"),
    [(1, (0, 0)), (2, (1, 0)), (3, (1, 1)), (4, (0, 1)), (5, (0, 0)), (6, (1, 0)), (7, (1, 1)), (8, (0, 1))],
)
def test_turns_a_picture_as_its_camera_said(kind: str, orientation: int, corner: tuple[int, int]) -> None:
    image = Image.new("RGB", (120, 90), "white")
    image.paste("red", (0, 0, 40, 30))  # the corner that comes to where the table says
    exif = Image.Exif()
    exif[0x0112] = orientation
    turned = decode(as_file(image, kind, exif=exif))
    assert turned.size == ((120, 90) if orientation < 5 else (90, 120))
    width, height = turned.size
    for x in (0, 1):
        for y in (0, 1):
            pixel = turned.getpixel((x * (width - 1), y * (height - 1)))
            assert isinstance(pixel, tuple)
            assert (pixel[1] < 99) == ((x, y) == corner)


@pytest.mark.parametrize("kind", [*FORMATS, *VARIANTS])
def test_fails_in_one_way_only_for_damaged_bytes(kind: str) -> None:
    data = VARIANTS[kind]() if kind in VARIANTS else written(kind)

    @settings(max_examples=25, deadline=None)
    @given(
        st.integers(0, len(data)),
        st.lists(st.tuples(st.integers(0, len(data) - 1) | st.integers(0, 150), st.integers(0, 255)), max_size=6),
        st.binary(max_size=8),
    )
    def damage(end: int, changes: list[tuple[int, int]], tail: bytes) -> None:
        damaged = bytearray(data)
        for at, value in changes:
            damaged[at % len(data)] = value
        for variant in (bytes(damaged), bytes(damaged[:end]) + tail):
            try:
                examined = examine(variant)
            except (BadAnswer, EmptyPicture):
                continue
            assert examined.image.mode in ("RGB", "RGBA")
            assert min(examined.image.size) >= 64

    damage()


def test_keeps_a_gradient() -> None:
    sink = io.BytesIO()
    gradient(256, 128).save(sink, "JPEG")
    assert verify(sink.getvalue()) == "jpeg"
