"""Stars, urchins and cucumbers of the sea."""

import cmath
import math

from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.shapes import (
    Figure,
    ellipse,
    leaf,
    smooth,
    star,
)
from dalle.painters.sketch.words import has


def starfish(figure: Figure, dice: Dice, text: str) -> None:
    """Echinoderms: stars, urchins in their spines, cucumbers of the sea."""
    if has(text, ("urchin", "sand dollar", "echinoid")):
        for i in range(38):
            a = math.tau * i / 38
            far = 0.86 + 0.16 * (i % 2)
            figure.add(
                leaf(0.25j + cmath.rect(0.4, a), 0.25j + cmath.rect(far * 0.86, a), 0.13),
                ("accent", "deep")[i % 2],
                "back",
                0.6,
            )
        figure.add(ellipse(0.25j, 0.58, 0.56), "body", "head", 1, 1)
        figure.face, figure.face_size = 0.22j, 0.5
        figure.hat, figure.hat_size = -0.25j, 0.42
    else:
        arms = dice.count("arms", 5, 8) if not has(text, ("cucumber",)) else 9
        inner = 0.44 if arms < 7 else 0.56
        corners = star(0.2j, 0.95, inner, arms, dice.span("turn", -0.12, 0.12))
        outline = smooth(corners, steps=8)
        figure.add(outline, "body", "head", 1, 0.9)
        for k in range(0, 2 * arms, 2):
            for t in (0.5, 0.64, 0.77, 0.88):
                spot = 0.2j + (corners[k] - 0.2j) * t
                figure.add(ellipse(spot, 0.055 * (1.3 - t), 0.055 * (1.3 - t)), "accent", "head", 0)
        figure.face, figure.face_size = 0.16j, 0.4
        figure.hat, figure.hat_size = complex(0, -0.16 if arms > 6 else -0.5), 0.3
    figure.neck = 0.3j
