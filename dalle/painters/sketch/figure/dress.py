"""Hats and clothes by the family of an occupation, from the tables."""

from dalle.painters.sketch.drawings import drawings
from dalle.painters.sketch.shapes import Figure, Points, Shape, bounds, inside

EYES = {"white", "iris"}


def hat(figure: Figure, name: str) -> None:
    """Sets a hat on the head, as high as the head really is at that place, and higher where it would hide the eyes."""
    at, size = _crown(figure), figure.hat_size
    shapes = [
        Shape([at + p * size for p in stroke.points], stroke.fill, "hat", 0.9 * stroke.line, 0.4 * stroke.line)
        for stroke in drawings("hats").get(name, ())
    ]
    eyes = [p for s in figure.shapes if s.part == "face" and s.fill in EYES for p in s.points[::6]]
    for _ in range(6):
        if sum(_hidden(shape.points, eyes) for shape in shapes) < 0.04 * len(eyes):
            break
        for shape in shapes:
            shape.points = [p - 0.08j * size for p in shape.points]
    figure.shapes += shapes


def _hidden(outline: Points, points: Points) -> int:
    """How many of some points are inside an outline."""
    left, top, right, bottom = bounds(outline)
    near = [p for p in points if left < p.real < right and top < p.imag < bottom]
    return sum(inside(p, outline) for p in near)


def _crown(figure: Figure) -> complex:
    """Where a hat rests: on the outline of head or body below the place that the body names, if that is above it."""
    reach = figure.hat_size * 0.5
    tops = [
        min(p.imag for p in near)
        for shape in figure.shapes
        if shape.part in ("head", "body") and _is_solid(shape, figure)
        for near in [[p for p in shape.points if abs(p.real - figure.hat.real) < reach]]
        if near
    ]
    rest = min(tops, default=figure.hat.imag) + figure.hat_size * 0.16
    return complex(figure.hat.real, max(figure.hat.imag, rest) if tops else figure.hat.imag)


def _is_solid(shape: Shape, figure: Figure) -> bool:
    """Whether a shape is wide enough to carry a hat and reaches down to the face."""
    left, top, right, bottom = bounds(shape.points)
    return right - left > figure.hat_size * 1.2 and top < figure.face.imag < bottom


def clothes(figure: Figure, name: str) -> None:
    """Dresses the chest of a figure that has one below its face."""
    if not figure.shoulders or figure.heading:
        return
    left, right = figure.shoulders
    chest, half = (left + right) / 2, abs(right - left) / 2
    low = figure.face.imag + figure.face_size * 0.8
    drop = (chest.imag - figure.face.imag) / figure.face_size
    aside = abs(chest.real - figure.face.real) > 0.5 * figure.face_size
    if chest.imag < low - 0.2 * figure.face_size or half < 0.12 or drop > 2.2 or aside:
        return
    chest = complex(chest.real, max(chest.imag, low - 0.06))
    foot = figure.box({"body"})[3]
    tall = min(half, max(0.1, (foot - chest.imag) / 2.3))
    for stroke in drawings("clothes").get(name, ()):
        points = [chest + complex(p.real * half * 0.92, p.imag * tall) for p in stroke.points]
        figure.shapes.append(Shape(points, stroke.fill, "front", 0.7 * stroke.line, 0.2 * stroke.line))
