"""The place of the figure in the frame: whole, to the chest or the head alone, in the middle or beside it."""

import cmath
from dataclasses import dataclass, replace

from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.shapes import TILTED, Figure


@dataclass(frozen=True, slots=True)
class Stage:
    """Centre and half-height of the figure in parts of the frame's size; horizon; lean in radians; taper -1 (seen
    from above) … 1 (from below); frame: "full", "bust" or "head"."""

    centre: complex
    half: float
    horizon: float
    lean: float
    taper: float
    frame: str = "full"


FULL = Stage(0.5 + 0.53j, 0.42, 0.7, 0.0, 0.0)


def stage_of(composition: str, viewpoint: str, dice: Dice) -> Stage:
    """Returns the place that composition and viewpoint suggest, by their categories."""
    side = dice.side("side")
    stage = replace(FULL, centre=complex(0.5 + dice.span("shift", -0.08, 0.08), dice.span("rise", 0.5, 0.57)))
    half, lean = stage.half * dice.span("size", 0.9, 1.04), 0.0
    if composition == "thirds":
        stage, half = replace(stage, centre=complex(0.5 + 0.19 * side, 0.56)), 0.38
    elif composition == "diagonal":
        lean = 0.17 * side
        stage = replace(stage, centre=complex(0.5 + 0.09 * side, 0.54))
    elif composition == "framed":
        half = 0.36
    elif composition == "horizontal":
        stage, half = replace(stage, centre=complex(0.5 + 0.15 * side, 0.6)), 0.35
    elif composition == "close":
        stage = replace(stage, frame="head" if viewpoint == "close" else "bust")
    elif composition in ("central", "symmetrical"):
        stage = replace(stage, centre=complex(0.5, stage.centre.imag))
        if dice.chance("bust", 0.3):
            stage = replace(stage, frame="bust")
    stage = _seen(replace(stage, half=half, lean=lean), viewpoint, side)
    if stage.frame == "full" or composition == "symmetrical":
        return stage
    return replace(stage, centre=complex(0.5 + 0.11 * side, stage.centre.imag))


def _seen(stage: Stage, viewpoint: str, side: int) -> Stage:  # noqa: PLR0911 - a table of views
    x, half = stage.centre.real, stage.half
    match viewpoint:
        case "low":
            return replace(stage, horizon=0.86, taper=0.26, half=half * 1.08, centre=complex(x, 0.5))
        case "high":
            return replace(stage, horizon=0.36, taper=-0.3, half=half * 0.88, centre=complex(x, 0.62))
        case "aerial":
            centre = complex(0.5 + (x - 0.5) * 1.3, 0.56)
            return replace(stage, horizon=0.16, taper=-0.42, half=half * 0.8, centre=centre)
        case "close":
            return replace(stage, frame="bust" if stage.frame == "full" else stage.frame)
        case "distant":
            centre = complex(x + 0.1 * side, 0.68)
            return replace(stage, half=half * 0.7, centre=centre, frame="full", horizon=0.62)
        case "oblique":
            return replace(stage, lean=stage.lean + 0.13 * side)
    return stage


def place_figure(figure: Figure, stage: Stage, size: tuple[int, int]) -> float:
    """Moves the figure to its place in pixels and returns the scale (pixels of one unit).

    A whole figure is inside the frame; a bust or a head is cut by its lower edge.
    """
    turn = cmath.rect(1, stage.lean)
    taper = stage.taper if stage.frame == "full" else stage.taper * 0.4

    def seen(p: complex) -> complex:
        return complex(p.real * (1 - taper * p.imag * -0.5), p.imag) * turn

    figure.move(seen)
    figure.face_size *= 1 - 0.5 * taper * -figure.face.imag
    place = _whole if stage.frame == "full" else _cut
    return place(figure, stage, size)


def _whole(figure: Figure, stage: Stage, size: tuple[int, int]) -> float:
    w, h = size
    left, top, right, bottom = figure.core()
    unit = min(w, h)
    scale = min(stage.half * 2 * unit / max(bottom - top, 1e-6), 0.9 * unit / max(right - left, 1e-6))
    centre = complex(stage.centre.real * w, stage.centre.imag * h)
    half_w, half_h = scale * (right - left) / 2, scale * (bottom - top) / 2
    margin = 0.05 * unit
    rise = min(figure.lift * scale, h - 2 * margin - 2 * half_h) if figure.lift else 0.0
    centre = complex(
        min(max(centre.real, half_w + margin), w - half_w - margin),
        min(max(centre.imag, half_h + margin), h - half_h - margin - max(rise, 0.0)),
    )
    middle = complex((left + right) / 2, (top + bottom) / 2)
    figure.move(lambda p: centre + (p - middle) * scale)
    return scale


def _cut(figure: Figure, stage: Stage, size: tuple[int, int]) -> float:
    """A bust shows face, hands and what they hold; a head fills the frame with what grows on it."""
    w, h = size
    unit, reach = min(w, h), figure.face_size
    heads = figure.box(TILTED)
    top = max(heads[1], figure.face.imag - 2.3 * reach)
    low = figure.face.imag + reach * (2.5 if stage.frame == "bust" else 1.35)
    bottom = min(low, figure.core()[3])
    left = max(heads[0], figure.face.real - reach * 2.1)
    right = min(heads[2], figure.face.real + reach * 2.1)
    most = 0.84 if stage.frame == "bust" else 0.9
    scale = min(most * unit / (bottom - top), 0.9 * unit / max(right - left, 1e-6))
    x = w * (0.5 + (stage.centre.real - 0.5) * (1.0 if stage.frame == "bust" else 0.5))
    middle = complex(figure.face.real * 0.5 + (left + right) / 4, bottom)
    foot = complex(x, h + 0.01 * unit)
    figure.move(lambda p: foot + (p - middle) * scale)
    return scale
