"""The dominant colours of a picture, and the colours of a caption strip that goes with them."""

from dataclasses import dataclass

from PIL import Image

Color = tuple[int, int, int]

BLACK, WHITE = (0, 0, 0), (255, 255, 255)

COMFORTABLE = 7.0  # WCAG 2.2, level AAA; black or white reaches 4.58 on any colour

_SIDE = 48  # pixels, of the small copy whose colours are counted: 2 ms instead of 400


@dataclass(frozen=True, slots=True)
class Scheme:
    """Colours of a caption strip: its ground, its text, and the line between it and the picture."""

    ground: Color
    text: Color
    line: Color


def scheme(image: Image.Image) -> Scheme:
    """Returns the scheme that suits an RGB or RGBA picture.

    The ground is the most frequent colour, moved away from the middle greys until the text is comfortable to read;
    the text is black or white, whichever has more contrast, mixed with a little of the ground; the line is the most
    vivid of the other dominant colours that stand out from the ground.
    """
    colors = dominant(image)
    ink = ink_for(colors[0][1])
    far = BLACK if ink == WHITE else WHITE
    ground = next(
        color for step in range(21) if contrast(color := mix(colors[0][1], far, step / 20), ink) >= COMFORTABLE
    )
    text = next(color for part in (8, 4, 0) if contrast(color := mix(ink, ground, part / 100), ground) >= COMFORTABLE)
    distinct = [color for share, color in colors if share > 0.01 and contrast(color, ground) >= 1.6]
    line = max(distinct, key=vividness, default=mix(ground, text, 0.4))
    return Scheme(ground, text, line)


def dominant(image: Image.Image, most: int = 8) -> list[tuple[float, Color]]:
    """Returns up to `most` colours with their shares, the most frequent first; transparent pixels do not count.

    A wholly transparent picture counts as white.
    """
    small = image.reduce((max(1, image.width // _SIDE), max(1, image.height // _SIDE)))
    small = small.resize((min(_SIDE, image.width), min(_SIDE, image.height)), Image.Resampling.BOX)
    seen = small.getchannel("A").point([0] * 128 + [255] * 128) if small.mode == "RGBA" else None
    quantized = small.convert("RGB").quantize(most)
    palette = quantized.getpalette() or []
    counts = quantized.histogram(seen)[: len(palette) // 3]
    total = sum(counts)
    ranked = sorted(((count, -index) for index, count in enumerate(counts) if count), reverse=True)
    colors = [(count / total, _entry(palette, -index)) for count, index in ranked]
    return colors or [(1.0, WHITE)]


def _entry(palette: list[int], index: int) -> Color:
    red, green, blue = palette[3 * index : 3 * index + 3]
    return red, green, blue


def ink_for(ground: Color) -> Color:
    """Returns black or white, whichever has more contrast."""
    return BLACK if contrast(ground, BLACK) >= contrast(ground, WHITE) else WHITE


def mix(one: Color, other: Color, part: float) -> Color:
    """Returns `one` with `part` (0 to 1) of `other` mixed in."""
    red, green, blue = (round(a + (b - a) * part) for a, b in zip(one, other, strict=True))
    return red, green, blue


def vividness(color: Color) -> int:
    """Returns the distance of a colour from grey, 0 to 255."""
    return max(color) - min(color)


def contrast(one: Color, other: Color) -> float:
    """Returns the WCAG 2.2 contrast ratio, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(color: Color) -> float:
    """Returns the WCAG 2.2 relative luminance, 0 to 1."""
    linear = [part / 255 / 12.92 if part / 255 <= 0.04045 else ((part / 255 + 0.055) / 1.055) ** 2.4 for part in color]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
