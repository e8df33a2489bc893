"""Makes small copies of a picture, as WebP."""

import io
from collections.abc import Iterable

from PIL import Image, WebPImagePlugin

from dalle.imaging.decoding import Weigh, decode, unweighed

_WRITER = WebPImagePlugin  # importing it registers it; Pillow would load all of its fifty formats to find it

# A page shows forty rows of the smallest ones.
MOST_BYTES = {64: 3 * 1024}

# Of a picture higher than this in proportion to its width the upper part is shown: WebP ends at 16,383 pixels.
_TALLEST = 4


def thumbnails(picture: bytes | Image.Image, widths: Iterable[int], weigh: Weigh = unweighed) -> dict[int, bytes]:
    """Returns width → WebP of exactly that width; each is made from the next larger one.

    `picture` is a PNG, WebP or JPEG file, or an image from `dalle.imaging.decoding.decode`; `weigh` is for that too.
    Raises BadAnswer.
    """
    image = decode(picture, weigh) if isinstance(picture, bytes) else picture
    if image.height > image.width * _TALLEST:
        image = image.crop((0, 0, image.width, image.width * _TALLEST))
    made = {}
    for width in sorted(widths, reverse=True):
        image = _scaled(image, width)
        made[width] = _compressed(image, MOST_BYTES.get(width))
    return made


def thumbnail_height(size: tuple[int, int], width: int) -> int:
    """Returns how high the thumbnail of that width is, of a picture of that size."""
    return -(-min(size[1], size[0] * _TALLEST) * width // size[0])


def thumbnail(picture: bytes | Image.Image, width: int) -> bytes:
    """Returns the picture as WebP of that width in pixels."""
    return thumbnails(picture, (width,))[width]


def _scaled(image: Image.Image, width: int) -> Image.Image:
    """Scales to that width. Heights are rounded up, so that half of a half is as high as a quarter."""
    factor, rest = divmod(image.width, width)
    if not rest:
        # A box filter is several times as fast as bicubic, and looks the same here.
        return image.reduce(factor)
    height = -(-image.height * width // image.width)
    return image.resize((width, height), Image.Resampling.BICUBIC, reducing_gap=1.0)


def _compressed(image: Image.Image, most: int | None) -> bytes:
    """Returns WebP of the best quality that fits into `most` bytes."""
    data = b""
    for quality in (80, 65, 50, 35, 20, 10, 0):
        data = _webp(image, quality)
        if most is None or len(data) <= most:
            return data
    # Alpha, which WebP keeps without loss, takes most of it: put the picture on white.
    ground = Image.new("RGBA", image.size, (255, 255, 255, 255))
    return _webp(Image.alpha_composite(ground, image.convert("RGBA")).convert("RGB"), 0)


def _webp(image: Image.Image, quality: int) -> bytes:
    file = io.BytesIO()
    image.save(file, "WEBP", quality=quality, alpha_quality=quality, method=0)
    return file.getvalue()
