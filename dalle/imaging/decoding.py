"""Decodes pictures, and rejects bytes that are no usable picture."""

import io
import struct
import zlib
from typing import NamedTuple

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from dalle.errors import BadAnswer

FORMATS = ("PNG", "WEBP", "JPEG")
EXTENSIONS = {"PNG": "png", "WEBP": "webp", "JPEG": "jpeg", "MPO": "jpeg"}  # MPO: a JPEG file with more behind it
LEAST_SIDE = 64
MOST_SIDE = 8192
MOST_PIXELS = 40_000_000
MOST_BYTES = 64 * 1024 * 1024

# Annotated pictures are higher than painted ones by a strip; this is still below where Pillow warns.
MOST_PIXELS_DECODED = 2 * MOST_PIXELS

# What Pillow's decoders raise for torn or hostile files.
_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    IndexError,
    OverflowError,
    MemoryError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)


class Examined(NamedTuple):
    """The true extension of a painter's bytes (png, webp or jpeg), and the picture as `decode` returns it."""

    extension: str
    image: Image.Image


def verify(data: bytes) -> str:
    """Returns the true extension of a painter's picture: png, webp or jpeg. Raises BadAnswer, see `examine`."""
    return examine(data).extension


def examine(data: bytes) -> Examined:
    """Decodes a painter's picture: 20 ms for a megapixel.

    Raises BadAnswer for other formats, torn files, sides outside 64…8192 pixels, more than 40 million pixels or
    64 MB. Sizes are checked before a pixel is decoded.
    """
    if len(data) > MOST_BYTES:
        raise BadAnswer(f"the picture has {len(data)} bytes, at most {MOST_BYTES} are accepted")
    return _read(data, LEAST_SIDE, MOST_SIDE, MOST_PIXELS)


def decode(data: bytes) -> Image.Image:
    """Returns the picture in a PNG, WebP or JPEG file of up to 80 million pixels, as it is meant to be seen.

    RGB with 8 bits a channel, or RGBA when a pixel is not opaque; turned as its EXIF data demands, converted to sRGB
    from another colour profile; of an animation the first frame. Raises BadAnswer.
    """
    return _read(data, 1, MOST_PIXELS_DECODED, MOST_PIXELS_DECODED).image


def _read(data: bytes, least_side: int, most_side: int, most_pixels: int) -> Examined:
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            width, height = image.size
            if min(image.size) < least_side or max(image.size) > most_side or width * height > most_pixels:
                raise BadAnswer(f"a picture of {width}×{height} pixels is too small or too large")
            image.load()
            return Examined(EXTENSIONS[str(image.format)], _plain(image))
    except UnidentifiedImageError as exc:
        raise BadAnswer("the answer is not a PNG, WebP or JPEG picture") from exc
    except _BROKEN as exc:
        raise BadAnswer("the picture is broken", private=f"{type(exc).__name__}: {exc}") from exc


def _plain(image: Image.Image) -> Image.Image:
    ImageOps.exif_transpose(image, in_place=True)
    if image.mode.startswith("I"):  # 16-bit greyscale, which Pillow's own conversion clips at 255 instead of scaling
        image = image.convert("I").point(lambda level: level * (1 / 256)).convert("L")
    image = _in_srgb(image)
    if not image.has_transparency_data:
        return image if image.mode == "RGB" else image.convert("RGB")
    image = image.convert("RGBA")
    return image.convert("RGB") if image.getchannel("A").getextrema() == (255, 255) else image


def _in_srgb(image: Image.Image) -> Image.Image:
    """Converts from the picture's colour profile: written files carry none, so their numbers must mean sRGB."""
    profile = image.info.get("icc_profile")
    if not profile or image.mode not in ("RGB", "RGBA", "CMYK", "L"):
        return image
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    try:
        converted = ImageCms.profileToProfile(
            image, io.BytesIO(profile), ImageCms.createProfile("sRGB"), outputMode=mode
        )
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image  # the profile is broken: take the numbers for sRGB
    return converted or image
