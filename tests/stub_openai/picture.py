"""The pictures that the stub hands out: photo-like noise, made once per size and format."""

import base64
import io
from functools import cache

from PIL import Image

TINY = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@cache
def photo(size: str = "1024x1024", kind: str = "png") -> bytes:
    """An encoded picture; the 1024² PNG has about 1.8 MB."""
    width, height = (int(part) for part in size.split("x"))
    channels = []
    for sigma in (24, 32, 40):
        ground = Image.radial_gradient("L").resize((width, height))
        grain = Image.effect_noise((width // 2, height // 2), sigma).resize((width, height), Image.Resampling.BICUBIC)
        channels.append(Image.blend(ground, grain, 0.6))
    sink = io.BytesIO()
    image = Image.merge("RGB", channels)
    if kind == "png":
        image.save(sink, "PNG", compress_level=1)
    else:
        image.save(sink, kind.upper())
    return sink.getvalue()


@cache
def encoded(size: str = "1024x1024", kind: str = "png") -> str:
    """`photo`, in base64."""
    return base64.b64encode(photo(size, kind)).decode()
