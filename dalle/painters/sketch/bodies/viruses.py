"""Viruses."""

import cmath
import math

from dalle.painters.sketch.bodies.anatomy import face_at, spots
from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.matching import has
from dalle.painters.sketch.shapes import (
    Figure,
    box,
    ellipse,
    ribbon,
)

RODS = (
    "tobacco mosaic virus",
    "filamentous phage",
    "pithovirus",
    "spindle shaped virus",
    "bottle shaped virus",
    "baculovirus",
    "tulip breaking virus",
)


def _rod(figure: Figure, dice: Dice) -> None:
    for k in range(7):
        for side in (-1, 1):
            root = complex(0.4 * side, -0.7 + 0.22 * k)
            figure.add(ribbon([root, root + 0.2 * side], 0.03, 0.024), "shade", "back", 0.8)
            figure.add(ellipse(root + 0.24 * side, 0.07, 0.06), "accent", "back", 0.9, 0.6)
    figure.add(box(0j, 0.46, 0.94, 0.5), "body", "body", 1, 1)
    for k in range(11):
        y = -0.78 + 0.16 * k
        figure.add(
            ribbon([complex(-0.42, y - 0.05), complex(0, y + 0.02), complex(0.42, y - 0.05)], 0.014), "shade", "body", 0
        )
    figure.add(ellipse(-0.12j, 0.44, 0.38), "body", "head", 0, 0.3)
    face_at(figure, -0.14j, 0.44, -0.84j, 0.38)
    figure.shoulders, figure.arm, figure.floats = (-0.4 + 0.22j, 0.4 + 0.22j), (0.055, 0.045), True


def virus(figure: Figure, dice: Dice, text: str) -> None:
    """Viruses: a crown of knobs, a rod in a helix, or a faceted lander on six legs."""
    if has(text, RODS):
        _rod(figure, dice)
        return
    if has(text, ("phage", "bacteriophage")):
        for i in range(3):
            figure.both(
                ribbon(
                    [0.4j, complex(0.34 + 0.22 * i, 0.3 + 0.08 * i), complex(0.4 + 0.26 * i, 0.96 - 0.03 * i)],
                    0.035,
                    0.03,
                    0.02,
                ),
                "deep",
                "back",
                0.8,
            )
        figure.add(box(0.42j, 0.16, 0.4, 0.5), "accent", "tail", 1, 0.6)
        for k in range(6):
            figure.add(
                ribbon([complex(-0.15, 0.2 + 0.1 * k), complex(0.15, 0.2 + 0.1 * k)], 0.014), "accent shade", "tail", 0
            )
        corners = [cmath.rect(0.58, math.tau * k / 6 - math.pi / 2) - 0.36j for k in range(6)]
        figure.add(corners, "body", "body", 1, 0.6)
        for k in range(6):
            figure.add([corners[k], corners[k - 1], -0.36j], ("light", "body", "shade")[k % 3], "body", 0.4)
        figure.add(ellipse(-0.34j, 0.4, 0.36), "body", "head", 0)
        face_at(figure, -0.34j, 0.42, -0.86j, 0.36)
        return
    n = dice.count("knobs", 11, 17)
    for i in range(n):
        a = math.tau * i / n + 0.1
        tip = cmath.rect(0.95, a)
        figure.add(ribbon([cmath.rect(0.5, a), tip], 0.04, 0.03), "shade", "back", 0.8)
        figure.add(ellipse(tip, 0.1, 0.075, a + math.pi / 2), "accent", "back", 0.9, 0.6)
    figure.add(ellipse(0j, 0.66, 0.65), "body", "body", 1, 1)
    spots(figure, dice, 0j, 0.56, 0.56, "shade")
    face_at(figure, -0.03j, 0.56, -0.58j, 0.44)
    figure.neck, figure.floats = 0.5j, True
