"""Pixels of every kind, whose colours are known."""

import struct
import zlib

import pytest
from PIL import Image, ImageCms

from dalle.imaging.decoding import decode
from tests.kit import profiles
from tests.kit.images import as_file
from tests.kit.png_chunks import SIGNATURE, chunk, gamma, split, with_chunk

SIZE = (96, 80)


def of(mode: str, color: int | float | tuple[int, ...]) -> Image.Image:
    return Image.new(mode, SIZE, color)


def palette(*, alpha: bytes = b"") -> bytes:
    image = of("P", 1)
    image.putpalette([9, 9, 9, 200, 30, 60])
    return as_file(image, transparency=alpha) if alpha else as_file(image)


def deep(color_type: int, sample: bytes, transparent: bytes = b"") -> bytes:
    """A PNG of one colour with sixteen bits a sample, which Pillow does not write in colour."""
    header = struct.pack(">IIBBBBB", *SIZE, 16, color_type, 0, 0, 0)
    rows = (b"\0" + sample * SIZE[0]) * SIZE[1]
    parts = [chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b"")]
    if transparent:
        parts.insert(1, chunk(b"tRNS", transparent))
    return SIGNATURE + b"".join(parts)


def inverted() -> bytes:
    """A CMYK JPEG as Adobe's programs write it: 0 is full ink. Pillow writes those and marks them."""
    data = as_file(of("CMYK", (0, 255, 255, 0)), "JPEG", quality=95, subsampling=0)
    assert b"Adobe" in data
    return data


def in_lab() -> Image.Image:
    image = of("RGB", (200, 30, 60))
    target = ImageCms.createProfile("LAB")
    return ImageCms.profileToProfile(image, ImageCms.createProfile("sRGB"), target, outputMode="LAB") or image


CASES = {
    "grey": (as_file(of("L", 77)), (77, 77, 77)),
    "grey-alpha": (as_file(of("LA", (77, 128))), (77, 77, 77, 128)),
    "grey-opaque": (as_file(of("LA", (77, 255))), (77, 77, 77)),
    "bilevel": (as_file(of("1", 255)), (255, 255, 255)),
    "palette": (palette(), (200, 30, 60)),
    "palette-alpha": (palette(alpha=b"\xff\x40"), (200, 30, 60, 64)),
    "rgb-transparent": (as_file(of("RGB", (1, 2, 3)), transparency=(1, 2, 3)), (1, 2, 3, 0)),
    "grey-transparent": (as_file(of("L", 9), transparency=9), (9, 9, 9, 0)),
    "deep-grey": (as_file(of("I;16", 77 * 256 + 9)), (77, 77, 77)),
    "deep-grey-alpha": (deep(4, bytes((77, 1, 128, 0))), (77, 77, 77, 128)),
    "deep-grey-transparent": (deep(0, bytes((77, 1)), bytes((77, 1))), (77, 77, 77, 0)),
    "deep-rgb": (deep(2, bytes((200, 9, 30, 9, 60, 9))), (200, 30, 60)),
    "deep-rgba": (deep(6, bytes((200, 9, 30, 9, 60, 9, 128, 9))), (200, 30, 60, 128)),
    "deep-rgb-transparent": (deep(2, bytes((200, 9, 30, 9, 60, 9)), bytes((200, 9, 30, 9, 60, 9))), (200, 30, 60, 0)),
    "deep-tiff": (as_file(of("I;16", 77 * 256 + 9), "TIFF"), (77, 77, 77)),
    "deep-tiff-of-mac": (as_file(of("I;16B", 77 * 256 + 9), "TIFF"), (77, 77, 77)),
    "whole-numbers": (as_file(of("I", 77 * 256), "TIFF"), (77, 77, 77)),
    "floating-numbers": (as_file(of("F", 0.3), "TIFF"), (76, 76, 76)),
    "cmyk": (inverted(), (255, 0, 0)),
    "cmyk-tiff": (as_file(of("CMYK", (0, 255, 255, 0)), "TIFF"), (255, 0, 0)),
    "ycbcr-tiff": (as_file(of("RGB", (200, 30, 60)).convert("YCbCr"), "TIFF"), (200, 30, 60)),
    "lab-tiff": (as_file(in_lab(), "TIFF"), (200, 30, 60)),
    "rgba-tiff": (as_file(of("RGBA", (200, 30, 60, 128)), "TIFF"), (200, 30, 60, 128)),
    "gif": (as_file(of("RGB", (200, 30, 60)), "GIF"), (200, 30, 60)),
    "bmp": (as_file(of("RGB", (200, 30, 60)), "BMP"), (200, 30, 60)),
    "avif-alpha": (as_file(of("RGBA", (200, 30, 60, 128)), "AVIF", quality=100), (200, 30, 60, 128)),
    "webp-alpha": (as_file(of("RGBA", (200, 30, 60, 128)), "WEBP", lossless=True), (200, 30, 60, 128)),
}


@pytest.mark.parametrize("case", CASES)
def test_shows_the_colours_that_are_meant(case: str) -> None:
    data, color = CASES[case]
    assert_color(data, color)


def assert_color(data: bytes, color: tuple[int, ...]) -> None:
    image = decode(data)
    assert image.mode == {3: "RGB", 4: "RGBA"}[len(color)]
    for at in ((0, 0), (40, 40), (95, 79)):
        pixel = image.getpixel(at)
        assert isinstance(pixel, tuple)
        assert all(abs(is_ - meant) <= 3 for is_, meant in zip(pixel, color, strict=True)), (pixel, color)


SWAPPED, GREY, INKS = profiles.RED_IS_BLUE, profiles.linear_grey(), profiles.cyan_is_red()

PROFILED = {
    "png": (as_file(of("RGB", (200, 30, 60)), icc_profile=SWAPPED), (60, 30, 200)),
    "png-alpha": (as_file(of("RGBA", (200, 30, 60, 128)), icc_profile=SWAPPED), (60, 30, 200, 128)),
    "jpeg": (as_file(of("RGB", (200, 30, 60)), "JPEG", quality=95, icc_profile=SWAPPED), (60, 30, 200)),
    "webp": (as_file(of("RGB", (200, 30, 60)), "WEBP", lossless=True, icc_profile=SWAPPED), (60, 30, 200)),
    "avif": (as_file(of("RGB", (200, 30, 60)), "AVIF", quality=100, icc_profile=SWAPPED), (60, 30, 200)),
    "tiff": (as_file(of("RGB", (200, 30, 60)), "TIFF", icc_profile=SWAPPED), (60, 30, 200)),
    "palette": (as_file(of("RGB", (200, 30, 60)).quantize(4), icc_profile=SWAPPED), (60, 30, 200)),
    "grey": (as_file(of("L", 128), icc_profile=GREY), (188, 188, 188)),
    "grey-alpha": (as_file(of("LA", (128, 99)), icc_profile=GREY), (188, 188, 188, 99)),
    "grey-jpeg": (as_file(of("L", 128), "JPEG", icc_profile=GREY), (188, 188, 188)),
    "cmyk": (as_file(of("CMYK", (255, 0, 0, 0)), "JPEG", quality=95, icc_profile=INKS), (255, 0, 0)),
    "cmyk-white": (as_file(of("CMYK", (0, 0, 0, 0)), "JPEG", quality=95, icc_profile=INKS), (255, 255, 255)),
    "cmyk-tiff": (as_file(of("CMYK", (255, 0, 0, 0)), "TIFF", icc_profile=INKS), (255, 0, 0)),
    "grey-in-rgb": (as_file(of("L", 99), icc_profile=SWAPPED), (99, 99, 99)),
    "of-another-space": (as_file(of("RGB", (200, 30, 60)), icc_profile=INKS), (200, 30, 60)),
    "broken": (as_file(of("RGB", (200, 30, 60)), "WEBP", lossless=True, icc_profile=SWAPPED[:300]), (200, 30, 60)),
}


@pytest.mark.parametrize("case", PROFILED)
def test_converts_from_a_colour_profile(case: str) -> None:
    assert_color(*PROFILED[case])


def test_writes_a_profile_that_means_what_the_tests_say() -> None:
    assert b"iCCP" in [kind for kind, _ in split(PROFILED["png"][0])]


def test_leaves_a_dark_sixteen_bit_picture_dark() -> None:
    assert_color(as_file(of("I;16", 10 * 256)), (10, 10, 10))


LINEAR = gamma(100_000)
BRIGHT = (229, 96, 133)  # what (200, 30, 60) is when its levels are in proportion to the light
COLORED = as_file(of("RGB", (200, 30, 60)))
ICC = chunk(b"iCCP", b"p\0\0" + zlib.compress(SWAPPED))

ENCODED = {
    "linear": (with_chunk(COLORED, LINEAR), BRIGHT),
    "alpha": (with_chunk(as_file(of("RGBA", (200, 30, 60, 128))), LINEAR), (*BRIGHT, 128)),
    "grey": (with_chunk(as_file(of("L", 128)), LINEAR), (188, 188, 188)),
    "palette": (with_chunk(palette(), LINEAR, b"PLTE"), BRIGHT),
    "deep": (with_chunk(deep(2, bytes((200, 0, 30, 0, 60, 0))), LINEAR), BRIGHT),
    "of old Macintoshes": (with_chunk(COLORED, gamma(55_556)), (210, 40, 77)),
    "as in sRGB": (with_chunk(COLORED, gamma(45_455)), (200, 30, 60)),
    "nearly as in sRGB": (with_chunk(COLORED, gamma(47_700)), (200, 30, 60)),
    "zero": (with_chunk(COLORED, gamma(0)), (200, 30, 60)),
    "with sRGB": (with_chunk(COLORED, LINEAR + chunk(b"sRGB", b"\0")), (200, 30, 60)),
    "with cICP": (with_chunk(COLORED, chunk(b"cICP", bytes((1, 13, 0, 1))) + LINEAR), (200, 30, 60)),
    "with a profile": (with_chunk(COLORED, LINEAR + ICC), (60, 30, 200)),
    "with a broken profile": (with_chunk(COLORED, LINEAR + chunk(b"iCCP", b"p\0\0xyz")), BRIGHT),
    "with a broken sRGB": (with_chunk(COLORED, LINEAR + chunk(b"sRGB", b"\0", wrong=True)), BRIGHT),
    "with an intent that is none": (with_chunk(COLORED, LINEAR + chunk(b"sRGB", b"\x09")), BRIGHT),
    "twice": (with_chunk(COLORED, LINEAR + gamma(45_455)), BRIGHT),
    "broken": (with_chunk(COLORED, chunk(b"gAMA", struct.pack(">I", 100_000), wrong=True)), (200, 30, 60)),
    "short": (with_chunk(COLORED, chunk(b"gAMA", b"\1\x86")), (200, 30, 60)),
    "behind the pixels": (with_chunk(COLORED, LINEAR, b"IEND"), (200, 30, 60)),
}
"""PNG files that state a gamma, and what Chromium 156 shows; tests/service/browser/test_colors.py asks it again."""


@pytest.mark.parametrize("case", ENCODED)
def test_heeds_a_stated_gamma_as_browsers_do(case: str) -> None:
    assert_color(*ENCODED[case])
