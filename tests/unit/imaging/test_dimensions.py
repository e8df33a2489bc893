"""How large a picture is, by its header."""

import io

import pytest
from PIL import Image

from dalle.imaging.dimensions import dimensions
from tests.kit.images import as_file


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "AVIF", "BMP", "TIFF"])
def test_reads_the_size_of_every_format(kind: str) -> None:
    assert dimensions(io.BytesIO(as_file(Image.new("RGB", (70, 90)), kind))) == (70, 90)


@pytest.mark.parametrize(("orientation", "expected"), [(1, (70, 90)), (3, (70, 90)), (6, (90, 70)), (8, (90, 70))])
def test_turns_a_picture_as_its_exif_data_say(orientation: int, expected: tuple[int, int]) -> None:
    data = Image.Exif()
    data[0x0112] = orientation
    assert dimensions(io.BytesIO(as_file(Image.new("RGB", (70, 90)), "JPEG", exif=data))) == expected


@pytest.mark.parametrize("data", [b"", b"GIF8", b"\x89PNG\r\n\x1a\n" + bytes(80), b"<html>" * 20])
def test_knows_no_size_of_what_is_no_picture(data: bytes) -> None:
    assert dimensions(io.BytesIO(data)) is None
