"""Marks around a figure and on its coat: of the emotion beside the head, of the action, the adverb, the adjective."""

import cmath
import math

from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.drawings import drawings
from dalle.painters.sketch.figure.things import placed
from dalle.painters.sketch.shapes import Figure, Points, Shape, bounds, ellipse, extent, inside, leaf, ribbon, star
from dalle.painters.sketch.tables import family


def sign(figure: Figure, name: str, word: str, side: int) -> None:
    """The mark of an emotion beside the head, on that side."""
    dice, size = Dice("sign", word), figure.face_size
    count = dice.count("count", 1, 2)
    top = figure.box({"head", "skull"})[1] if any(s.part == "head" for s in figure.shapes) else figure.face.imag - size
    for k in range(count):
        out = 1.12 + 0.3 * k + dice.span("out", 0.0, 0.14)
        rise = -0.5 - 0.34 * k + dice.span("rise", -0.1, 0.1)
        at = complex(figure.face.real + side * size * out, max(figure.face.imag + size * rise, top - 0.35))
        figure.shapes += placed("marks", name, at, size * (0.34 - 0.07 * k), cmath.rect(1, 0.2 * side), "mark")


def effect(figure: Figure, name: str, word: str, side: int) -> None:
    """What an action makes fly about, above the leading hand and the other side of the head."""
    if name == "-":
        return
    dice, size = Dice("effect", word), figure.face_size
    places = ((1.3, -0.95), (1.55, -0.3), (-1.3, -0.8), (1.7, 0.35), (-1.6, -0.1))[: dice.count("count", 2, 3)]
    for k, (x, y) in enumerate(places):
        at = figure.face + complex(x * side, y + dice.span(f"up {k}", -0.12, 0.12)) * size
        turn = cmath.rect(1, dice.span(f"turn {k}", -0.4, 0.4))
        figure.shapes += placed("marks", name, at, size * dice.span(f"size {k}", 0.17, 0.27), turn, "trail")


ODD = ("leaf", "star", "snow", "dust", "sparkle", "note", "spiral", "lines")


def manner(figure: Figure, word: str, size: tuple[int, int]) -> None:
    """What an adverb leaves behind a figure that is in its place in the frame: on both sides, more on one of them.

    Where the figure fills the frame it is in front of it.
    """
    if not word:
        return
    dice, unit = Dice("manner", word), min(size)
    name, side = family("adverbs", word) or dice.pick("kind", ODD), dice.side("side")
    left, _, right, foot = figure.box({"body", "tail", "front", "head"})
    foot = min(foot, 0.94 * size[1])
    for k in range(dice.count("count", 3, 5)):
        way = side * (1 if k % 3 else -1)
        edge = right if way > 0 else left
        x = edge + way * dice.span(f"out {k}", -0.02, 0.16) * unit
        inside = min(max(x, 0.07 * unit), size[0] - 0.07 * unit)
        at = complex(inside, foot - dice.span(f"up {k}", 0.03, 0.42) * unit)
        reach = dice.span(f"size {k}", 0.032, 0.05) * unit
        part = "trail" if abs(x - inside) < 0.04 * unit else "mark"
        figure.shapes += placed("marks", name, at, reach, cmath.rect(1, k * 0.5), part)


COATS = ("spots", "dashes", "crescents", "diamonds", "rings", "crosses")
FILLS = ("deep", "light", "accent", "second")


def coat(figure: Figure, word: str) -> None:
    """The pattern of an adjective on the largest part of the body, clear of the face."""
    if not word:
        return
    dice = Dice("coat", word)
    name = family("adjectives", word) or dice.pick("coat", COATS)
    fill = dice.pick("fill", FILLS)
    skins = [s for s in figure.shapes if s.part in ("body", "head", "back", "tail") and s.line]
    if not skins:
        return
    largest = max(skins, key=lambda s: (s.part == "body", extent(s.points)))
    count = 0
    for skin in skins:
        if skin is largest or (skin.part in ("back", "tail") and extent(skin.points) > 0.3 * extent(largest.points)):
            spots = _spots(figure, skin, name, fill, dice)
            count += len(spots)
            _lay(figure, skin, spots)
    if count < 6:
        _lay(figure, largest, _border(figure, largest, name, fill, dice))


def _lay(figure: Figure, skin: Shape, spots: list[Shape]) -> None:
    """Puts spots upon a shape, below what lies on it."""
    for spot in spots:
        spot.part = skin.part
    place = figure.shapes.index(skin) + 1
    figure.shapes[place:place] = spots


def _spots(figure: Figure, skin: Shape, name: str, fill: str, dice: Dice) -> list[Shape]:
    """The pattern all over a shape."""
    rest = [s.points for s in figure.shapes if s.part in ("head", "front") and s is not skin]
    left, top, right, bottom = bounds(skin.points)
    step = max(right - left, bottom - top) / dice.span("rows", 3.8, 5.4)
    spots: list[Shape] = []
    for row in range(7):
        for column in range(7):
            jitter = complex(dice.span(f"{row} {column} x", -0.2, 0.2), dice.span(f"{row} {column} y", -0.2, 0.2))
            at = complex(left, top) + (complex(column + 0.5 * (row % 2), row + 0.4) + jitter) * step
            if _is_free(at, step * 0.34, skin, figure, rest):
                spots += _motif(name, at, step * 0.42, dice.span(f"{row} {column} turn", -0.5, 0.5), fill)
    return spots


def _border(figure: Figure, skin: Shape, name: str, fill: str, dice: Dice) -> list[Shape]:
    """The pattern along the rim of a body that is all face."""
    left, top, right, bottom = bounds(skin.points)
    centre = complex((left + right) / 2, (top + bottom) / 2)
    size = max(right - left, bottom - top) * dice.span("border", 0.04, 0.055)
    count, spots = dice.count("border count", 14, 22), []
    for k in range(count):
        rim = skin.points[k * len(skin.points) // count]
        at = centre + (rim - centre) * 0.87
        if abs(at - figure.face - 0.1j * figure.face_size) > figure.face_size * 0.72:
            spots += _motif(name, at, size, dice.span(f"border {k}", -0.5, 0.5), fill)
    return spots


def _is_free(at: complex, far: float, skin: Shape, figure: Figure, rest: list[Points]) -> bool:
    away = at - figure.face
    if (away.real / (figure.face_size * 0.98)) ** 2 + (away.imag / (figure.face_size * 0.86)) ** 2 < 1:
        return False
    if not all(inside(at + far * 1.2 * way, skin.points) for way in (1, -1, 1j, -1j)):
        return False
    return not any(inside(at, points) for points in rest)


def _motif(name: str, at: complex, size: float, turn: float, fill: str) -> list[Shape]:
    spin = cmath.rect(1, turn)
    if name in ("stars", "hearts", "leaves", "gleam", "flames"):
        mark = {"stars": "star", "hearts": "heart", "leaves": "leaf", "gleam": "sparkle"}.get(name)
        if mark:
            return [
                Shape([at + p * spin * size * 0.9 for p in s.points], fill if name == "stars" else s.fill, "body", 0)
                for s in drawings("marks")[mark]
            ]
        return [
            Shape(leaf(at + size * 1j, at - size * 1.2j, 0.7), "cheek", "body", 0),
            Shape(leaf(at + size * 1j, at - size * 0.2j, 0.6), "metal", "body", 0),
        ]
    return [Shape(points, fill, "body", 0) for points in _outlines(name, at, size, spin)]


def _outlines(name: str, at: complex, size: float, spin: complex) -> list[Points]:  # noqa: PLR0911 - a table of shapes
    match name:
        case "stripes" | "dashes":
            long = 1.5 if name == "stripes" else 0.8
            return [
                ribbon([at - size * long, at + 0.25j * size, at + size * long], size * 0.2, size * 0.34, size * 0.2)
            ]
        case "checks" | "diamonds":
            way = (1 + 1j) * 0.62 if name == "checks" else spin * 0.9
            return [[at + size * way * k for k in (1, 1j, -1, -1j)]]
        case "scales" | "crescents":
            rim = [at + cmath.rect(size * 1.1, math.pi * k / 8) for k in range(9)]
            return [rim + [at + complex(p.real - at.real, (p.imag - at.imag) * 0.5) for p in rim[::-1]]]
        case "tufts":
            return [leaf(at - 0.6j * size, at + (1.1j + k * 0.5) * size, 0.5) for k in (-1, 0, 1)]
        case "cracks":
            zigzag = (-1 - 0.4j, -0.3 + 0.3j, 0.2 - 0.3j, 1 + 0.4j)
            return [ribbon([at + p * spin * size for p in zigzag], size * 0.1, steps=1)]
        case "patches":
            return [[at + p * spin * size for p in (-0.9 - 0.8j, 0.9 - 0.7j, 0.8 + 0.9j, -0.8 + 0.8j)]]
        case "rings":
            rim = ellipse(at, size * 0.8, size * 0.8, n=16)
            return [[*rim, rim[0], *(at + (p - at) * 0.55 for p in [*rim[::-1], rim[-1]])]]
        case "crosses":
            return [star(at, size, size * 0.3, 4, 0.78)]
    return [ellipse(at, size * 0.72, size * 0.66, 0, 16)]
