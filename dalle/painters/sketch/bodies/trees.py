"""Trees."""

import cmath
import math

from dalle.painters.sketch.bodies.anatomy import face_at
from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.matching import has
from dalle.painters.sketch.shapes import (
    Figure,
    egg,
    ellipse,
    leaf,
    lobes,
    ribbon,
    smooth,
)


def tree(figure: Figure, dice: Dice, text: str) -> None:
    """Trees: a trunk with a face, boughs for arms, a crown of clouds, tiers or fronds."""
    wide = dice.span("trunk", 0.27, 0.36)
    _trunk(figure, wide)
    if has(text, ("conifer",)):
        _tiers(figure)
        hat = complex(0, -1.02)
    elif has(text, ("palm", "cycad", "dragon tree")):
        _fronds(figure)
        hat = -0.5j
    else:
        _clouds_with_fruit(figure, dice)
        hat = -0.95j
    figure.add(egg(0.28j, wide * 1.02, 0.36, 0.05), "belly", "head", 0.8, 0.5)
    face_at(figure, 0.26j, wide * 0.98, hat, 0.36)
    figure.shoulders, figure.arm, figure.arm_fill, figure.reach = (
        (complex(-wide * 0.9, 0.34), complex(wide * 0.9, 0.34)),
        (0.06, 0.035),
        "wood",
        0.52,
    )


def _trunk(figure: Figure, wide: float) -> None:
    trunk = smooth(
        [
            complex(-wide, -0.2),
            complex(-wide * 0.86, 0.4),
            complex(-wide * 1.15, 0.75),
            complex(-wide * 1.9, 0.97),
            complex(-wide * 0.5, 0.9),
            0.98j,
            complex(wide * 0.5, 0.9),
            complex(wide * 1.9, 0.97),
            complex(wide * 1.15, 0.75),
            complex(wide * 0.86, 0.4),
            complex(wide, -0.2),
        ]
    )
    figure.add(trunk, "wood", "body", 1, 0.8)
    for k in range(5):
        x = -wide * 0.7 + wide * 0.35 * k
        figure.add(ribbon([complex(x, 0.62), complex(x * 1.2, 0.86)], 0.01, 0.014), "ink", "body", 0, 0)


def _tiers(figure: Figure) -> None:
    for i in range(4):
        y, half = 0.02 - 0.25 * i, 0.82 - 0.17 * i
        tier = [
            complex(-half, y),
            *[complex(-half + half * 2 * k / 8, y + 0.08 * (k % 2)) for k in range(1, 8)],
            complex(half, y),
            complex(half * 0.28, y - 0.4),
            complex(-half * 0.28, y - 0.4),
        ]
        figure.add(smooth(tier, steps=4), ("body", "shade")[i % 2], "skull", 1, 0.5)


def _fronds(figure: Figure) -> None:
    for i in range(9):
        a = -math.pi / 2 + (i - 4) * 0.46
        tip = -0.3j + cmath.rect(0.9, a) + 0.16j * abs(i - 4) * 0.5
        figure.add(leaf(-0.3j, tip, 0.3), ("body", "shade")[i % 2], "skull", 1, 0.4)


def _clouds_with_fruit(figure: Figure, dice: Dice) -> None:
    for i, (x, y, r) in enumerate(
        ((-0.5, -0.28, 0.36), (0.5, -0.28, 0.36), (-0.26, -0.62, 0.4), (0.28, -0.62, 0.4), (0.0, -0.4, 0.46))
    ):
        bulk = r * dice.span(f"crown {i}", 0.88, 1.12)
        figure.add(
            lobes(complex(x, y), bulk, bulk * 0.86, dice.count("lobes", 6, 8), 0.14, i),
            ("shade", "body")[i > 1],
            "skull",
            1,
            0.7,
        )
    stream = dice.stream("fruit")
    for _ in range(dice.count("fruit", 6, 13)):
        a, far = math.tau * stream.random(), math.sqrt(stream.random())
        p = complex(0.66 * far * math.cos(a), -0.52 + 0.36 * far * math.sin(a))
        if abs(p) > 0.35:
            figure.add(ellipse(p, 0.055, 0.055), "accent", "skull", 0.6, 0.6)
