"""JPEG files whose end is missing."""

import pytest
from PIL import Image, ImageChops, ImageStat

from dalle.errors import BadAnswer
from dalle.imaging.completion import measure
from dalle.imaging.decoding import decode, examine
from dalle.imaging.jpeg import tidy
from tests.kit.images import as_file, clouds

IMAGE = clouds(512)
NOTE = "the end of the JPEG is missing"

KINDS = {
    "usual": as_file(IMAGE, "JPEG"),
    "fine": as_file(IMAGE, "JPEG", quality=95, subsampling=0),
    "progressive": as_file(IMAGE, "JPEG", progressive=True),
    "restarting": as_file(IMAGE, "JPEG", restart_marker_rows=1),
    "grey": as_file(IMAGE.convert("L"), "JPEG"),
    "four-inks": as_file(IMAGE.convert("CMYK"), "JPEG"),
}


def difference(one: Image.Image, other: Image.Image) -> float:
    """The mean difference of the levels."""
    return max(ImageStat.Stat(ImageChops.difference(one, other)).mean)


@pytest.mark.parametrize("missing", [1, 2, 3, 200, 1500])
@pytest.mark.parametrize("kind", KINDS)
def test_uses_a_picture_that_lacks_a_little(kind: str, missing: int) -> None:
    whole = decode(KINDS[kind])
    extension, image, note = examine(KINDS[kind][:-missing])
    assert (extension, image.size, note) == ("jpeg", whole.size, NOTE)
    assert difference(image, whole) < 3
    if missing <= 2:
        assert image.tobytes() == whole.tobytes()


@pytest.mark.parametrize("kind", KINDS)
def test_refuses_a_picture_that_lacks_a_large_part(kind: str) -> None:
    data = KINDS[kind]
    # After a third of a progressive one the rest makes the picture only sharper.
    for part in (0.1, 0.01) if kind == "progressive" else (0.8, 0.5, 0.1, 0.01):
        with pytest.raises(BadAnswer):
            examine(data[: int(len(data) * part)])


def test_measures_how_much_is_missing() -> None:
    data = KINDS["fine"]
    for percent in (2, 5, 30, 60):
        measured = measure(tidy(data[: len(data) * (100 - percent) // 100]).data)
        assert measured.missing == pytest.approx(percent / 100, abs=0.04)
        assert measured.rows is not None
        assert measured.rows / 512 == pytest.approx(1 - percent / 100, abs=0.04)


def test_continues_the_last_whole_row() -> None:
    image = examine(KINDS["usual"][:-2000]).image
    rows = [image.crop((0, row, 512, row + 1)).tobytes() for row in range(512)]
    assert len(set(rows[490:])) == 1
    assert len(set(rows[:470])) > 460
    assert difference(image.crop((0, 0, 512, 470)), decode(KINDS["usual"]).crop((0, 0, 512, 470))) == 0


def test_accepts_that_the_last_bits_of_a_progressive_picture_are_missing() -> None:
    data = KINDS["progressive"]
    last = data.rindex(b"\xff\xda")
    whole = decode(data)
    for end in (last + 20, last + 500):
        assert difference(examine(data[:end]).image, whole) < 3


def test_refuses_a_progressive_picture_of_which_only_a_blur_came() -> None:
    data = KINDS["progressive"]
    second = data.index(b"\xff\xda", data.index(b"\xff\xda") + 2)
    with pytest.raises(BadAnswer):
        examine(data[: second + 200])


def test_turns_and_converts_a_picture_all_the_same() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    image = IMAGE.crop((0, 0, 512, 256))
    data = as_file(image, "JPEG", exif=exif)
    completed = examine(data[:-300])
    assert completed.image.size == (256, 512)
    assert difference(completed.image, decode(data)) < 3
