"""Paint on paper: anti-aliased polygons and lines, grain, gradients."""

import hashlib
from collections.abc import Callable
from functools import lru_cache

import aggdraw
from PIL import Image, ImageChops, ImageFilter

from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.palette import Rgb, mix
from dalle.painters.sketch.shapes import Points

Combine = Callable[[Image.Image, Image.Image], Image.Image]


class Brushwork:
    """A surface of RGB (or L) on which outlines are filled; wobble moves them as an unsteady hand would, in pixels."""

    def __init__(self, image: Image.Image, dice: Dice, wobble: float = 0.0) -> None:
        self.image = image
        self._draw = aggdraw.Draw(image)
        self._wobble = wobble
        self._waver = dice.stream("waver")

    def shape(
        self,
        points: Points,
        fill: Rgb | int | None,
        line: Rgb | int | None = None,
        width: float = 0.0,
        opacity: int = 255,
    ) -> None:
        """Fill and outline one polygon."""
        if self._wobble:
            one, two = self._waver.random() * 6, self._waver.random() * 6
            w = self._wobble
            points = [p + complex(_wave(p.imag * 0.031 + one), _wave(p.real * 0.029 + two)) * w for p in points]
        flat = [round(c, 2) for p in points for c in (p.real, p.imag)]
        pen = aggdraw.Pen(line, width) if line is not None and width > 0.2 else None
        brush = aggdraw.Brush(fill, opacity) if fill is not None else None
        if pen is not None or brush is not None:
            self._draw.polygon(flat, pen, brush)

    def line(self, points: Points, colour: Rgb | int, width: float, opacity: int = 255) -> None:
        """An open stroke."""
        self._draw.line([round(c, 2) for p in points for c in (p.real, p.imag)], aggdraw.Pen(colour, width, opacity))

    def dot(self, at: complex, radius: float, colour: Rgb | int) -> None:
        """A round dot."""
        self._draw.ellipse(
            (at.real - radius, at.imag - radius, at.real + radius, at.imag + radius), None, aggdraw.Brush(colour)
        )

    def done(self) -> Image.Image:
        """The finished surface."""
        self._draw.flush()
        return self.image


def _wave(t: float) -> float:
    t = t % 2.0
    return (4 * t * (1 - t)) if t < 1 else -(4 * (t - 1) * (2 - t))


@lru_cache(maxsize=8)
def grain(size: tuple[int, int], cell: int, low: int, high: int, name: str = "grain") -> Image.Image:
    """Soft noise between two grey levels, with cells of so many pixels; the same on every machine."""
    w, h = size[0] // cell + 2, size[1] // cell + 2
    raw = hashlib.shake_256(f"{name}/{w}/{h}".encode()).digest(w * h)
    noise = Image.frombytes("L", (w, h), raw).point([low + (high - low) * i // 255 for i in range(256)])
    return noise.resize(size, Image.Resampling.BICUBIC if cell > 1 else Image.Resampling.NEAREST)


def gradient(size: tuple[int, int], top: Rgb, bottom: Rgb, upright: bool = True) -> Image.Image:
    """A smooth transition, from top to bottom or from left to right."""
    ramp = Image.new("RGB", (1, 64) if upright else (64, 1))
    ramp.putdata([mix(top, bottom, i / 63) for i in range(64)])
    return ramp.resize(size, Image.Resampling.BICUBIC)


def multiply(image: Image.Image, texture: Image.Image) -> Image.Image:
    """Darken by a grey texture or by another picture (white leaves as it is)."""
    return by_channels(ImageChops.multiply, image, texture)


def by_channels(combine: Combine, image: Image.Image, other: Image.Image) -> Image.Image:
    """`combine` of each channel of a picture with that of another one, or with the same grey one.

    All channels at once would hold the interpreter for up to 7 ms, in which a worker answers no request.
    """
    channels = image.split()
    others = other.split() if other.mode == image.mode else (other,) * len(channels)
    return Image.merge(image.mode, [combine(*pair) for pair in zip(channels, others, strict=True)])


def edges(mask: Image.Image, width: float) -> Image.Image:
    """The rim of a mask, about so many pixels wide."""
    soft = mask.filter(ImageFilter.BoxBlur(width))
    return ImageChops.subtract(mask, soft)
