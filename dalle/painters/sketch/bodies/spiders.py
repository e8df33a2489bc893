"""Spiders and scorpions."""

import cmath

from dalle.painters.sketch.bodies.anatomy import bands, round_head, spots
from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.shapes import (
    Figure,
    egg,
    ellipse,
    leaf,
    ribbon,
)


def spider(figure: Figure, dice: Dice, text: str) -> None:
    """Spiders, scorpions, mites: eight legs around a round body, small eyes above the great ones."""
    scorpion = "scorpion" in text
    for i in range(4):
        knee = cmath.rect(0.86, -0.75 + 0.36 * i) + 0.2j
        foot = complex(0.78 + 0.1 * (i % 2) + 0.04 * i, 0.45 + 0.16 * i)
        figure.both(ribbon([complex(0.25, 0.25), knee * 0.95, foot], 0.065, 0.05, 0.02), "body", "back", 1, 0.2)
    if scorpion:
        tail = [0.2 + 0.7j, 0.85 + 0.75j, 1.0 + 0.05j, 0.62 - 0.5j, 0.34 - 0.55j]
        figure.add(ribbon(tail, 0.16, 0.12, 0.1, 0.1, 0.02), "body", "back", 1, 0.4)
    wide = dice.span("girth", 0.46, 0.56)
    figure.add(egg(0.5j, wide, 0.44, 0.04), "accent", "body", 1, 1)
    if dice.chance("banded", 0.5):
        bands(figure, dice, 0.5j, wide, 0.42, "accent shade")
    else:
        spots(figure, dice, 0.55j, wide * 0.8, 0.3, "accent shade")
    round_head(figure, dice, -0.12j, dice.span("head width", 0.42, 0.5), dice.span("head height", 0.34, 0.4))
    for x, size in ((0.07, 0.035), (0.18, 0.028)):
        figure.both(ellipse(complex(x, -0.4 + x * 0.3), size, size), "ink", "face", 0)
        figure.both(ellipse(complex(x - 0.008, -0.41 + x * 0.3), size * 0.35, size * 0.35), "white", "face", 0)
    figure.both(leaf(0.06 + 0.2j, 0.04 + 0.34j, 0.6), "white", "head", 0.6)
    figure.shoulders, figure.arm = (-0.34 + 0.16j, 0.34 + 0.16j), (0.07, 0.05)
