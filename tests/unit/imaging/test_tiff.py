"""TIFF files that ask for too much."""

import struct

import pytest
from PIL import Image

from dalle.errors import BadAnswer
from dalle.imaging.decoding import MOST_PIXELS, examine
from dalle.imaging.tiff import check
from tests.kit.images import as_file, clouds

IMAGE = clouds(96)
COMPRESSIONS = ["raw", "packbits", "tiff_lzw", "tiff_adobe_deflate", "tiff_deflate", "zstd"]


def directory(*entries: tuple[int, int, int, int], order: str = "<", tail: bytes = b"") -> bytes:
    """A file of one directory; an entry is tag, type, number of values, value."""
    body = b"".join(struct.pack(order + "HHII", *entry) for entry in entries)
    begin = {"<": b"II*\0", ">": b"MM\0*"}[order]
    return begin + struct.pack(order + "IH", 8, len(entries)) + body + bytes(4) + tail


def sized(width: int, height: int, *more: tuple[int, int, int, int], tail: bytes = b"") -> bytes:
    return directory((256, 4, 1, width), (257, 4, 1, height), (258, 3, 1, 8), (262, 3, 1, 1), *more, tail=tail)


@pytest.mark.parametrize("compression", COMPRESSIONS)
def test_decodes_the_usual_compressions(compression: str) -> None:
    extension, image, _ = examine(as_file(IMAGE, "TIFF", compression=compression))
    assert extension == "tiff"
    assert image.tobytes() == IMAGE.tobytes()


def test_decodes_files_for_more_than_four_gigabytes() -> None:
    assert examine(as_file(IMAGE, "TIFF", big_tiff=True)).image.tobytes() == IMAGE.tobytes()


@pytest.mark.parametrize("compression", ["lzma", "group4"])
def test_refuses_odd_compressions(compression: str) -> None:
    data = as_file(IMAGE.convert("1"), "TIFF", compression=compression)
    with pytest.raises(BadAnswer):
        examine(data)


@pytest.mark.parametrize("compression", [0, 2, 3, 6, 32766, 32809, 34676, 34661, 65535])
def test_refuses_every_compression_that_no_painter_uses(compression: int) -> None:
    for order in "<>":
        value = compression << 16 if order == ">" else compression
        with pytest.raises(ValueError, match="compression"):
            check(directory((259, 3, 1, value), order=order), MOST_PIXELS)


def test_refuses_a_directory_of_millions_of_values() -> None:
    data = sized(96, 96, (273, 4, 12_000_000, 200), tail=bytes(48_000_000))
    with pytest.raises(BadAnswer) as raised:
        examine(data)
    assert "12000000 values" in raised.value.private


def test_accepts_a_long_text_or_profile() -> None:
    check(sized(96, 96, (700, 1, 12_000_000, 200)), MOST_PIXELS)


def test_refuses_to_paint_the_same_pixels_many_times() -> None:
    strips = [
        (273, 4, 20_000, 200),  # offsets
        (277, 3, 1, 1),
        (278, 4, 1, 95),  # rows a strip
    ]
    with pytest.raises(BadAnswer, match="too often"):
        examine(sized(96, 96, *strips, tail=struct.pack("<I", 200) * 20_100))


def test_refuses_a_tile_that_is_larger_than_any_picture() -> None:
    with pytest.raises(ValueError, match="tile"):
        check(sized(96, 96, (322, 4, 1, 60_000), (323, 4, 1, 60_000)), MOST_PIXELS)


def test_uses_the_first_of_several_pages() -> None:
    pages = [Image.new("RGB", (96, 96), color) for color in ("red", "green", "blue")]
    data = as_file(IMAGE, "TIFF", save_all=True, append_images=pages)
    assert examine(data).image.tobytes() == IMAGE.tobytes()


def test_says_nothing_on_standard_error(capfd: pytest.CaptureFixture[str]) -> None:
    data = as_file(IMAGE, "TIFF", compression="tiff_adobe_deflate")
    with pytest.raises(BadAnswer) as raised:
        examine(data[:300] + b"\xff" * 500 + data[800:])
    assert raised.value.private.startswith("OSError: ")
    assert capfd.readouterr().err == ""
