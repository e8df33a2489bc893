"""The orientation in EXIF data."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from dalle.imaging import exif


def written(orientation: int, **others: str) -> bytes:
    data = Image.Exif()
    data[0x0112] = orientation
    for tag, text in others.items():
        data[int(tag.removeprefix("t"))] = text
    return data.tobytes()


@pytest.mark.parametrize("orientation", range(1, 9))
def test_reads_what_pillow_writes_and_writes_what_pillow_reads(orientation: int) -> None:
    assert exif.orientation(written(orientation, t270="A description", t305="Software")) == orientation
    data = Image.Exif()
    data.load(exif.only(orientation))
    assert dict(data) == {0x0112: orientation}
    assert exif.orientation(exif.only(orientation)) == orientation


def test_reads_both_byte_orders_and_both_types_of_numbers() -> None:
    for order, begin in (("<", b"II*\0"), (">", b"MM\0*")):
        for kind, field in ((3, "HH"), (4, "I")):
            values = (6, 0) if kind == 3 else (6,)
            entry = struct.pack(order + "HHI" + field, 0x0112, kind, 1, *values)
            assert exif.orientation(begin + struct.pack(order + "IH", 8, 1) + entry) == 6


@pytest.mark.parametrize(
    "data",
    [b"", b"Exif\0\0", b"no TIFF", written(6)[:20], written(6)[:-9], written(9), written(0), b"II*\0\xff\xff\xff\xff"],
)
def test_takes_a_picture_with_broken_data_for_upright(data: bytes) -> None:
    assert exif.orientation(data) == 1


@given(st.binary(max_size=100))
def test_reads_any_bytes(tail: bytes) -> None:
    assert exif.orientation(b"MM\0*" + tail) in range(1, 9)
