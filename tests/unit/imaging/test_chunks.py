"""PNG files with chunks that are broken, hostile or unknown."""

import struct
import zlib

import pytest

from dalle.imaging.chunks import tidy
from dalle.imaging.decoding import decode, examine
from tests.kit import profiles
from tests.kit.images import as_file, clouds
from tests.kit.png_chunks import SIGNATURE, chunk, split, with_chunk

IMAGE = clouds(96)
GOOD = as_file(IMAGE)
TEXT = b"Comment\0A text"
BOMB = zlib.compress(bytes(2 << 20))

DROPPED = {
    "zTXt-bomb": chunk(b"zTXt", b"Comment\0\0" + BOMB),
    "iTXt-bomb": chunk(b"iTXt", b"Comment\0\1\0\0\0" + BOMB),
    "iCCP-bomb": chunk(b"iCCP", b"Profile\0\0" + BOMB),
    "iCCP-cut": chunk(b"iCCP", b"Profile\0\0" + zlib.compress(profiles.RED_IS_BLUE)[:-20]),
    "iCCP-no-deflate": chunk(b"iCCP", b"Profile\0\0" + b"xyz"),
    "iCCP-empty": chunk(b"iCCP", b""),
    "iCCP-wrong": chunk(b"iCCP", b"Profile\0\0" + zlib.compress(profiles.RED_IS_BLUE), wrong=True),
    "tEXt-wrong": chunk(b"tEXt", TEXT, wrong=True),
    "tEXt-long": chunk(b"tEXt", b"Comment\0" + b"x" * 3_000_000),
    "many-texts": chunk(b"tEXt", TEXT) * 3000,
    "zTXt-wrong": chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"A text"), wrong=True),
    "zTXt-broken": chunk(b"zTXt", b"Comment\0\0xyz"),
    "tRNS-wrong": chunk(b"tRNS", bytes(6), wrong=True),
    "eXIf-broken": chunk(b"eXIf", b"no EXIF"),
    "unknown": chunk(b"qzQz", b"anything"),
    "content-credentials": chunk(b"caBX", b"\0" * 70_000),
    "pHYs-short": chunk(b"pHYs", b"1"),
    "cHRM-short": chunk(b"cHRM", b"1"),
    "acTL-broken": chunk(b"acTL", b"1"),
    "animation": chunk(b"acTL", struct.pack(">II", 2, 0)) + chunk(b"fcTL", bytes(26)),
}


@pytest.mark.parametrize("before", [b"IDAT", b"IEND"])
@pytest.mark.parametrize("case", DROPPED)
def test_uses_a_picture_with(case: str, before: bytes) -> None:
    data = with_chunk(GOOD, DROPPED[case], before)
    extension, image, note = examine(data)
    assert (extension, note) == ("png", "")
    assert image.tobytes() == IMAGE.tobytes()


def test_keeps_what_decides_how_the_picture_looks() -> None:
    palette = clouds(96).quantize(16)
    data = as_file(palette, transparency=bytes(range(16)), icc_profile=profiles.RED_IS_BLUE, dpi=(72, 72))
    kinds = [kind for kind, _ in split(data)]
    assert b"pHYs" in kinds
    assert [kind for kind, _ in split(tidy(data))] == [kind for kind in kinds if kind != b"pHYs"]


@pytest.mark.parametrize("missing", [1, 4, 8, 12, 14, 16])
def test_takes_a_picture_for_whole_that_lacks_only_its_end(missing: int) -> None:
    _, image, note = examine(GOOD[:-missing])
    assert image.tobytes() == IMAGE.tobytes()
    assert note == ""


def test_takes_wrong_checksums_of_pixels_that_are_right() -> None:
    parts = [chunk(kind, body, wrong=kind == b"IDAT") for kind, body in split(GOOD)]
    assert decode(SIGNATURE + b"".join(parts)).tobytes() == IMAGE.tobytes()


def test_joins_pixels_from_between_other_chunks() -> None:
    pieces = []
    for kind, body in split(GOOD):
        if kind == b"IDAT":
            pieces += [chunk(kind, body[:500]), chunk(b"tEXt", TEXT, wrong=True), chunk(kind, body[500:])]
        else:
            pieces.append(chunk(kind, body))
    assert decode(SIGNATURE + b"".join(pieces)).tobytes() == IMAGE.tobytes()


def test_refuses_a_file_of_nothing_but_chunks() -> None:
    with pytest.raises(ValueError, match="too many chunks"):
        tidy(with_chunk(GOOD, chunk(b"tEXt", TEXT) * 100_001))
