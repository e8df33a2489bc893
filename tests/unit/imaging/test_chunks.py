"""PNG files with chunks that are broken, hostile or unknown."""

import io
import random
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from dalle.imaging.chunks import inflated, tidy
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


class TestInflated:
    """Pixels that are stored: what Pillow makes of them is the same."""

    @staticmethod
    def pillow(data: bytes) -> tuple[str, bytes] | str:
        try:
            with Image.open(io.BytesIO(data), formats=("png",)) as image:
                image.load()
                return image.mode, image.tobytes()
        except (OSError, SyntaxError) as error:
            return type(error).__name__

    @given(st.data())
    def test_has_the_same_pixels_of_all_filters(self, data: st.DataObject) -> None:
        draw = data.draw
        width, height, alpha = draw(st.integers(1, 40)), draw(st.integers(1, 40)), draw(st.booleans())
        chance = random.Random(draw(st.integers(0, 1 << 30)))
        samples = width * (4 if alpha else 3)
        rows = b"".join(bytes([chance.randrange(5)]) + chance.randbytes(samples) for _ in range(height))
        deflate = zlib.compressobj(draw(st.integers(0, 9)), wbits=draw(st.integers(9, 15)))
        packed = deflate.compress(rows) + deflate.flush()
        cut = draw(st.integers(0, len(packed)))
        header = struct.pack(">IIBBBBB", width, height, 8, 6 if alpha else 2, 0, 0, 0)
        pieces = [chunk(b"IHDR", header), *(chunk(b"IDAT", part) for part in (packed[:cut], packed[cut:]))]
        tidied = tidy(SIGNATURE + b"".join(pieces))
        stored = inflated(tidied)
        assert stored != tidied
        assert self.pillow(stored) == self.pillow(tidied)

    @pytest.mark.parametrize("missing", [*range(1, 60, 7), 400, 4000])
    def test_leaves_a_file_that_lacks_rows(self, missing: int) -> None:
        pixels = b"".join(body for kind, body in split(GOOD) if kind == b"IDAT")
        header = next(body for kind, body in split(GOOD) if kind == b"IHDR")
        tidied = tidy(SIGNATURE + chunk(b"IHDR", header) + chunk(b"IDAT", pixels[:-missing]))
        assert self.pillow(inflated(tidied)) == self.pillow(tidied)

    def test_leaves_pixels_that_are_broken(self) -> None:
        header = next(body for kind, body in split(GOOD) if kind == b"IHDR")
        broken = tidy(SIGNATURE + chunk(b"IHDR", header) + chunk(b"IDAT", b"no deflate at all"))
        assert inflated(broken) == broken

    @pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "I;16"])
    def test_leaves_other_pixels(self, mode: str) -> None:
        data = tidy(as_file(clouds(96).convert("I").convert(mode) if mode == "I;16" else clouds(96).convert(mode)))
        assert inflated(data) == data

    def test_leaves_large_pictures(self) -> None:
        data = tidy(as_file(Image.new("RGB", (2000, 2000))))
        assert inflated(data) == data

    @pytest.mark.parametrize("size", [0, 7, 8, 16, 32, 33])
    def test_leaves_what_has_no_header(self, size: int) -> None:
        data = GOOD[:size]
        assert inflated(data) == data
