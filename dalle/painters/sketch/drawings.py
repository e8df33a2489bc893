"""Small drawings as data: hats, props, marks and landmarks, a line each.

A line is `name: operation; operation …`, an operation a letter, a colour of the palette and numbers:
`r` rectangle (left, top, width, height), `b` box (centre, half sizes, roundness of corners), `e` ellipse, `d` its upper
half, `o` a ring (and its width), `p` polygon, `s` the smooth line through points, `l` an open line (width, points),
`t` star (centre, outer, inner, spikes), `f` leaf (root, tip, width), `c` cloud (centre, half sizes, lobes).
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

from dalle.painters.sketch.shapes import Points, arc, box, ellipse, leaf, lobes, ribbon, smooth, star
from dalle.painters.sketch.tables import rows


class Stroke(NamedTuple):
    """One outline of a drawing, in its own units, and the role of its colour; line: whether it has an outline."""

    points: Points
    fill: str
    line: bool


Drawing = tuple[Stroke, ...]


@cache
def drawings(name: str) -> Mapping[str, Drawing]:
    """Returns name → drawing of a file of drawings."""
    return {head: tuple(_strokes(body)) for head, body in rows(name)}


def _strokes(body: str) -> Iterator[Stroke]:
    for operation in body.split("; "):
        kind, *rest = operation.split()
        numbers = [[float(n) for n in word.split(",")] for word in rest if not word[0].isalpha()]
        fill = " ".join(word for word in rest if word[0].isalpha())
        yield Stroke(_outline(kind, [n for group in numbers for n in group]), fill, kind not in "lo")


def _outline(kind: str, n: list[float]) -> Points:
    if kind in "ps":
        points = _pairs(n)
        return smooth(points, steps=6) if kind == "s" else points
    if kind == "l":
        return ribbon(_pairs(n[1:]), n[0], steps=5)
    if kind == "r":
        left, top, right, bottom = n[0], n[1], n[0] + n[2], n[1] + n[3]
        return [complex(left, top), complex(right, top), complex(right, bottom), complex(left, bottom)]
    if kind == "f":
        return leaf(complex(n[0], n[1]), complex(n[2], n[3]), n[4])
    return _round(kind, complex(n[0], n[1]), n[2:])


def _round(kind: str, centre: complex, n: list[float]) -> Points:
    match kind:
        case "b":
            return box(centre, n[0], n[1], n[2] if len(n) > 2 else 0.5)
        case "e":
            return ellipse(centre, n[0], n[1], n=28)
        case "d":
            return arc(centre, n[0], n[1], 0.5, 1.0)
        case "t":
            return star(centre, n[0], n[1], int(n[2]))
        case "c":
            return lobes(centre, n[0], n[1], int(n[2]), 0.2)
        case "o":
            inner = ellipse(centre, n[0] - n[2], n[1] - n[2])
            outer = ellipse(centre, n[0], n[1])
            return [*outer, outer[0], inner[0], *inner[::-1]]
    raise ValueError(f"a drawing has no operation {kind}")


def _pairs(n: list[float]) -> Points:
    return [complex(x, y) for x, y in zip(n[::2], n[1::2], strict=True)]
