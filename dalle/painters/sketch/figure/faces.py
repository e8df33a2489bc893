"""Faces: eyes that look where the gaze says, brows, cheeks and a mouth, from the front, turned or from the side."""

import math

from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.figure.eyes import Eyes, eye
from dalle.painters.sketch.figure.moods import Mood
from dalle.painters.sketch.figure.mouths import mouth
from dalle.painters.sketch.shapes import ON_FACE, Figure, Shape, bounds, drop, ellipse, mirrored, ribbon

SIDES = {"left": -1, "right": 1}
PROFILE = 0.8
"""From that angle on, in radians, the far eye is hidden."""


def gaze_of(phrase: str) -> tuple[complex, str]:
    """Where the eyes look (x to the viewer's right, y down, about -1…1) and how: open, closed, wink, wide or half."""
    x = 0.75 * (("right" in phrase) - ("left" in phrase))
    y = 0.7 * (("down" in phrase or "ground" in phrase) - ("up" in phrase.split() or "sky" in phrase))
    if "wink" in phrase:
        how = "wink"
    elif "closed" in phrase and "half" not in phrase:
        how = "closed"
    elif "half" in phrase:
        how = "half"
    elif "wide" in phrase:
        how = "wide"
    else:
        how = "open"
    if "past the viewer" in phrase:
        x, y = 0.25, -0.15
    return complex(x, y), how


def turn_of(figure: Figure, phrase: str, viewpoint: str, dice: Dice) -> float:
    """How far a head is turned from the viewer, in radians: by the viewpoint, else by the gaze, else a little.

    A face on a body without a head of its own turns less, and one from the side or with one eye not at all.
    """
    if figure.heading or figure.eyes == 1:
        return 0.0
    side = next((way for word, way in SIDES.items() if word in phrase), dice.side("turn side"))
    if "profile" in viewpoint or "side-scrolling" in viewpoint:
        angle = 0.92
    elif "three-quarter" in viewpoint or "shoulder" in viewpoint + phrase:
        angle = 0.62
    elif "far to" in phrase or "sideways" in phrase:
        angle = 0.45
    else:
        angle = dice.span("turn", 0.0, 0.24)
    return side * (angle if any(shape.part == "head" for shape in figure.shapes) else min(angle, 0.5))


def face(figure: Figure, dice: Dice, mood: Mood, gaze: complex, how: str, eyes: Eyes, angle: float = 0.0) -> None:
    """Puts eyes, brows, cheeks and a mouth on a figure and turns its head; from the side it shows one eye."""
    _lead(figure, angle)
    at, size = figure.face, figure.face_size
    apart = size * dice.span("eyes apart", 0.41, 0.48)
    big = size * dice.span("eye size", 0.26, 0.31) * mood.wide * eyes.size
    look = gaze or mood.glance
    height = at.imag - size * 0.12
    sides = (-1, 1)[-figure.eyes :]
    if figure.heading:
        apart, sides = size * 0.16, (figure.heading,)
        look = complex(abs(look.real) * figure.heading * 0.8 or 0.3 * figure.heading, look.imag)
    if abs(angle) > PROFILE:
        sides = (-1 if angle > 0 else 1,)
    if figure.eyes == 1:
        apart, big, height = 0.0, big * 1.4, at.imag - size * 0.3
    for side in sides:
        centre = complex(at.real + apart * side, height)
        shut = how == "closed" or (how == "wink" and side == sides[-1])
        eye(figure, eyes, centre, big, mood, look, "closed" if shut else how, side)
        _brow(figure, mood, centre, big, side * eyes.bold)
        if mood.blush > 0.25:
            _cheek(figure, mood, side)
    if mood.sign == "drop":
        figure.add(
            drop(complex(at.real + apart * 1.05 * sides[-1], height + big * 2.0), size * 0.15), "tear", "face", 0.6
        )
    if figure.mouth != "none":
        mouth(figure, dice, mood, eyes.bold)
    if angle:
        _turn(figure, angle)


def _lead(figure: Figure, angle: float) -> None:
    """Lets a bill or a trunk that points aside point to where the head turns."""
    shapes = [s for s in figure.shapes if s.part == "face"]
    if sum(p.real - figure.face.real for s in shapes for p in s.points) * angle < 0:
        for shape in shapes:
            shape.points = mirrored(shape.points, figure.face.real)


def _brow(figure: Figure, mood: Mood, eye_at: complex, eye_size: float, bold: float) -> None:
    """A brow over an eye; bold is how thick it is, negative on the left."""
    size, side = figure.face_size, 1 if bold > 0 else -1
    thick = size * abs(bold) * (0.75 + 0.35 * max(mood.brow, 0))
    inner, outer = eye_at.real - 0.8 * eye_size * side, eye_at.real + 0.9 * eye_size * side
    height = eye_at.imag - eye_size * 1.36 - mood.lift * size - 0.14 * size * mood.skew * side
    brow = [
        complex(inner, height + mood.brow * size * 0.17),
        complex(eye_at.real, height - 0.075 * size),
        complex(outer, height - mood.brow * size * 0.12 + 0.03 * size),
    ]
    figure.add(ribbon(brow, 0.04 * thick, 0.065 * thick, 0.03 * thick), "brow", "brow", 0)


def _cheek(figure: Figure, mood: Mood, side: int) -> None:
    at, size = figure.face, figure.face_size
    grow = 1 + 0.3 * (mood.blush > 0.9)
    cheek = ellipse(
        complex(at.real + size * 0.74 * side, at.imag + size * 0.26), size * 0.17 * grow, size * 0.12 * grow
    )
    figure.add(cheek, "cheek", "face", 0, 0, min(0.9, 0.45 + 0.4 * mood.blush))


def _turn(figure: Figure, angle: float) -> None:
    """Turns a head as a ball: features move around it, a muzzle or a beak stands out, what grows behind moves back, and
    whiskers that point away are not seen."""
    if abs(angle) > 0.3:
        figure.shapes = [s for s in figure.shapes if s.part != "whisker" or (_middle(s) - figure.face.real) * angle < 0]
    features = [s for s in figure.shapes if s.part == "head" and _on_ball(s, figure)]
    snout = 0.6 if figure.mouth == "none" else 0.36 if features else 0.14
    features += [s for s in figure.shapes if s.part in ON_FACE or (s.part == "horn" and _on_ball(s, figure))]
    for shape in features:
        out = 0.0 if shape.part == "face" and shape.fill in ("cheek", "tear") else snout
        shape.points = [_rolled(p, figure, angle, out) for p in shape.points]
    figure.face += 0.35 * figure.face_size * math.sin(angle)
    back = 0.14 * figure.face_size * math.sin(angle)
    for shape in figure.shapes:
        if shape.part == "skull":
            shape.points = [p - back for p in shape.points]


def _middle(shape: Shape) -> float:
    return sum(p.real for p in shape.points) / len(shape.points)


def _on_ball(shape: Shape, figure: Figure) -> bool:
    """Whether a part of the head is a feature on it, not the head itself or an ear."""
    left, top, right, bottom = bounds(shape.points)
    reach = figure.face_size
    near = abs((left + right) / 2 - figure.face.real) < reach * 0.9
    return (
        right - left < reach * 1.5 and bottom - top < reach * 1.5 and near and bottom > figure.face.imag - reach * 0.2
    )


def _rolled(p: complex, figure: Figure, angle: float, snout: float) -> complex:
    """Where a point of a turned ball is seen; at its rim when it has gone round. A snout stands out below the eyes."""
    radius = figure.face_size * 1.04
    x, low = (p.real - figure.face.real) / radius, (p.imag - figure.face.imag) / radius
    out = 1 + snout * max(0.0, min(1.0, low / 0.4, (1.3 - low) / 0.5))
    if abs(x) > 1:
        return p + radius * (out - 1) * math.sin(angle)
    turned = max(-math.pi / 2, min(math.pi / 2, math.asin(x) + angle))
    return complex(figure.face.real + radius * out * math.sin(turned), p.imag)
