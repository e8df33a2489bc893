"""Stars, urchins, feathers and cucumbers of the sea."""

import cmath
import math

from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.matching import has
from dalle.painters.sketch.shapes import Figure, egg, ellipse, leaf, lobes, ribbon, smooth, star


def starfish(figure: Figure, dice: Dice, text: str) -> None:
    """An echinoderm by its class."""
    figure.neck = 0.3j
    if has(text, ("sea urchin",)):
        thick = 0.3 if has(text, ("pencil",)) else 0.13
        for i in range(42):
            a, far = math.tau * i / 42, 0.8 + 0.2 * (i % 2)
            spine = leaf(0.2j + cmath.rect(0.4, a), 0.2j + cmath.rect(far, a), thick)
            figure.add(spine, ("accent", "deep")[i % 2], "back", 0.6)
        figure.add(ellipse(0.2j, 0.56, 0.54), "body", "head", 1, 1)
        figure.face, figure.face_size, figure.hat, figure.hat_size = 0.18j, 0.5, -0.29j, 0.42
    elif has(text, ("sand dollar",)):
        figure.add(ellipse(0.15j, 0.86, 0.82), "body", "head", 1, 1)
        for k in range(5):
            a = math.tau * k / 5 - math.pi / 2
            figure.add(leaf(0.15j + cmath.rect(0.34, a), 0.15j + cmath.rect(0.78, a), 0.5), "belly", "head", 0.6)
            figure.add(ellipse(0.15j + cmath.rect(0.74, a + 0.63), 0.05, 0.1, a + 0.63), "deep", "head", 0)
        figure.face, figure.face_size, figure.hat, figure.hat_size = 0.14j, 0.46, -0.6j, 0.36
    elif has(text, ("sea cucumber",)):
        _cucumber(figure, dice)
    elif has(text, ("brittle star", "crinoid")):
        _arms(figure, dice, has(text, ("crinoid",)))
    else:
        arms = dice.count("arms", 5, 6) if not has(text, ("sunflower", "crown")) else 11
        inner = 0.42 if arms < 7 else 0.62
        corners = star(0.2j, 0.98, inner, arms, dice.span("turn", -0.12, 0.12))
        figure.add(smooth(corners, steps=8), "body", "head", 1, 0.9)
        for k in range(0, 2 * arms, 2):
            for t in (0.5, 0.64, 0.77, 0.88):
                spot = 0.2j + (corners[k] - 0.2j) * t
                figure.add(ellipse(spot, 0.055 * (1.3 - t), 0.055 * (1.3 - t)), "accent", "head", 0)
        figure.face, figure.face_size = 0.16j, 0.42
        figure.hat, figure.hat_size = complex(0, -0.3 if arms > 6 else -0.5), 0.3


def _arms(figure: Figure, dice: Dice, feather: bool) -> None:
    count = 10 if feather else 5
    for i in range(count):
        a = math.tau * (i + 0.5) / count - math.pi / 2
        bend = 0.35 * dice.side(f"arm {i}")
        line = [
            0.1j + cmath.rect(0.2, a),
            0.1j + cmath.rect(0.6, a + bend * 0.6),
            0.1j + cmath.rect(0.86, a - bend * 0.2),
            0.1j + cmath.rect(1.02, a + bend),
        ]
        figure.add(ribbon(line, 0.12, 0.09, 0.06, 0.02), ("body", "shade")[i % 2], "back", 1, 0.4)
        for p in smooth(line, closed=False, steps=5)[3:]:
            for s in (-1, 1):
                figure.add(leaf(p, p + cmath.rect(0.18 if feather else 0.1, a + 1.3 * s), 0.2), "accent", "back", 0.4)
    if feather:
        figure.add(ribbon([0.4j, 1.05j], 0.07, 0.06), "wood", "back", 1)
    figure.add(smooth(star(0.1j, 0.52, 0.46, 5), steps=5), "body", "head", 1, 0.9)
    figure.face, figure.face_size, figure.hat, figure.hat_size = 0.1j, 0.44, -0.32j, 0.34


def _cucumber(figure: Figure, dice: Dice) -> None:
    for k in range(9):
        a = -math.pi * (0.04 + 0.92 * k / 8)
        tip = -0.4j + cmath.rect(0.56, a)
        figure.add(ribbon([-0.3j, tip], 0.05, 0.035), "accent", "back", 0.9)
        figure.add(lobes(tip, 0.13, 0.12, 6, 0.3, k), "accent", "back", 0.8, 0.3)
    for k in range(5):
        for s in (-1, 1):
            root = complex(0.48 * s, -0.1 + 0.22 * k)
            figure.add(ribbon([root, root + complex(0.2 * s, 0.06)], 0.06, 0.04), "shade", "tail", 0.9)
    figure.add(egg(0.26j, 0.54, 0.72, 0.06), "body", "body", 1, 1)
    for k in range(4):
        for s in (-1, 1):
            figure.add(ellipse(complex(0.32 * s, 0.3 + 0.16 * k), 0.05, 0.045), "accent", "body", 0.6)
    figure.face, figure.face_size, figure.hat, figure.hat_size = 0.06j, 0.45, -0.4j, 0.38
    figure.shoulders, figure.arm = (-0.46 + 0.3j, 0.46 + 0.3j), (0.07, 0.055)
