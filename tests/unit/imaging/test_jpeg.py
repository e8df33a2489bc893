"""The segments of JPEG files."""

import struct

import pytest
from PIL import Image

from dalle.errors import BadAnswer
from dalle.imaging import exif
from dalle.imaging.decoding import decode, examine
from dalle.imaging.jpeg import BEGIN, END, tidy
from tests.kit import profiles
from tests.kit.images import as_file, clouds

GOOD = as_file(clouds(96), "JPEG")
PIXELS = decode(GOOD).tobytes()


def segment(code: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, code, len(body) + 2) + body


DROPPED = {
    "comment": segment(0xFE, b"A comment"),
    "broken-exif": segment(0xE1, b"Exif\0\0MM\0*\xff\xff\xff\xff"),
    "thumbnail": segment(0xE1, b"Exif\0\0" + GOOD[:2000]),
    "xmp": segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x/>"),
    "more-pictures": segment(0xE2, b"MPF\0broken"),
    "photoshop": segment(0xED, b"Photoshop 3.0\x008BIM\xff\xff"),
    "content-credentials": segment(0xEB, b"JP" + bytes(60_000)),
    "padding": b"\xff\xff",
}


@pytest.mark.parametrize("case", DROPPED)
def test_uses_a_picture_with(case: str) -> None:
    data = BEGIN + DROPPED[case] + GOOD[2:]
    assert tidy(data) == (GOOD, False)
    assert decode(data).tobytes() == PIXELS


def test_leaves_a_plain_file_as_it_is() -> None:
    for options in ({}, {"progressive": True}, {"restart_marker_blocks": 2}, {"icc_profile": profiles.SRGB}):
        data = as_file(clouds(96), "JPEG", **options)
        assert tidy(data) == (data, False)


def test_drops_what_follows_the_end() -> None:
    assert tidy(GOOD + GOOD) == (GOOD, False)
    assert tidy(GOOD + bytes(100)) == (GOOD, False)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_keeps_nothing_but_the_orientation_of_the_exif_data(orientation: int) -> None:
    data = Image.Exif()
    data[0x0112] = orientation
    data[0x010E] = "A description"
    tidied = tidy(as_file(clouds(96), "JPEG", exif=data)).data
    assert b"description" not in tidied
    assert (exif.only(orientation) in tidied) == (orientation != 1)


@pytest.mark.parametrize("missing", [1, 2])
def test_finds_that_the_end_is_missing(missing: int) -> None:
    assert tidy(GOOD[:-missing]) == (GOOD[:-2], True)


def test_refuses_a_file_of_many_scans() -> None:
    scan = GOOD[GOOD.index(b"\xff\xda") : -2]
    with pytest.raises(BadAnswer):
        examine(GOOD[:-2] + scan * 200 + END)


def test_refuses_a_file_of_many_segments() -> None:
    with pytest.raises(BadAnswer):
        examine(BEGIN + segment(0xFE, b"") * 20_000 + GOOD[2:])
