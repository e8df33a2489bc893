"""Hats and clothes by the family of an occupation, from the tables."""

from dalle.painters.sketch.drawings import drawings
from dalle.painters.sketch.shapes import Figure, Points, Shape, bounds, covered

EYES = {"white", "iris"}


def hat(figure: Figure, name: str) -> None:
    """Sets a hat on the head, as high as the head really is at that place, and higher where it would hide eyes or
    brows."""
    top, size = _top(figure), figure.hat_size
    at = complex(figure.hat.real, max(figure.hat.imag, top + 0.16 * size))
    shapes = [
        Shape([at + p * size for p in stroke.points], stroke.fill, "hat", 0.9 * stroke.line, 0.4 * stroke.line)
        for stroke in drawings("hats").get(name, ())
    ]
    eyes = [p for s in figure.shapes if s.part == "face" and s.fill in EYES for p in s.points[::6]]
    brows = [s for s in figure.shapes if s.part == "brow"]
    brim = max((p.imag for s in shapes for p in s.points if abs(p.real - at.real) < 0.4 * size), default=at.imag)
    room, step = brim - top - 0.04 * size, 0.04 * size
    raised = 2 * _raise(shapes, eyes, 2 * step, 6)
    _raise(shapes, [p for s in brows for p in s.points[::3]], step, int(room / step) - raised)
    _seat(brows, shapes, 0.04 * figure.face_size)
    figure.shapes += shapes


def _raise(hat: list[Shape], features: Points, step: float, most: int) -> int:
    """Raises a hat until it hides no feature of the face, and returns by how many steps."""
    for count in range(most):
        if sum(covered(shape.points, features) for shape in hat) <= 0.03 * len(features):
            return count
        for shape in hat:
            shape.points = [p - step * 1j for p in shape.points]
    return max(0, most)


def _seat(brows: list[Shape], hat: list[Shape], step: float) -> None:
    """Lowers brows that are still behind a hat towards the eyes."""
    for _ in range(9):
        if not any(covered(shape.points, brow.points[::3]) for shape in hat for brow in brows):
            break
        for brow in brows:
            brow.points = [p + step * 1j for p in brow.points]


def _top(figure: Figure) -> float:
    """How high head or body reach below the place that the body names for its hat."""
    reach = figure.hat_size * 0.5
    tops = [
        min(p.imag for p in near)
        for shape in figure.shapes
        if shape.part in ("head", "body") and _is_solid(shape, figure)
        for near in [[p for p in shape.points if abs(p.real - figure.hat.real) < reach]]
        if near
    ]
    return min(tops, default=figure.hat.imag - 0.16 * figure.hat_size)


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
