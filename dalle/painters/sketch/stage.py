"""The place of the creature in the frame."""

import cmath
from dataclasses import dataclass

from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.shapes import Figure


@dataclass(frozen=True, slots=True)
class Stage:
    """Centre and half-height of the figure in parts of the frame's size; horizon; lean in radians; taper -1…1;
    near: so close that the frame may cut the lower third."""

    centre: complex
    half: float
    horizon: float
    lean: float
    taper: float
    near: bool = False


def stage_of(composition: str, viewpoint: str, dice: Dice) -> Stage:
    """Returns the place that composition and viewpoint suggest."""
    x, half, horizon, lean, taper = 0.5, 0.4, 0.7, 0.0, 0.0
    side = dice.side("side")
    if composition == "thirds":
        x, half = 0.5 + 0.12 * side, 0.385
    elif composition == "diagonal":
        lean, x = 0.14 * side, 0.5 + 0.04 * side
    elif composition == "framed":
        half = 0.345
    elif composition == "close":
        half = 0.45
    if viewpoint == "low":
        horizon, taper, half = 0.84, 0.14, half * 1.04
    elif viewpoint == "high":
        horizon, taper = 0.42, -0.16
    elif viewpoint == "aerial":
        horizon, taper = 0.0, -0.22
    elif viewpoint == "close":
        half *= 1.12
    elif viewpoint == "distant":
        half *= 0.86
    elif viewpoint == "oblique":
        lean += 0.1 * side
    x += dice.span("shift", -0.05, 0.05)
    half *= dice.span("size", 0.94, 1.04)
    return Stage(
        complex(x, dice.span("rise", 0.49, 0.56)),
        min(half, 0.45),
        horizon,
        lean,
        taper,
        "close" in (composition, viewpoint),
    )


def place_figure(figure: Figure, stage: Stage, size: tuple[int, int]) -> float:
    """Moves the figure to its place in pixels, whole inside the frame, and returns the scale (pixels of one unit)."""
    w, h = size
    turn = cmath.rect(1, stage.lean)
    figure.move(lambda p: complex(p.real * (1 + stage.taper * p.imag * 0.6), p.imag) * turn)
    left, top, right, bottom = figure.box()
    room = 0.47 * min(w, h * 1.0)
    scale = min(stage.half * 2 * min(w, h) / max(bottom - top, 1e-6), 2 * room * 0.96 / max(right - left, 1e-6))
    if stage.near:
        scale = min(scale * 1.45, 2 * room * 0.96 / max(right - left, 1e-6))
    centre = complex(stage.centre.real * w, stage.centre.imag * h)
    half_w, half_h = scale * (right - left) / 2, scale * (bottom - top) / 2
    margin = 0.05 * min(w, h)
    centre = complex(
        min(max(centre.real, half_w + margin), w - half_w - margin),
        min(max(centre.imag, half_h + margin), h - half_h - margin),
    )
    if stage.near and 2 * (half_h + margin) > h:
        centre = complex(centre.real, half_h + margin)
    middle = complex((left + right) / 2, (top + bottom) / 2)
    figure.move(lambda p: centre + (p - middle) * scale)
    return scale
