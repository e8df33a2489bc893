"""Fruit in a rind: citrus, melons and prickly fruit."""

import math

from dalle.painters.sketch.bodies.stalks import CENTRE, girth, limbs, stalk
from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.matching import has
from dalle.painters.sketch.shapes import Figure, Points, ellipse, leaf, ribbon, turned


def citrus(figure: Figure, dice: Dice, text: str) -> None:
    """A skin full of pores, a slice beside it; lemons end in a tip."""
    rx, ry, crown = girth(dice)
    tip = 0.14 if has(text, ("lemon", "citron", "bergamot")) else 0.0
    skin: Points = [
        CENTRE + complex(rx * math.cos(a), ry * math.sin(a) * (1 + tip * max(0.0, math.sin(a)) ** 9))
        for a in (math.tau * k / 60 for k in range(60))
    ]
    figure.add(skin, "body", "body", 1, 1)
    stream = dice.stream("pores")
    for _ in range(26):
        a, far = math.tau * stream.random(), math.sqrt(stream.random()) * 0.9
        pore = CENTRE + complex(rx * far * math.cos(a), ry * far * math.sin(a))
        figure.add(ellipse(pore, 0.012, 0.01), "shade", "body", 0)
    _slice(figure, CENTRE + complex(rx * 0.78 * dice.side("slice"), ry * 0.86))
    stalk(figure, dice, crown)
    limbs(figure, CENTRE, rx, crown)


def _slice(figure: Figure, wheel: complex) -> None:
    """A slice of citrus: a ring of eight wedges."""
    for grow, fill in ((0.24, "accent"), (0.2, "belly")):
        figure.add(ellipse(wheel, grow, grow), fill, "front", 0.9)
    for k in range(8):
        a = math.tau * k / 8
        wedge = [
            wheel + 0.03 * complex(math.cos(a + 0.4), math.sin(a + 0.4)),
            wheel + 0.17 * complex(math.cos(a + 0.12), math.sin(a + 0.12)),
            wheel + 0.17 * complex(math.cos(a + 0.66), math.sin(a + 0.66)),
        ]
        figure.add(wedge, "accent", "front", 0)


def melon(figure: Figure, dice: Dice, _text: str) -> None:
    """A striped green rind, cut open on red flesh and black seeds."""
    rx, ry, crown = girth(dice)
    figure.add(ellipse(CENTRE, rx * 1.08, ry * 0.98), "leaf", "body", 1, 1)
    for k in (-3, -2, -1, 0, 1, 2, 3):
        bend = [
            CENTRE + complex(rx * 0.08 * k, -ry * 0.9),
            CENTRE + complex(rx * 0.3 * k, 0),
            CENTRE + complex(rx * 0.08 * k, ry * 0.9),
        ]
        figure.add(ribbon(bend, 0.012, 0.035, 0.012), "deep", "body", 0)
    figure.add(ellipse(CENTRE - 0.02j, rx * 0.72, ry * 0.66), "cheek", "head", 0.9, 0.4)
    for k in range(9):
        a = math.tau * k / 9 + 0.3
        outer = CENTRE + complex(rx * 0.6 * math.cos(a), ry * 0.56 * math.sin(a))
        inner = CENTRE + complex(rx * 0.52 * math.cos(a), ry * 0.46 * math.sin(a))
        figure.add(leaf(outer, inner, 0.6), "ink", "head", 0)
    stalk(figure, dice, crown)
    limbs(figure, CENTRE, rx, crown)


def prickly(figure: Figure, dice: Dice, text: str) -> None:
    """Durians, pineapples and their like: thorns around a skin of lozenges; tall ones under a crown of leaves."""
    tall = has(text, ("pineapple", "dragon fruit"))
    rx, ry, crown = girth(dice)
    ry *= 1.14 if tall else 1.0
    _thorns(figure, rx, ry, "leaf" if has(text, ("dragon fruit",)) else "deep")
    figure.add(ellipse(CENTRE, rx, ry), "body", "body", 1, 1)
    _lozenges(figure, rx, ry)
    figure.add(ellipse(CENTRE - 0.02j, rx * 0.66, ry * 0.5), "body", "head", 0, 0)
    if tall:
        for i in range(7):
            blade = leaf(crown + 0.1j, crown - (0.5 - 0.04 * abs(i - 3)) * 1j, 0.28)
            figure.add(turned(blade, (i - 3) * 0.24, crown), "leaf", "skull", 0.9, 0.3)
    else:
        stalk(figure, dice, crown)
    limbs(figure, CENTRE, rx, crown)


def _thorns(figure: Figure, rx: float, ry: float, fill: str) -> None:
    for k in range(26):
        a = math.tau * k / 26
        root = CENTRE + complex(rx * math.cos(a), ry * math.sin(a)) * 0.96
        figure.add(leaf(root, CENTRE + (root - CENTRE) * 1.2, 0.55), fill, "back", 0.7)


def _lozenges(figure: Figure, rx: float, ry: float) -> None:
    """Lines that lean to both sides and cross."""
    for k in range(-4, 5):
        for lean in (-1, 1):
            line = [
                CENTRE + complex(0.15 * k - 0.3 * lean, -ry * 0.8),
                CENTRE + complex(0.15 * k + 0.3 * lean, ry * 0.8),
            ]
            if abs(0.15 * k) < rx - 0.25:
                figure.add(ribbon(line, 0.009), "shade", "body", 0)
