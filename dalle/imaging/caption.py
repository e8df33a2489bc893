"""Sets a caption in a strip under a picture."""

from collections.abc import Mapping
from math import ceil
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFont

from dalle.imaging import png
from dalle.imaging.colors import Scheme, scheme
from dalle.imaging.decoding import Weigh, decode, unweighed
from dalle.imaging.typesetting import clean, typeface, wrap

# A picture with a caption has at least this width, and as many pixels as a square of it: seventy letters fit in a line,
# and can be read without a magnifier. It is what the gallery shows.
LEAST_WIDTH = 512
_MOST_SIDE = 16_383  # pixels, to which pictures are scaled up: WebP ends there, and viewers on phones
_FEW_COLORS = 256  # pixel art and icons, whose edges are to stay sharp; photographs have thousands even in 64²

# Everything is in proportion to the width of the picture.
_LETTER = 1 / 32  # size of the letters: about seventy fit in a line
_SMALLEST = 9  # pixels; letters smaller than that cannot be read
_MOST_LINES = 4  # a caption that needs more is set smaller, down to three quarters
_MARGIN = 1 / 18
_NARROWEST = 24  # pixels; under a narrower picture nothing can be set

# A strip takes at most half as many pixels as the picture above it, unless its letters would be smaller than these.
_MOST_STRIP = 1 / 2
_LEAST_LETTER = 12  # pixels
_SMALLER = 0.9

# In proportion to the size of the letters.
_LEADING = 1.42
_ABOVE = 1.05
_BELOW = 1.15

# Where a smaller copy would change thumbnails, they are made from one of at most so many pixels: the whole picture need
# not be put together for them.
_MOST_PREVIEW = 3_000_000


class Annotated(NamedTuple):
    """A PNG file, in pieces, with the picture in it for thumbnails (of large ones a smaller copy), and its size.

    painting: how many of its rows, from above, are the painting.
    """

    pieces: list[bytes]
    preview: Image.Image
    width: int
    height: int
    painting: int

    @property
    def data(self) -> bytes:
        """The file as a whole."""
        return b"".join(self.pieces)


def annotate(
    picture: bytes | Image.Image, caption: str, about: Mapping[str, str] | None = None, weigh: Weigh = unweighed
) -> Annotated:
    """Returns the picture with its caption below.

    `picture` is a PNG, WebP or JPEG file, or an image from `decode`. Its pixels stay as they are, alpha included,
    unless it is so small that it is scaled up; the strip is opaque and as high as the caption needs. An empty caption,
    or a picture too narrow for letters, gets no strip. `about`: texts for the file, see `png.encode`. Raises BadAnswer
    for bytes that are no picture.
    """
    image = enlarged(decode(picture, weigh) if isinstance(picture, bytes) else picture, weigh)
    parts = [image]
    text = clean(caption)
    if text and image.width >= _NARROWEST:
        parts.append(_strip(text, image.size, scheme(image)))
    height = sum(part.height for part in parts)
    return Annotated(png.pieces(parts, about), _preview(parts), image.width, height, image.height)


def enlarged(image: Image.Image, weigh: Weigh = unweighed) -> Image.Image:
    """Returns a small picture scaled up by a whole number, so that a caption fits under it; others as they are."""
    factor = max(ceil(LEAST_WIDTH / image.width), ceil((LEAST_WIDTH**2 / (image.width * image.height)) ** 0.5))
    factor = max(1, min(factor, _MOST_SIDE // max(image.size)))
    if factor == 1:
        return image
    sharp = image.getcolors(_FEW_COLORS) is not None
    how = Image.Resampling.NEAREST if sharp else Image.Resampling.LANCZOS
    width, height = image.width * factor, image.height * factor
    weigh(width * height)
    return image.resize((width, height), how)


def _preview(parts: list[Image.Image]) -> Image.Image:
    """Returns the parts one below the other, at a fraction of their size: thumbnails need no more pixels."""
    width, height = parts[0].size
    factor, rest = divmod(width, LEAST_WIDTH)
    if rest or height % factor:  # otherwise thumbnails of the whole would have the same pixels
        pixels = width * sum(part.height for part in parts)
        factor = max(1, min(factor, ceil((pixels / _MOST_PREVIEW) ** 0.5)))
    parts = [part.reduce(factor) for part in parts] if factor > 1 else parts
    whole = Image.new(parts[0].mode, (parts[0].width, sum(part.height for part in parts)))
    top = 0
    for part in parts:
        whole.paste(part, (0, top))
        top += part.height
    return whole


class Setting(NamedTuple):
    """How a caption is set: its typeface, its lines, and in pixels the line above them, and where they are."""

    font: ImageFont.FreeTypeFont
    lines: list[str]
    rule: int
    leading: int
    first: int
    height: int


def fit(text: str, size: tuple[int, int]) -> Setting:
    """Returns how a text is set under a picture of this size."""
    width, height = size
    for part in (1, 0.87, 0.75):
        setting = _set(text, width, round(width * _LETTER * part))
        if len(setting.lines) <= _MOST_LINES:
            break
    while setting.height > height * _MOST_STRIP and setting.font.size > _LEAST_LETTER:
        setting = _set(text, width, max(_LEAST_LETTER, int(setting.font.size * _SMALLER)))
    return setting


def _set(text: str, width: int, size: int) -> Setting:
    font = typeface(max(_SMALLEST, size))
    lines = wrap(text, font, width - 2 * max(2, round(width * _MARGIN)))
    rule = max(1, min(round(width / 340), round(font.size / 7)))
    leading = round(font.size * _LEADING)
    boxes = [font.getbbox(line, anchor="ls") for line in lines]
    # Letters with stacked accents leave their line: the strip grows with the ink.
    rise = max(-font.getbbox("H", anchor="ls")[1], *(-box[1] - i * leading for i, box in enumerate(boxes)))
    fall = max(0, *(box[3] - (len(lines) - 1 - i) * leading for i, box in enumerate(boxes)))
    fall = max(0, fall - font.getbbox("p", anchor="ls")[3])  # a usual descender fits into the space below
    first = rule + round(font.size * _ABOVE + rise)
    height = first + (len(lines) - 1) * leading + round(font.size * _BELOW + fall)
    return Setting(font, lines, rule, leading, first, height)


def _strip(text: str, size: tuple[int, int], colors: Scheme) -> Image.Image:
    font, lines, rule, leading, first, height = fit(text, size)
    width = size[0]
    strip = Image.new("RGB", (width, height), colors.ground)
    draw = ImageDraw.Draw(strip)
    draw.rectangle((0, 0, width, rule - 1), fill=colors.line)
    for i, line in enumerate(lines):
        left, _, right, _ = font.getbbox(line, anchor="ls")
        draw.text(((width - right - left) // 2, first + i * leading), line, font=font, fill=colors.text, anchor="ls")
    return strip
