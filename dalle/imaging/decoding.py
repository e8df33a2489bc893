"""Decodes pictures, and rejects bytes that are no usable picture."""

import io
import struct
import zlib
from collections.abc import Callable
from importlib import import_module
from typing import NamedTuple

from PIL import Image, ImageFile, UnidentifiedImageError

from dalle.errors import BadAnswer, EmptyPicture
from dalle.imaging import chunks, completion, exif, jpeg, srgb, tiff
from dalle.imaging.emptiness import is_empty

# Importing one registers its format; Pillow would load all of its fifty for the first that it does not know.
_PLUGINS = {"avif": "PIL.AvifImagePlugin", "tiff": "PIL.TiffImagePlugin", "webp": "PIL.WebPImagePlugin"}
NAMES = "PNG, JPEG, WebP, GIF, AVIF, BMP or TIFF"
LEAST_SIDE = 64
MOST_SIDE = 8192
MOST_PIXELS = 40_000_000
MOST_BYTES = 64 * 1024 * 1024

# Annotated pictures are higher than painted ones by a strip; this is still below where Pillow warns.
MOST_PIXELS_DECODED = 2 * MOST_PIXELS

_MOST_MISSING = 1 / 8  # of a JPEG; a picture that lacks more looks broken
_RUNS = (b"\x01", b"\x02")  # BMP: pixels as runs of one colour, 8 and 4 bits a pixel
_MOST_RUNS = 4 * 1024 * 1024  # bytes; Pillow decodes them in Python, and 64 MB of them in 40 s
_MOST_LAYERS = 8  # how often a file may paint each pixel: planes of colours are painted one by one

# What Pillow raises for torn or hostile files; warnings, where they are made errors.
_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    EOFError,
    LookupError,
    AttributeError,
    ArithmeticError,
    RuntimeError,
    AssertionError,
    MemoryError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
    Warning,
)


class Examined(NamedTuple):
    """The true extension of a painter's bytes, the picture as `decode` returns it, and what is wrong with it.

    `extension` is one of `dalle.storage.blob.EXTENSIONS`; `note` is for people, and empty for a whole picture.
    """

    extension: str
    image: Image.Image
    note: str = ""


class _Bounds(NamedTuple):
    least_side: int
    most_side: int
    most_pixels: int


_PAINTED = _Bounds(LEAST_SIDE, MOST_SIDE, MOST_PIXELS)
_FINISHED = _Bounds(1, MOST_PIXELS_DECODED, MOST_PIXELS_DECODED)


def verify(data: bytes) -> str:
    """Return the true extension of a painter's picture. Raises BadAnswer or EmptyPicture, see `examine`."""
    return examine(data).extension


Weigh = Callable[[int], object]
"""Called with the number of pixels before they are decoded: a caller may wait until there is memory for them."""


def unweighed(pixels: int) -> None:
    """Let any number of pixels be decoded at once."""


def examine(data: bytes, weigh: Weigh = unweighed) -> Examined:
    """Decode a painter's picture: 20 ms for a megapixel.

    Raises BadAnswer for other formats, torn files, sides outside 64…8192 pixels, more than 40 million pixels or
    64 MB. Sizes are checked before a pixel is decoded. Raises EmptyPicture for one flat colour and for transparency.
    """
    if len(data) > MOST_BYTES:
        raise BadAnswer(f"the picture has {len(data)} bytes, at most {MOST_BYTES} are accepted")
    examined = _read(data, _PAINTED, weigh)
    if is_empty(examined.image):
        raise EmptyPicture
    return examined


def decode(data: bytes, weigh: Weigh = unweighed) -> Image.Image:
    """Return the picture in a file of up to 80 million pixels, as it is meant to be seen.

    RGB with 8 bits a channel, or RGBA when a pixel is not opaque; turned as its EXIF data demand, converted to sRGB
    from another colour profile; of an animation or several pages the first. Raises BadAnswer.
    """
    return _read(data, _FINISHED, weigh).image


def kind_of(data: bytes) -> str:
    """Return the extension of the format that the first bytes belong to; "" for none of the known ones."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    if data[4:8] == b"ftyp" and data[8:12] in (b"avif", b"avis", b"mif1", b"msf1"):
        return "avif"
    return next((kind for begin, kind in _BEGINNINGS.items() if data.startswith(begin)), "")


_BEGINNINGS = {
    chunks.SIGNATURE: "png",
    b"\xff\xd8\xff": "jpeg",
    b"GIF87a": "gif",
    b"GIF89a": "gif",
    b"BM": "bmp",
    b"II*\0": "tiff",
    b"MM\0*": "tiff",
    b"II+\0": "tiff",
    b"MM\0+": "tiff",
}


def _read(data: bytes, bounds: _Bounds, weigh: Weigh) -> Examined:
    kind = kind_of(data)
    if not kind:
        raise BadAnswer(f"the answer is not a picture in one of the formats {NAMES}")
    try:
        gamma = chunks.gamma(data) if kind == "png" else 0.0
        data, cut = _tidied(data, kind, bounds)
        if kind in _PLUGINS:
            import_module(_PLUGINS[kind])
        with Image.open(io.BytesIO(data + jpeg.END if cut else data), formats=(kind,)) as image:
            _check(image, bounds)
            weigh(image.width * image.height)
            note = _complete(image, data) if cut else ""
            image.load()
            # Pillow turns a TIFF itself.
            orientation = 1 if kind == "tiff" else exif.orientation(image.info.get("exif") or b"")
            return Examined(kind, srgb.plain(exif.upright(image, orientation), gamma), note)
    except UnidentifiedImageError as exc:
        raise BadAnswer("the picture is broken, or cannot be decoded here") from exc
    except _BROKEN as exc:
        raise BadAnswer("the picture is broken", private=f"{type(exc).__name__}: {exc}") from exc


def _tidied(data: bytes, kind: str, bounds: _Bounds) -> tuple[bytes, bool]:
    """Return what to decode, and whether it is a JPEG whose end is missing. Raises ValueError for hostile files."""
    if kind == "png":
        return chunks.inflated(chunks.tidy(data)), False
    if kind == "jpeg":
        return jpeg.tidy(data)
    if kind == "tiff":
        tiff.check(data, bounds.most_pixels)
    if kind == "bmp" and data[30:31] in _RUNS and len(data) > _MOST_RUNS:
        raise ValueError(f"{len(data)} bytes of runs")
    return data, False


def _check(image: ImageFile.ImageFile, bounds: _Bounds) -> None:
    width, height = image.size
    if min(image.size) < bounds.least_side or max(image.size) > bounds.most_side or width * height > bounds.most_pixels:
        raise BadAnswer(
            f"the picture has {width}×{height} pixels: expected {bounds.least_side} to {bounds.most_side} on each side "
            f"and at most {bounds.most_pixels // 1_000_000} million in all"
        )
    boxes = [extents for _, extents, _, _ in image.tile if extents]
    if sum((right - left) * (bottom - top) for left, top, right, bottom in boxes) > _MOST_LAYERS * width * height:
        raise BadAnswer("the picture paints its pixels too often")


def _complete(image: Image.Image, data: bytes) -> str:
    """Load a JPEG from data that end too early; return the note about it. Raises BadAnswer when too much is missing."""
    completed = completion.measure(data)
    if completed.missing > _MOST_MISSING:
        raise BadAnswer("a large part of the picture is missing")
    image.load()
    if completed.rows is not None:
        completion.fill(image, completed.rows)
    return "the end of the JPEG is missing"
