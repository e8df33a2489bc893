"""Paints shapes from back to front, with the contour of a hand."""

from dataclasses import dataclass

from dalle.painters.sketch.canvas import Brushwork
from dalle.painters.sketch.contours import LINES, formed, outline
from dalle.painters.sketch.palette import Palette, Rgb, mix
from dalle.painters.sketch.shapes import FEATURES, LOOSE, Points, Shape, bounds


@dataclass(frozen=True, slots=True)
class Pen:
    """The colour of an outline (None: there is none), its width in pixels and the manner of the hand, of
    `dalle.painters.sketch.contours`."""

    colour: Rgb | None = None
    width: float = 0.0
    manner: str = "even"


def paint(
    brush: Brushwork, shapes: list[Shape], palette: Palette, pen: Pen, model: float, opacity: float = 1.0
) -> None:
    """Paint shapes from back to front; `model` turns flat shapes into round ones by a light from the upper left."""
    for shape in shapes:
        colour = palette[shape.fill]
        alpha = int(255 * opacity * shape.opacity)
        manner = "even" if shape.part in FEATURES | LOOSE else pen.manner
        points = formed(shape.points, manner, pen.width)
        line, width = (pen.colour if shape.line else None), pen.width * shape.line
        edge = None if manner in LINES else line
        if model and shape.volume and shape.line:
            brush.shape(points, mix(colour, palette["deep"], 0.42 * model), edge, width, alpha)
            brush.shape(_lit(points, shape.volume), colour, None, 0, alpha)
        else:
            brush.shape(points, colour, edge, width, alpha)
        if line is not None and edge is None:
            outline(brush, points, line, width, manner)


def _lit(points: Points, volume: float) -> Points:
    """The part of a round shape that the light from the upper left reaches."""
    left, top, right, bottom = bounds(points)
    centre = complex((left + right) / 2, (top + bottom) / 2)
    shift = complex(left - right, top - bottom) * 0.035 * volume
    return [centre + (p - centre) * (1 - 0.085 * volume) + shift for p in points]
