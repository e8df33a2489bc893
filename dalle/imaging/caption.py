"""Sets a caption in a strip under a picture: bytes in, bytes out."""

from collections.abc import Mapping

from PIL import Image, ImageDraw, ImageFont

from dalle.imaging import png
from dalle.imaging.colors import Scheme, scheme
from dalle.imaging.decoding import decode
from dalle.imaging.typesetting import clean, typeface, wrap

# Everything is in proportion to the width of the picture.
_LETTER = 1 / 32  # size of the letters: about seventy fit in a line
_SMALLEST = 9  # pixels; letters smaller than that cannot be read
_MOST_LINES = 4  # a caption that needs more is set smaller, down to three quarters
_MARGIN = 1 / 18
_NARROWEST = 24  # pixels; under a narrower picture nothing can be set

# In proportion to the size of the letters.
_LEADING = 1.42
_ABOVE = 1.05
_BELOW = 1.15


def annotate(
    picture: bytes | Image.Image, caption: str, about: Mapping[str, str] | None = None
) -> tuple[bytes, Image.Image]:
    """Returns the picture with its caption below, as PNG and as the image that the PNG holds (for thumbnails).

    `picture` is a PNG, WebP or JPEG file, or an image from `decode`. Its pixels stay as they are, alpha included;
    the strip is opaque and as high as the caption needs. An empty caption, or a picture too narrow for letters,
    gets no strip. `about`: texts for the file, see `png.encode`. Raises BadAnswer for bytes that are no picture.
    """
    image = decode(picture) if isinstance(picture, bytes) else picture
    text = clean(caption)
    if text and image.width >= _NARROWEST:
        image = _with_strip(image, text)
    return png.encode(image, about), image


def _with_strip(image: Image.Image, text: str) -> Image.Image:
    strip = _strip(text, image.width, scheme(image))
    whole = Image.new(image.mode, (image.width, image.height + strip.height))
    whole.paste(image)
    whole.paste(strip, (0, image.height))
    return whole


def _strip(text: str, width: int, colors: Scheme) -> Image.Image:
    font, lines = fit(text, width)
    leading = round(font.size * _LEADING)
    rule = max(1, round(width / 340))
    boxes = [font.getbbox(line, anchor="ls") for line in lines]
    # Letters with stacked accents leave their line: the strip grows with the ink.
    rise = max(-font.getbbox("H", anchor="ls")[1], *(-box[1] - i * leading for i, box in enumerate(boxes)))
    fall = max(0, *(box[3] - (len(lines) - 1 - i) * leading for i, box in enumerate(boxes)))
    fall = max(0, fall - font.getbbox("p", anchor="ls")[3])  # a usual descender fits into the space below
    first = rule + round(font.size * _ABOVE + rise)
    height = first + (len(lines) - 1) * leading + round(font.size * _BELOW + fall)
    strip = Image.new("RGB", (width, height), colors.ground)
    draw = ImageDraw.Draw(strip)
    draw.rectangle((0, 0, width, rule - 1), fill=colors.line)
    for i, (line, (left, _, right, _)) in enumerate(zip(lines, boxes, strict=True)):
        draw.text(((width - right - left) // 2, first + i * leading), line, font=font, fill=colors.text, anchor="ls")
    return strip


def fit(text: str, width: int) -> tuple[ImageFont.FreeTypeFont, list[str]]:
    """Returns the typeface in the size for a picture of this width, and the lines of the text."""
    measure = width - 2 * max(2, round(width * _MARGIN))
    for part in (1, 0.87, 0.75):
        font = typeface(max(_SMALLEST, round(width * _LETTER * part)))
        lines = wrap(text, font, measure)
        if len(lines) <= _MOST_LINES:
            break
    return font, lines
