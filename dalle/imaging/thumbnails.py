"""Makes small copies of a picture, as WebP."""

import base64
import io
import re
from collections.abc import Iterable

from PIL import Image, WebPImagePlugin

from dalle.imaging.decoding import Weigh, decode, unweighed

_WRITER = WebPImagePlugin  # importing it registers it; Pillow would load all of its fifty formats to find it

# A page shows forty rows of the smallest ones.
MOST_BYTES = {64: 3 * 1024}

# Of a picture higher than this in proportion to its width the upper part is shown: WebP ends at 16,383 pixels.
_TALLEST = 4

AVATAR = "Avatar"
"""Keyword of the text of a PNG file that is what its smallest thumbnail shows: WebP in base 64."""
AVATAR_WIDTH = 64
_AVATAR = re.compile(rb"(.{4})iTXt(Avatar\0\0\0\0\0)", re.DOTALL)
_TEXTS = 16_384  # bytes of a file, among which its texts are


def thumbnails(
    picture: bytes | Image.Image, widths: Iterable[int], weigh: Weigh = unweighed, avatar: str = ""
) -> dict[int, bytes]:
    """Returns width → WebP of exactly that width; each is made from the next larger one.

    `picture` is a PNG, WebP or JPEG file, or an image from `dalle.imaging.decoding.decode`; `weigh` is for that too.
    The smallest shows the `avatar` in place of the picture, but for the caption below it; a file may bring its own.
    Raises BadAnswer.
    """
    image = decode(picture, weigh) if isinstance(picture, bytes) else picture
    avatar = avatar or (avatar_in(picture) if isinstance(picture, bytes) else "")
    if image.height > image.width * _TALLEST:
        image = image.crop((0, 0, image.width, image.width * _TALLEST))
    made = {}
    for width in sorted(widths, reverse=True):
        image = _scaled(image, width)
        small = unpacked(avatar) if width == AVATAR_WIDTH else None
        shown = _over(image, small) if small else image
        made[width] = _compressed(shown, MOST_BYTES.get(width))
    return made


def packed(avatar: Image.Image) -> str:
    """Returns an avatar as the text that a PNG file may carry."""
    file = io.BytesIO()
    avatar.save(file, "WEBP", lossless=True)
    return base64.b64encode(file.getvalue()).decode()


def unpacked(text: str) -> Image.Image | None:
    """Returns the avatar in a text; None for a text that is none."""
    try:
        with Image.open(io.BytesIO(base64.b64decode(text, validate=True)), formats=("WEBP",)) as image:
            if image.width != AVATAR_WIDTH or image.height > AVATAR_WIDTH * _TALLEST:
                return None
            return image.convert("RGB")
    except (OSError, ValueError, Image.DecompressionBombError):
        return None


def avatar_in(file: bytes) -> str:
    """Returns the text of the avatar that a PNG file carries; "" without one."""
    found = _AVATAR.search(file[:_TEXTS])
    if found is None:
        return ""
    text = file[found.end() : found.end() + int.from_bytes(found[1], "big") - len(found[2])]
    return text.decode(errors="replace") if len(text) <= _TEXTS else ""


def _over(image: Image.Image, avatar: Image.Image) -> Image.Image:
    copy = image.convert("RGB")
    copy.paste(avatar, (0, 0))
    return copy


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
