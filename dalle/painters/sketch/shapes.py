"""Outlines in a creature's own space: complex numbers, y downwards, feet near +1j, crown near -1j."""

import cmath
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

Points = list[complex]
Place = Callable[[float, float], complex]
"""A point of a creature, turned to the side that it faces."""

# parts in the order of painting
ORDER = {
    "trail": -1,
    "back": 0,
    "tail": 1,
    "body": 2,
    "front": 3,
    "skull": 4,
    "head": 5,
    "horn": 5.5,
    "whisker": 5.8,
    "face": 6,
    "brow": 6.5,
    "hat": 7,
    "arm": 8,
    "tool": 9,
    "mark": 10,
}
ON_FACE = {"whisker", "face", "brow"}
FEATURES = ON_FACE | {"mark"}
"""Parts that are drawn crisp and even, whatever the hand."""
SEEING = {"white", "iris", "ink", "mouth"}
"""Fills of eyes, noses and mouths."""
LOOSE = {"trail", "mark"}
"""Parts that are no part of the figure itself."""
TILTED = {"skull", "head", "horn", "whisker", "face", "hat", "brow"}


@dataclass(slots=True)
class Shape:
    """One closed outline. fill: a role of the palette; line: outline in parts of the common width;
    volume: how strongly it is modelled as a round thing; opacity 0…1."""

    points: Points
    fill: str
    part: str = "body"
    line: float = 1.0
    volume: float = 0.0
    opacity: float = 1.0


@dataclass(frozen=True, slots=True)
class Leg:
    """A leg that a pose may move: its joint at the body, its foot, half its thickness, the foot's half sizes."""

    hip: complex
    foot: complex
    thick: float
    shoe: tuple[float, float]
    fill: str
    bare: str


@dataclass(slots=True)
class Figure:
    """All shapes of a creature and where its face, hat and hands belong.

    mouth: "mouth", "wide" or "none" (a beak or a trunk takes its place); lips: where it is, unless below the eyes;
    reach: length of the arms; arm: their thickness at shoulder and hand; hand: where the tool is without arms;
    floats: casts no shadow on a ground; feathered: has wings for arms; heading: the side that a creature seen from
    the side looks to (-1, 1), else 0; lift: how high it is above the ground.
    """

    shapes: list[Shape] = field(default_factory=list)
    neck: complex = 0j
    face: complex = -0.3j
    face_size: float = 0.4
    eyes: int = 2
    mouth: str = "mouth"
    lips: complex | None = None
    hat: complex = -0.7j
    hat_size: float = 0.4
    shoulders: tuple[complex, complex] | None = None
    reach: float = 0.55
    arm: tuple[float, float] = (0.09, 0.07)
    arm_fill: str = "body"
    hand: complex = 0.6 + 0.3j
    floats: bool = False
    feathered: bool = False
    heading: int = 0
    lift: float = 0.0
    legs: list[Leg] = field(default_factory=list)

    def add(
        self,
        points: Points,
        fill: str,
        part: str = "body",
        line: float = 1.0,
        volume: float = 0.0,
        opacity: float = 1.0,
    ) -> None:
        """Adds one shape on top of the others of its part."""
        self.shapes.append(Shape(points, fill, part, line, volume, opacity))

    def both(self, points: Points, fill: str, part: str = "body", line: float = 1.0, volume: float = 0.0) -> None:
        """A shape and its mirror image."""
        self.add(points, fill, part, line, volume)
        self.add(mirrored(points), fill, part, line, volume)

    def ordered(self) -> list[Shape]:
        """The shapes from back to front."""
        return sorted(self.shapes, key=lambda shape: ORDER[shape.part])

    def core(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom without the marks around."""
        return self.box(ORDER.keys() - LOOSE)

    def features(self) -> Points:
        """Points of eyes, nose and mouth."""
        return [
            p
            for s in self.shapes
            if s.part == "face" and s.fill in SEEING
            for p in s.points[:: 1 + len(s.points) // 12]
        ]

    def move(self, change: Callable[[complex], complex], parts: set[str] | None = None) -> None:
        """Map all points, or those of some parts; with all of them the places of face, hat, neck and hands too."""
        if parts is None:
            self.face, self.hat, self.neck, self.hand = map(change, (self.face, self.hat, self.neck, self.hand))
            if self.shoulders:
                self.shoulders = change(self.shoulders[0]), change(self.shoulders[1])
        for shape in self.shapes:
            if parts is None or shape.part in parts:
                shape.points = [change(point) for point in shape.points]

    def box(self, parts: set[str] | None = None) -> tuple[float, float, float, float]:
        """Left, top, right, bottom of everything, or of some parts."""
        return bounds([p for s in self.shapes if parts is None or s.part in parts for p in s.points] or [0j])


def mirrored(points: Points, axis: float = 0.0) -> Points:
    """The same on the other side of a vertical axis."""
    return [complex(2 * axis - p.real, p.imag) for p in points]


def turned(points: Points, angle: float, about: complex = 0j) -> Points:
    """Turned by an angle (radians, clockwise as seen)."""
    turn = cmath.rect(1, angle)
    return [about + (p - about) * turn for p in points]


def ellipse(centre: complex, rx: float, ry: float, turn: float = 0.0, n: int = 36) -> Points:
    """An ellipse, turned by radians."""
    spin = cmath.rect(1, turn)
    angles = [math.tau * i / n for i in range(n)]
    return [centre + complex(rx * math.cos(a), ry * math.sin(a)) * spin for a in angles]


def arc(centre: complex, rx: float, ry: float, start: float, end: float, n: int = 20) -> Points:
    """An open arc from angle to angle, in turns (0: right, 0.25: below)."""
    angles = [math.tau * (start + (end - start) * i / (n - 1)) for i in range(n)]
    return [centre + complex(rx * math.cos(a), ry * math.sin(a)) for a in angles]


def smooth(points: Sequence[complex], closed: bool = True, steps: int = 10) -> Points:
    """A Catmull-Rom curve through the points."""
    n = len(points)
    out: Points = []
    for i in range(n if closed else n - 1):
        if closed:
            a, b, c, d = points[i - 1], points[i], points[(i + 1) % n], points[(i + 2) % n]
        else:
            a, b, c, d = points[max(i - 1, 0)], points[i], points[i + 1], points[min(i + 2, n - 1)]
        for k in range(steps):
            t = k / steps
            out.append(
                0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t**3)
            )
    if not closed:
        out.append(points[-1])
    return out


def ribbon(spine: Sequence[complex], *widths: float, steps: int = 11) -> Points:
    """A smooth band along a spine; half-widths are spread evenly over its length. Ends are round."""
    line = smooth(spine, closed=False, steps=steps)
    n = len(line)
    if len(widths) == 1:
        widths = (widths[0], widths[0])
    left, right = [], []
    for i, point in enumerate(line):
        along = line[min(i + 1, n - 1)] - line[max(i - 1, 0)]
        along = along / abs(along) if abs(along) > 1e-9 else 1
        place = i / (n - 1) * (len(widths) - 1)
        k = min(int(place), len(widths) - 2)
        width = widths[k] + (widths[k + 1] - widths[k]) * (place - k)
        left.append(point + along * 1j * width)
        right.append(point - along * 1j * width)
    cap = [line[-1] + (left[-1] - line[-1]) * cmath.rect(1, -math.pi * k / 6) for k in range(1, 6)]
    foot = [line[0] + (right[0] - line[0]) * cmath.rect(1, -math.pi * k / 6) for k in range(1, 6)]
    return left + cap + right[::-1] + foot


def egg(centre: complex, rx: float, ry: float, heavy: float = 0.0, n: int = 40) -> Points:
    """An egg; heavy > 0 widens the lower half, < 0 the upper one."""
    out = []
    for i in range(n):
        a = math.tau * i / n
        s = math.sin(a)
        out.append(centre + complex(rx * math.cos(a) * (1 + heavy * s), ry * s))
    return out


def box(centre: complex, rx: float, ry: float, corner: float = 0.3, n: int = 40) -> Points:
    """A superellipse: corner 1 is an ellipse, towards 0 a rectangle."""
    out = []
    for i in range(n):
        c, s = math.cos(math.tau * i / n), math.sin(math.tau * i / n)
        out.append(centre + complex(rx * math.copysign(abs(c) ** corner, c), ry * math.copysign(abs(s) ** corner, s)))
    return out


def star(centre: complex, outer: float, inner: float, spikes: int, turn: float = 0.0) -> Points:
    """A star with its first spike upwards."""
    out = []
    for i in range(2 * spikes):
        out.append(centre + cmath.rect(outer if i % 2 == 0 else inner, turn - math.pi / 2 + math.pi * i / spikes))
    return out


def lobes(centre: complex, rx: float, ry: float, count: int, depth: float, turn: float = 0.0) -> Points:
    """A cloud: an ellipse with round lobes."""
    n = count * 9
    out = []
    for i in range(n):
        a = math.tau * i / n
        bulge = 1 - depth + depth * abs(math.sin(a * count / 2 + turn))
        out.append(centre + complex(rx * math.cos(a), ry * math.sin(a)) * bulge)
    return out


def leaf(root: complex, tip: complex, width: float) -> Points:
    """A pointed leaf between two points; width in parts of its length."""
    along = tip - root
    side = along * 1j * width
    up = [root + along * t + side * math.sin(math.pi * t**0.8) * 0.5 for t in [i / 12 for i in range(13)]]
    down = [root + along * t - side * math.sin(math.pi * t**0.8) * 0.5 for t in [i / 12 for i in range(12, 0, -1)]]
    return up + down


def drop(centre: complex, size: float) -> Points:
    """A falling drop."""
    c = centre
    shape = [c - 1.3j * size, c + (0.5 - 0.2j) * size, c + (0.5 + 0.4j) * size, c + 0.8j * size]
    return smooth([*shape, c + (-0.5 + 0.4j) * size, c + (-0.5 - 0.2j) * size])


def inside(point: complex, outline: Points) -> bool:
    """Whether a point is inside a closed outline."""
    within, a, y = False, outline[-1], point.imag
    for b in outline:
        if (a.imag > y) != (b.imag > y):
            within ^= point.real < a.real + (y - a.imag) / (b.imag - a.imag) * (b.real - a.real)
        a = b
    return within


def covered(outline: Points, points: Points) -> int:
    """How many of some points are inside an outline."""
    left, top, right, bottom = bounds(outline)
    near = [p for p in points if left < p.real < right and top < p.imag < bottom]
    return sum(inside(p, outline) for p in near)


def bounds(points: Points) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of points."""
    xs, ys = [p.real for p in points], [p.imag for p in points]
    return min(xs), min(ys), max(xs), max(ys)


def extent(points: Points) -> float:
    """The area of the upright rectangle around points."""
    left, top, right, bottom = bounds(points)
    return (right - left) * (bottom - top)
