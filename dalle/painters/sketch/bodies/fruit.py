"""Fruit: each in its own shape, on short legs under leaves or a stalk."""

import math
from collections.abc import Callable

from dalle.painters.sketch.bodies.anatomy import face_at, feet
from dalle.painters.sketch.bodies.rinds import citrus, melon, prickly
from dalle.painters.sketch.bodies.stalks import CENTRE, girth, leaves, limbs, outline, shine, stalk
from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.matching import has
from dalle.painters.sketch.shapes import Figure, Points, box, egg, ellipse, leaf, ribbon, star

CLUSTERS = ("blackberry", "cloudberry", "redcurrant")
PRICKLY = ("rambutan", "durian", "jackfruit", "breadfruit", "pineapple", "dragon fruit")
DROPS = ("pear", "fig", "quince", "papaya", "medlar")
CROWNED = ("pomegranate", "blueberry", "medlar", "gooseberry", "mangosteen")
DROP = (
    (0, -1.3),
    (0.34, -1.12),
    (0.46, -0.6),
    (0.92, 0.1),
    (0.9, 0.72),
    (0.4, 1.04),
    (-0.4, 1.04),
    (-0.9, 0.72),
    (-0.92, 0.1),
    (-0.46, -0.6),
    (-0.34, -1.12),
)
NUT = ((0, -0.96), (0.6, -0.8), (0.98, -0.1), (0.7, 0.66), (0, 1.12), (-0.7, 0.66), (-0.98, -0.1), (-0.6, -0.8))


def fruit(figure: Figure, dice: Dice, text: str) -> None:
    """A fruit by its name: citrus, berry, cluster, drop, prickle, nut, banana, cherry; round if it says no more."""
    shape = next((shape for words, shape in SHAPES if has(text, words)), _round)
    shape(figure, dice, text)


def _cluster(figure: Figure, dice: Dice, _text: str) -> None:
    """Blackberries and currants: two rings of small shining balls."""
    rx, ry, crown = girth(dice)
    leaves(figure, dice, crown, 5, 0.32)
    for ring, count in ((1.0, 11), (0.62, 7)):
        for k in range(count):
            a = math.tau * k / count + ring
            spot = CENTRE + complex(rx * ring * 0.82 * math.cos(a), ry * ring * 0.86 * math.sin(a))
            figure.add(ellipse(spot, 0.19, 0.18), ("body", "shade")[k % 2], "body", 1, 0.9)
            figure.add(ellipse(spot - 0.06 - 0.07j, 0.035, 0.03), "light", "body", 0)
    figure.add(ellipse(CENTRE, rx * 0.62, ry * 0.6), "body", "body", 0, 0.6)
    limbs(figure, CENTRE, rx, crown)


def _strawberry(figure: Figure, dice: Dice, _text: str) -> None:
    """Wide above, pointed below, strewn with seeds."""
    rx, ry, crown = girth(dice)
    figure.add(egg(CENTRE, rx * 0.96, ry * 1.12, -0.22), "body", "body", 1, 1)
    for i in range(22):
        far = math.sqrt((i + 6) / 28) * 0.84
        p = CENTRE + complex(rx * far * math.cos(i * 2.4), ry * far * math.sin(i * 2.4))
        figure.add(leaf(p - 0.025j, p + 0.03j, 0.6), "belly", "body", 0)
    leaves(figure, dice, crown, 7, 0.3, 0.5)
    limbs(figure, CENTRE, rx, crown)


def _drop(figure: Figure, dice: Dice, _text: str) -> None:
    """Pears, figs and quinces: narrow above, heavy below."""
    rx, ry, _ = girth(dice)
    figure.add(outline(rx, ry, *DROP), "body", "body", 1, 1)
    shine(figure, CENTRE + 0.2j, rx, ry)
    crown = CENTRE - complex(0, ry * 1.24)
    stalk(figure, dice, crown)
    limbs(figure, CENTRE, rx * 0.94, crown, CENTRE + 0.14j)


def _nut(figure: Figure, dice: Dice, _text: str) -> None:
    """A kernel that comes to a point below, in a jagged cup."""
    rx, ry, crown = girth(dice)
    figure.add(outline(rx, ry, *NUT), "body", "body", 1, 1)
    dome = [
        CENTRE + complex(rx * 1.04 * math.cos(a), ry * 1.06 * math.sin(a) - 0.02)
        for a in (math.pi * (1.06 + 0.88 * j / 14) for j in range(15))
    ]
    brim = [CENTRE + complex(rx * (1.04 - 0.13 * k), -ry * (0.18 + 0.14 * (k % 2))) for k in range(17)]
    figure.add([*dome, *brim], "wood", "head", 1, 0.6)
    leaves(figure, dice, crown, 2, 0.3, 1.0)
    limbs(figure, CENTRE, rx, crown, CENTRE + 0.16j)


def _round(figure: Figure, dice: Dice, text: str) -> None:
    """Apples, plums and round berries; some dented at the stalk, some with a crown of tips in its place."""
    rx, ry, crown = girth(dice)
    dented = has(text, ("apple", "mangosteen", "persimmon"))
    figure.add(_ball(rx, ry, 0.09 if dented else 0), "body", "body", 1, 1)
    if has(text, ("stone fruit",)):
        _furrow(figure, rx, ry, crown)
    if has(text, ("carambola",)):
        figure.add(star(CENTRE, rx * 1.1, rx * 0.62, 5), "body", "body", 1, 0.8)
    if has(text, CROWNED):
        for k in range(5):
            tip = leaf(crown + complex(0.07 * (k - 2), 0.1), crown + complex(0.13 * (k - 2), -0.18), 0.7)
            figure.add(tip, "body", "skull", 0.9, 0.3)
    else:
        stalk(figure, dice, crown + 0.04j * dented)
    shine(figure, CENTRE, rx, ry)
    limbs(figure, CENTRE, rx, crown)


def _ball(rx: float, ry: float, dent: float) -> Points:
    """A circle, with a dent of that depth above."""
    return [
        CENTRE
        + complex(
            rx * 1.02 * math.cos(a),
            ry * math.sin(a) + (dent * math.exp(-((math.cos(a)) ** 2) * 16) if math.sin(a) < 0 else 0),
        )
        for a in (math.tau * k / 60 for k in range(60))
    ]


def _furrow(figure: Figure, rx: float, ry: float, crown: complex) -> None:
    """The furrow and the red cheek of a peach."""
    line = [crown + 0.05j, CENTRE + complex(rx * 0.26, -ry * 0.2), CENTRE + complex(rx * 0.12, ry * 0.8)]
    figure.add(ribbon(line, 0.008, 0.016, 0.006), "shade", "body", 0)
    figure.add(egg(CENTRE + complex(rx * 0.4, -0.06), rx * 0.5, ry * 0.7), "cheek", "body", 0, 0, 0.3)


def _banana(figure: Figure, dice: Dice, _text: str) -> None:
    """A thick bow with a dark end at either side."""
    side = dice.side("bend")
    spine = [
        complex(-0.34 * side, -0.78),
        complex(0.06 * side, -0.4),
        complex(0.2 * side, 0.1),
        complex(0.04 * side, 0.56),
        complex(-0.4 * side, 0.84),
    ]
    figure.add(ribbon(spine, 0.08, 0.3, 0.36, 0.3, 0.08), "body", "body", 1, 1)
    figure.add(ribbon([p + 0.16 * side for p in spine[1:4]], 0.015, 0.02, 0.015), "shade", "body", 0)
    for end in (spine[0], spine[-1]):
        figure.add(ellipse(end, 0.085, 0.07), "wood", "body", 0.8)
    figure.add(box(spine[0] - 0.1j, 0.05, 0.1, 0.6), "leaf", "back", 0.9)
    feet(figure, 0.16, "wood")
    face_at(figure, complex(0.16 * side, 0.04), 0.36, complex(-0.16 * side, -0.62), 0.3)
    figure.shoulders, figure.arm, figure.arm_fill = (
        (complex(0.16 * side - 0.34, 0.2), complex(0.16 * side + 0.34, 0.2)),
        (0.05, 0.04),
        "wood",
    )


def _cherries(figure: Figure, dice: Dice, _text: str) -> None:
    """Two on one stalk; the nearer one looks out."""
    side = dice.side("pair")
    top = complex(0.1 * side, -0.9)
    for x, size in ((0.46 * side, 0.4), (-0.26 * side, 0.52)):
        at = complex(x, 0.36 if size < 0.5 else 0.3)
        figure.add(
            ribbon([top, complex(x * 0.8 + 0.1 * side, -0.4), at - complex(0, size * 0.8)], 0.03, 0.024),
            "leaf",
            "back",
            0.9,
        )
        figure.add(
            ellipse(at, size, size * 0.96), "shade" if size < 0.5 else "body", "back" if size < 0.5 else "body", 1, 1
        )
    figure.add(leaf(top, top + complex(0.6 * side, 0.02), 0.5), "leaf", "back", 0.9, 0.3)
    at = complex(-0.26 * side, 0.3)
    figure.add(ellipse(at + complex(-0.26, -0.28), 0.06, 0.1, 0.6), "light", "body", 0)
    feet(figure, 0.2, "wood")
    face_at(figure, at, 0.46, at - 0.48j, 0.34)
    figure.shoulders, figure.arm, figure.arm_fill = (
        (at + complex(-0.48, 0.1), at + complex(0.48, 0.1)),
        (0.05, 0.04),
        "wood",
    )


# the first that matches counts
SHAPES: tuple[tuple[tuple[str, ...], Callable[[Figure, Dice, str], None]], ...] = (
    (("banana",), _banana),
    (("sweet cherry",), _cherries),
    (CLUSTERS, _cluster),
    (("strawberry",), _strawberry),
    (("watermelon",), melon),
    (("citrus",), citrus),
    (PRICKLY, prickly),
    (DROPS, _drop),
    (("nut",), _nut),
)
