"""Cacti and succulents."""

import cmath
import math

from dalle.painters.sketch.bodies.anatomy import face_at
from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.shapes import (
    Figure,
    box,
    egg,
    leaf,
    ribbon,
    star,
)
from dalle.painters.sketch.words import has


def succulent(figure: Figure, dice: Dice, text: str) -> None:
    """Cacti and succulents: a ribbed column with arms, or a rosette, in a pot."""
    if has(
        text, ("aloe", "agave", "echeveria", "houseleek", "sempervivum", "rosette", "haworthia", "stonecrop", "yucca")
    ):
        for ring in range(3):
            for i in range(9):
                a = -math.pi / 2 + (i - 4) * (0.38 - 0.02 * ring)
                figure.add(
                    leaf(0.55j, 0.45j + cmath.rect(1.15 - 0.26 * ring, a), 0.3),
                    ("shade", "body", "light")[ring],
                    "back",
                    1,
                    0.5,
                )
        figure.add(egg(0.3j, 0.4, 0.36), "body", "body", 1, 0.8)
        face, hat = 0.28j, -0.04j
    else:
        rx = dice.span("column", 0.36, 0.5)
        figure.add(box(0.02j, rx, 0.78, 0.78), "body", "body", 1, 1)
        for k in range(-2, 3):
            figure.add(
                ribbon([complex(rx * 0.36 * k, -0.68 + 0.05 * abs(k)), complex(rx * 0.4 * k, 0.6)], 0.01),
                "deep",
                "body",
                0,
            )
            for j in range(7):
                p = complex(rx * 0.39 * k, -0.58 + 0.19 * j)
                figure.both(ribbon([p, p + 0.035 - 0.02j], 0.007), "white", "body", 0)
        figure.add(star(-0.78j, 0.2, 0.1, 8), "accent", "hat", 0.8)
        face, hat = -0.14j, -0.72j
        figure.add(egg(face, rx * 0.84, 0.3), "body", "head", 0)
    figure.add([-0.4 + 0.62j, 0.4 + 0.62j, 0.3 + 0.98j, -0.3 + 0.98j], "cloth", "front", 1, 0.5)
    figure.add(box(0.62j, 0.46, 0.075, 0.5), "cloth", "front", 1, 0.5)
    for k in range(5):
        figure.add(
            ribbon([complex(-0.26 + 0.13 * k, 0.74), complex(-0.2 + 0.13 * k, 0.86)], 0.014), "belly", "front", 0
        )
    face_at(figure, face, 0.4, hat, 0.36)
    figure.shoulders, figure.arm, figure.reach = (-0.36 + 0.2j, 0.36 + 0.2j), (0.11, 0.1), 0.5
