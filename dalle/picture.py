"""Whether bytes are a picture that can be worked with."""

import io
import warnings

from PIL import Image, UnidentifiedImageError

from dalle.errors import BadAnswer

EXTENSIONS = {"PNG": "png", "WEBP": "webp", "JPEG": "jpeg"}
LEAST_SIDE = 64
MOST_SIDE = 8192
MOST_PIXELS = 40_000_000
MOST_BYTES = 64 * 1024 * 1024


def verify(data: bytes) -> str:
    """Decode a picture wholly and give its true extension: png, webp or jpeg.

    Raises BadAnswer for anything else: other formats, torn files, sides outside 64…8192 pixels, more than 40
    million pixels or 64 MB. Sizes are looked at before a pixel is decoded.
    """
    if len(data) > MOST_BYTES:
        raise BadAnswer(f"the picture has {len(data)} bytes, at most {MOST_BYTES} are taken")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(data), formats=tuple(EXTENSIONS))
        with image:
            width, height = image.size
            if not (min(image.size) >= LEAST_SIDE and max(image.size) <= MOST_SIDE and width * height <= MOST_PIXELS):
                raise BadAnswer(f"a picture of {width}×{height} pixels is not of a sane size")
            image.load()
            return EXTENSIONS[str(image.format)]
    except UnidentifiedImageError as exc:
        raise BadAnswer("the answer is not a PNG, WebP or JPEG picture") from exc
    except (OSError, SyntaxError, ValueError, EOFError, MemoryError, Image.DecompressionBombError) as exc:
        raise BadAnswer("the picture is broken", private=f"{type(exc).__name__}: {exc}") from exc
