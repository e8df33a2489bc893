"""Colour checked on the finished pixels: a figure that is lost in its ground gets light or shadow around it."""

import math

from PIL import Image, ImageChops, ImageFilter, ImageStat

from dalle.painters.sketch.palette import Rgb, lch_of

SIDE = 32
"""Pixels across of the copy that is measured: what differs there differs at every size."""
LEAST = 0.12
"""Least distance between figure and ground around it, in OKLab."""
STEPS = (0.22, 0.38, 0.55, 0.7)


def lab(image: Image.Image, mask: Image.Image) -> tuple[float, float, float]:
    """The mean colour below a mask as lightness, a, b of OKLab."""
    red, green, blue = (round(c) for c in ImageStat.Stat(image, mask).mean)
    light, chroma, hue = lch_of((red, green, blue))
    turn = math.radians(hue)
    return light, chroma * math.cos(turn), chroma * math.sin(turn)


def distance(image: Image.Image, mask: Image.Image) -> float:
    """How far the colour of a figure is from that of the ground next to it, seen small."""
    inside, outside = _small(image, mask)
    if not (inside.getbbox() and outside.getbbox()):
        return 1.0
    small = image.resize(inside.size, Image.Resampling.BOX)
    return math.dist(lab(small, inside), lab(small, outside))


def _small(image: Image.Image, mask: Image.Image) -> tuple[Image.Image, Image.Image]:
    """The figure and a rim around it, two pixels wide, as masks of the small copy."""
    small = mask.resize((SIDE, SIDE * image.height // image.width or 1), Image.Resampling.BOX)
    inside = small.point([255 * (i > 170) for i in range(256)])
    around = small.point([255 * (i > 40) for i in range(256)]).filter(ImageFilter.MaxFilter(5))
    return inside, ImageChops.subtract(around, small.point([255 * (i > 40) for i in range(256)]))


def set_apart(image: Image.Image, mask: Image.Image) -> Image.Image:
    """The picture itself, or, where the figure is too close to its ground, with the ground lit or dimmed around it."""
    if distance(image, mask) >= LEAST:
        return image
    inside, outside = _small(image, mask)
    small = image.resize(inside.size, Image.Resampling.BOX)
    figure, ground = lab(small, inside)[0], lab(small, outside)[0]
    tone: Rgb = (18, 16, 26) if (figure > ground if abs(figure - ground) > 0.02 else figure > 0.6) else (252, 248, 238)
    halo = _halo(mask)
    mended = image
    for share in STEPS:
        veil = Image.composite(
            Image.new("RGB", image.size, tone), image, halo.point([round(i * share) for i in range(256)])
        )
        mended = Image.composite(image, veil, mask)
        if distance(mended, mask) >= LEAST:
            break
    return mended


def _halo(mask: Image.Image) -> Image.Image:
    """A soft rim around the figure, an eighth of the frame wide."""
    width, height = mask.size
    small = mask.resize((max(16, width // 8), max(16, height // 8)), Image.Resampling.BOX)
    wide = small.filter(ImageFilter.BoxBlur(max(1.0, min(small.size) * 0.06)))
    return wide.point([min(255, i * 3) for i in range(256)]).resize(mask.size, Image.Resampling.BICUBIC)
