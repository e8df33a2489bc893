"""Rosettes, stonecrops and living stones."""

import cmath
import math

from dalle.painters.sketch.bodies.anatomy import face_at
from dalle.painters.sketch.bodies.weeds import pot
from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.matching import has
from dalle.painters.sketch.shapes import Figure, egg, ellipse, leaf, lobes, ribbon, smooth, star


def succulent(figure: Figure, dice: Dice, text: str) -> None:
    """A succulent by its class; all of them like pots."""
    if has(text, ("stone plant",)):
        _stones(figure, dice)
        return
    if has(text, ("stonecrop", "trailing succulent")):
        stream = dice.stream("beads")
        for k in range(26):
            a = math.tau * k / 26
            p = 0.16j + cmath.rect(0.5 + 0.34 * stream.random(), a)
            figure.add(egg(p, 0.13, 0.11, 0.1), ("leaf", "body", "shade")[k % 3], "back", 0.8, 0.7)
            figure.add(ellipse(p - 0.035 - 0.04j, 0.025, 0.02), "light", "back", 0)
        for x in (-0.46, 0.46):
            for k in range(5):
                figure.add(ellipse(complex(x + 0.04 * (-1) ** k, 0.6 + 0.085 * k), 0.05, 0.05), "leaf", "arm", 0.7, 0.5)
    else:
        for ring in range(4):
            count = 11 - ring
            for i in range(count):
                a = math.tau * (i + 0.5 * (ring % 2)) / count - math.pi / 2
                far = 0.98 - 0.17 * ring
                figure.add(
                    leaf(0.12j, 0.12j + cmath.rect(far, a), 0.44),
                    ("shade", "body", "leaf", "light")[ring],
                    "back",
                    1,
                    0.5,
                )
                figure.add(
                    leaf(0.12j + cmath.rect(far * 0.92, a), 0.12j + cmath.rect(far * 1.06, a), 0.4), "accent", "back", 0
                )
    figure.add(lobes(0.14j, 0.46, 0.42, 8, 0.08), "body", "body", 1, 0.8)
    figure.add(star(-0.34j, 0.13, 0.06, 6), "accent", "skull", 0.8)
    pot(figure, 0.64)
    face_at(figure, 0.14j, 0.42, -0.26j, 0.36)
    figure.shoulders, figure.arm, figure.reach = (-0.36 + 0.34j, 0.36 + 0.34j), (0.09, 0.08), 0.46


def _stones(figure: Figure, dice: Dice) -> None:
    for x, size, part in ((-0.6, 0.36, "back"), (0.62, 0.32, "back"), (0.0, 0.62, "body")):
        at = complex(x, 0.88 - size * 0.9)
        stone = smooth(
            [
                at + complex(-size * 0.9, size * 0.9),
                at + complex(-size, -size * 0.2),
                at + complex(-size * 0.7, -size * 0.9),
                at + complex(0, -size * 0.98),
                at + complex(size * 0.7, -size * 0.9),
                at + complex(size, -size * 0.2),
                at + complex(size * 0.9, size * 0.9),
            ]
        )
        figure.add(stone, "body" if part == "body" else "shade", part, 1, 0.9)
        figure.add(ellipse(at - complex(0, size * 0.8), size * 0.72, size * 0.2), "light", part, 0.6)
        figure.add(ribbon([at + complex(-0.02, -size * 0.98), at + complex(0.02, -size * 0.62)], 0.02), "deep", part, 0)
        for k in range(7):
            p = at + complex(size * (-0.5 + 0.17 * k), -size * (0.84 - 0.08 * (k % 2)))
            figure.add(ellipse(p, 0.035, 0.018), "deep", part, 0)
    for k in range(9):
        figure.add(leaf(-0.36j, -0.36j + cmath.rect(0.28, -math.pi * k / 8), 0.3), "accent", "skull", 0.8)
    figure.add(lobes(0.94j, 0.98, 0.1, 14, 0.3), "wood", "front", 0.8, 0.4)
    face_at(figure, 0.34j, 0.46, -0.28j, 0.36)
    figure.shoulders, figure.arm = (-0.54 + 0.5j, 0.54 + 0.5j), (0.08, 0.06)
