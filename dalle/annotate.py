"""The caption strip under a picture: bytes in, bytes out.

Contrast is WCAG 2.2's: black or white on any colour reaches at least 4.58 : 1.
"""

import io
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from dalle import png

FONT = Path(__file__).parent / "data" / "font" / "DejaVuSerif.ttf"
Color = tuple[int, int, int]


def annotate(picture: bytes, caption: str) -> tuple[bytes, Image.Image]:
    """The picture with its caption below, as PNG, and the decoded picture itself (for thumbnails).

    The strip is as high as the caption needs; the picture's pixels stay as they are (alpha is put on white).
    """
    image = decode(picture)
    width, height = image.size
    size = max(10, round(width / 36))
    margin = max(4, round(width / 24))
    font = typeface(size)
    lines = wrap(caption, font, width - 2 * margin)
    leading = round(size * 1.45)
    strip = 2 * round(size * 1.1) + leading * len(lines)
    background = strip_color(image)
    ink = ink_for(background)
    canvas = Image.new("RGB", (width, height + strip), background)
    canvas.paste(image, (0, 0))
    draw = ImageDraw.Draw(canvas)
    line = max(1, round(width / 512))
    draw.rectangle((0, height, width, height + line - 1), fill=ink)
    top = height + round(size * 1.1)
    for number, text in enumerate(lines):
        draw.text((width / 2, top + number * leading + leading / 2), text, font=font, fill=ink, anchor="mm")
    return png.encode(canvas), image


def decode(picture: bytes) -> Image.Image:
    """The picture as RGB; transparent parts on white."""
    with Image.open(io.BytesIO(picture)) as image:
        image.load()
        if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
            rgba = image.convert("RGBA")
            ground = Image.new("RGB", image.size, (255, 255, 255))
            ground.paste(rgba, mask=rgba.getchannel("A"))
            return ground
        return image.convert("RGB")


@lru_cache(maxsize=16)
def typeface(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONT, size, layout_engine=ImageFont.Layout.BASIC)


def wrap(text: str, font: ImageFont.FreeTypeFont, width: int) -> list[str]:
    """Lines that are at most `width` pixels wide; a word that is wider itself is broken between letters."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if font.getlength(longer) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        line = word
        while font.getlength(line) > width and len(line) > 1:
            fits = next(end for end in range(len(line) - 1, 0, -1) if end == 1 or font.getlength(line[:end]) <= width)
            lines.append(line[:fits])
            line = line[fits:]
    return [*lines, line] if line else lines


def strip_color(image: Image.Image) -> Color:
    """The picture's most frequent colour, out of five, judged on a small copy."""
    small = image.resize((64, 64), Image.Resampling.BOX).quantize(5)
    counts: list[tuple[int, int]] = small.getcolors() or []  # type: ignore[assignment]
    palette = small.getpalette() or [255, 255, 255]
    index = max(counts, default=(0, 0))[1]
    red, green, blue = palette[3 * index : 3 * index + 3]
    return red, green, blue


def ink_for(background: Color) -> Color:
    """Black or white, whichever stands out more."""
    black, white = (0, 0, 0), (255, 255, 255)
    return black if contrast(background, black) >= contrast(background, white) else white


def contrast(one: Color, other: Color) -> float:
    """WCAG 2.2 contrast ratio, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(color: Color) -> float:
    """WCAG 2.2 relative luminance, 0 to 1."""
    linear = [part / 255 / 12.92 if part / 255 <= 0.04045 else ((part / 255 + 0.055) / 1.055) ** 2.4 for part in color]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
