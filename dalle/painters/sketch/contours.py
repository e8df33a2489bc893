"""Contours: what each hand makes of an outline before it paints, and how it draws the line."""

import cmath
import math
from collections.abc import Callable
from itertools import pairwise

from dalle.painters.sketch.canvas import Brushwork
from dalle.painters.sketch.palette import Rgb
from dalle.painters.sketch.shapes import Points, smooth

Form = Callable[[Points, float], Points]
Line = Callable[[Brushwork, Points, Rgb, float], None]
Spot = tuple[complex, complex]
"""A point of an outline and the direction out of it."""


def walked(points: Points, step: float) -> list[Spot]:
    """Returns spots a step apart along a closed outline."""
    area = sum((p.conjugate() * q).imag for p, q in pairwise([*points, points[0]]))
    out = -1j if area > 0 else 1j
    spots, left = [], step / 2
    for p, q in pairwise([*points, points[0]]):
        long = abs(q - p)
        while left <= long and long:
            along = (q - p) / long
            spots.append((p + along * left, along * out))
            left += step
        left -= long
    return spots


def cut(points: Points, width: float, count: int = 11) -> Points:
    """Returns the same outline in few straight cuts."""
    step = len(points) // count
    return points[::step] if step > 1 else points


def planes(points: Points, width: float) -> Points:
    """Returns an outline of seven edges."""
    return cut(points, width, 7)


def simple(points: Points, width: float) -> Points:
    """Returns a rounder outline without detail."""
    step = len(points) // 9
    return smooth(points[::step], steps=6) if step > 2 else points


def stepped(points: Points, width: float) -> Points:
    """Returns an outline of upright and level edges, as on a grid."""
    grid = max(2.4 * width, 1.0)
    corners: Points = []
    for p, _ in walked(points, grid * 0.7) or [(p, 0j) for p in points]:
        corner = complex(round(p.real / grid), round(p.imag / grid)) * grid
        if corners and corner.real != corners[-1].real and corner.imag != corners[-1].imag:
            corners.append(complex(corner.real, corners[-1].imag))
        if not corners or corner != corners[-1]:
            corners.append(corner)
    return corners if len(corners) > 3 else points


def _even(brush: Brushwork, points: Points, line: Rgb, width: float) -> None:
    brush.shape(points, None, line, width)


def _heavy(brush: Brushwork, points: Points, line: Rgb, width: float) -> None:
    """Heavier around what is large."""
    long = sum(abs(q - p) for p, q in pairwise(points))
    brush.shape(points, None, line, width * (1.5 if long > 90 * width else 0.8))


def _hatched(brush: Brushwork, points: Points, line: Rgb, width: float) -> None:
    """Thin above and thick below, with hatching in the shade of what is large."""
    brush.shape(points, None, line, width * 0.75)
    long = sum(abs(q - p) for p, q in pairwise(points))
    for p, out in walked(points, 4.2 * width) if long > 90 * width else []:
        shade = (out * (0.6 - 0.8j)).real
        if shade > 0.1:
            brush.line([p - out * 1.4 * width * shade, p + out * 0.2 * width], line, width * 0.9)
            brush.line([p, p - (3.2 + 2.6j) * width * shade], line, width * 0.4)


def _loose(brush: Brushwork, points: Points, line: Rgb, width: float) -> None:
    """Two strokes that miss each other."""
    for k, shift in enumerate((1.1 - 0.8j, -0.9 + 1.2j)):
        start = len(points) * k // 3
        row = [*points[start:], *points[: start + 3]]
        brush.line([p + shift * width for p in row], line, width * (0.7 - 0.2 * k))


def _stitched(brush: Brushwork, points: Points, line: Rgb, width: float) -> None:
    """Stitches of one length, across the edge by turns."""
    for k, (p, out) in enumerate(walked(points, 3.2 * width)):
        along = out * 1j * 1.9 * width
        lean = out * 0.5 * width * (-1) ** k
        brush.line([p - along * 0.6 - lean, p + along * 0.6 + lean], line, width * 0.9)


def _dotted(brush: Brushwork, points: Points, line: Rgb, width: float) -> None:
    for p, _ in walked(points, 2.5 * width):
        brush.dot(p, 0.85 * width, line)


def _tiled(brush: Brushwork, points: Points, line: Rgb, width: float) -> None:
    """Small stones in a row."""
    for p, out in walked(points, 3.3 * width):
        corner = out * cmath.rect(1.5 * width, math.pi / 4)
        brush.shape([p + corner, p + corner * 1j, p - corner, p - corner * 1j], None, line, width * 0.55)


def _bristled(brush: Brushwork, points: Points, line: Rgb, width: float) -> None:
    """Three hairs of one brush, which lifts now and then."""
    spots = walked(points, 3 * width)
    for k, hair in enumerate((-1.1, 0.0, 1.0)):
        stroke: Points = []
        for n, (p, out) in enumerate(spots):
            if (n + 3 * k) % 11 < 8:
                stroke.append(p + out * hair * width)
            if len(stroke) > 1 and ((n + 3 * k) % 11 == 7 or n == len(spots) - 1):
                brush.line(stroke, line, width * 0.4)
                stroke = []


def _leaded(brush: Brushwork, points: Points, line: Rgb, width: float) -> None:
    """A thick line, with leads that run out of large panes."""
    brush.shape(points, None, line, width * 1.2)
    long = sum(abs(q - p) for p, q in pairwise(points))
    for p, out in walked(points, long / 5) if long > 60 * width else []:
        brush.line([p, p + out * 9 * width], line, width * 0.9)


def _doubled(brush: Brushwork, points: Points, line: Rgb, width: float) -> None:
    """A second printing, out of register."""
    brush.shape(points, None, line, width * 0.7)
    brush.shape([p + (2.1 - 1.5j) * width for p in points], None, line, width * 0.35)


def _tapered(brush: Brushwork, points: Points, line: Rgb, width: float) -> None:
    """A line that swells and thins as a brush turns."""
    spots = [p for p, _ in walked(points, 2.4 * width)]
    for n, (p, q) in enumerate(pairwise([*spots, *spots[:1]])):
        swell = math.sin(math.tau * n / max(len(spots), 1) * 1.5) ** 2
        brush.line([p, q], line, width * (0.3 + 1.3 * swell))


def _drafted(brush: Brushwork, points: Points, line: Rgb, width: float) -> None:
    """Ruled edges that run past their corners."""
    corners = cut(points, width, 9)
    brush.shape(points, None, line, width * 0.45)
    for p, q in pairwise([*corners, corners[0]]):
        if abs(q - p) > 7 * width:
            past = (q - p) / abs(q - p) * 3.5 * width
            brush.line([p - past, q + past], line, width * 0.35)


def _worn(brush: Brushwork, points: Points, line: Rgb, width: float) -> None:
    """A line that has flaked off in places, with cracks across it."""
    stroke: Points = []
    for n, (p, out) in enumerate(walked(points, 3 * width)):
        if math.sin(n * 1.35) + math.sin(n * 0.55) > -0.55:
            stroke.append(p)
            continue
        if len(stroke) > 1:
            brush.line(stroke, line, width * 0.7)
        stroke = []
        if n % 3 == 0:
            along = out * 1j
            crack = [p - out * 4 * width, p - out * width + along * width, p + out * 1.5 * width - along * width]
            brush.line([*crack, p + out * 4.5 * width], line, width * 0.3)
    if len(stroke) > 1:
        brush.line(stroke, line, width * 0.7)


def _broken(brush: Brushwork, points: Points, line: Rgb, width: float) -> None:
    """Edges of planes that run on through each other."""
    for p, q in pairwise([*points, points[0]]):
        past = (q - p) * (0.3 if abs(q - p) > 6 * width else 0.0)
        brush.line([p - past * 0.3, q + past], line, width * 0.7)


def _beaded(brush: Brushwork, points: Points, line: Rgb, width: float) -> None:
    """A line with a row of punched dots along it."""
    brush.shape(points, None, line, width * 0.7)
    long = sum(abs(q - p) for p, q in pairwise(points))
    for p, out in walked(points, 3.6 * width) if long > 40 * width else []:
        brush.dot(p + out * 2.4 * width, 0.6 * width, line)


def _gouged(brush: Brushwork, points: Points, line: Rgb, width: float) -> None:
    """A cut line, and the cuts of the gouge that cleared the ground beside it."""
    brush.shape(points, None, line, width)
    long = sum(abs(q - p) for p, q in pairwise(points))
    for p, out in walked(points, 4 * width) if long > 40 * width else []:
        start = p + out * 2 * width
        side = out * 0.45j * width
        brush.shape([start - side, start + out * 4 * width, start + side], line)


def _bled(brush: Brushwork, points: Points, line: Rgb, width: float) -> None:
    """A faint line, and beside it the rim where the water dried."""
    brush.shape(points, None, line, width * 0.3)
    rim = [
        p + out * width * (1.6 + 1.5 * math.sin(n * 0.7) + math.sin(n * 0.31))
        for n, (p, out) in enumerate(walked(points, 1.8 * width))
    ]
    if len(rim) > 3:
        brush.shape(rim, None, line, width * 0.45)


def _margined(brush: Brushwork, points: Points, line: Rgb, width: float) -> None:
    """The edge of the paper and, beside it, that of the sheet below."""
    brush.shape(points, None, line, width * 0.6)
    brush.shape([p + (1.6 + 2.2j) * width for p in points], None, line, width * 0.3)


FORMS: dict[str, Form] = {
    "facet": planes,
    "gouge": cut,
    "lead": cut,
    "margin": cut,
    "simple": simple,
    "steps": stepped,
}
LINES: dict[str, Line] = {
    "bead": _beaded,
    "bleed": _bled,
    "bristle": _bristled,
    "dots": _dotted,
    "draft": _drafted,
    "facet": _broken,
    "gouge": _gouged,
    "hatch": _hatched,
    "heavy": _heavy,
    "lead": _leaded,
    "loose": _loose,
    "margin": _margined,
    "register": _doubled,
    "stitch": _stitched,
    "taper": _tapered,
    "tiles": _tiled,
    "worn": _worn,
}


def formed(points: Points, manner: str, width: float) -> Points:
    """Returns what a manner makes of an outline; width is that of its line, in pixels."""
    form = FORMS.get(manner)
    return form(points, width) if form else points


def outline(brush: Brushwork, points: Points, line: Rgb, width: float, manner: str) -> None:
    """Draws an outline in a manner."""
    LINES.get(manner, _even)(brush, points, line, width)
