"""Things in hands, beside the feet, under a rider or on the back, none of them over a face."""

from dalle.painters.sketch.drawings import Drawing, drawings
from dalle.painters.sketch.shapes import Figure, Points, Shape, bounds

SIZE = 0.25
USED = 1.3
"""How much larger the thing of an action is than one of a trade: it says what happens."""
UNDER = {"board", "boat", "bicycle", "canoe", "car", "horse", "ring", "skis", "sledge", "tub", "cushion", "balloon"}
BEHIND = {"wings", "hammock", "pillow", "bush"}
BESIDE = {"anvil", "barrel", "bush", "cauldron", "chest", "crate", "dog", "easel", "fire", "hive", "drum", "tent"}
ABOVE = {"barbell", "glider", "rope", "pole"}
"""Held between both hands."""
LARGE = {"broom", "crook", "easel", "mirror", "oar", "parasol", "rake", "pitchfork", "staff", "dog", "screen", "shield"}


def thing(figure: Figure, name: str, hands: tuple[complex, complex], lead: int, both: bool) -> None:
    """Puts a thing where it is used: into the leading hand, between both, under the feet, beside them or behind."""
    drawing = drawings("props").get(name)
    if drawing is None:
        return
    left, _, right, foot = figure.box({"body", "tail", "front", "back"})
    middle, half = (left + right) / 2, (right - left) / 2
    if name in UNDER:
        size = min(0.56, max(0.34, half * 0.8))
        _under(figure, name, drawing, complex(middle, foot), size, lead)
    elif name in BEHIND:
        height = figure.neck + 0.25j if name == "wings" else complex(middle, foot - 0.12)
        figure.shapes[:0] = _shapes(drawing, height, max(0.44, half * 0.9), 1, "back")
    elif name in BESIDE:
        at = complex(middle + (half * 0.72 + 0.2) * lead, foot - 0.16)
        figure.shapes += _cleared(
            _shapes(drawing, at, SIZE * 1.25 * USED, -lead, "tool"), figure, complex(0.06 * lead, 0.02)
        )
    elif name in ABOVE:
        shapes = _shapes(drawing, (hands[0] + hands[1]) / 2, SIZE * 1.5, 1, "tool")
        figure.shapes += _cleared(shapes, figure, -0.08j)
    else:
        held(figure, name, (hands[0] + hands[1]) / 2 if both else hands[1], lead, USED)


def _under(figure: Figure, name: str, drawing: Drawing, at: complex, size: float, lead: int) -> None:
    """A thing that carries the figure: what is high of it, as a sail, is behind."""
    if name in ("horse", "car", "boat", "balloon"):
        size *= 1.1
    figure.lift = 0.0
    low, high = [], []
    for shape in _shapes(drawing, at, size, lead, "tool"):
        if bounds(shape.points)[1] < at.imag - 1.2 * size:
            shape.part = "back"
            high.append(shape)
        else:
            low.append(shape)
    figure.shapes[:0] = high
    figure.shapes += _cleared(low, figure, 0.08j)


def held(figure: Figure, name: str, hand: complex, side: int, grow: float = 1.0) -> None:
    """A thing in a hand; it gives way until the face is free."""
    drawing = drawings("props").get(name)
    if drawing is None:
        return
    size = SIZE * grow * (1.2 if name in LARGE else 1.0)
    shapes = _shapes(drawing, hand, size, side, "tool")
    away = complex(0.06 * (1 if hand.real >= figure.face.real else -1), 0.025)
    figure.shapes += _cleared(shapes, figure, away)


def _cleared(shapes: list[Shape], figure: Figure, away: complex) -> list[Shape]:
    """Shapes moved step by step until none of them comes over the face."""
    features = figure.features()
    for _ in range(16):
        if not any(_covers(shape, figure, features) for shape in shapes):
            break
        for shape in shapes:
            shape.points = [p + away for p in shape.points]
    return shapes


def _covers(shape: Shape, figure: Figure, features: Points) -> bool:
    """Whether a shape comes over eyes or mouth."""
    rx, ry = figure.face_size * 1.02, figure.face_size * 0.88
    centre = figure.face + 0.1j * figure.face_size
    left, top, right, bottom = bounds(shape.points)
    if any(left < p.real < right and top < p.imag < bottom for p in features):
        return True
    nearest = complex(min(max(centre.real, left), right), min(max(centre.imag, top), bottom))
    return ((nearest.real - centre.real) / rx) ** 2 + ((nearest.imag - centre.imag) / ry) ** 2 < 1


def _shapes(drawing: Drawing, at: complex, size: float, side: int, part: str) -> list[Shape]:
    return [
        Shape(
            [at + complex(p.real * side, p.imag) * size for p in stroke.points],
            stroke.fill,
            part,
            0.8 * stroke.line,
            0.3 * stroke.line,
        )
        for stroke in drawing
    ]


def placed(name: str, mark: str, at: complex, size: float, turn: complex = 1 + 0j, part: str = "tool") -> list[Shape]:
    """The shapes of a mark at a place."""
    strokes = drawings(name).get(mark, ())
    return [Shape([at + p * turn * size for p in s.points], s.fill, part, 0.6 * s.line, 0.2 * s.line) for s in strokes]


def laid(figure: Figure, name: str, side: int) -> None:
    """A thing that no hand is free for, on the ground beside the feet."""
    left, _, right, foot = figure.box({"body", "tail", "front"})
    at = complex((right if side > 0 else left) + 0.2 * side, foot - SIZE * 0.85)
    held(figure, name, at, side)
