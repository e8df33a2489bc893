"""Diatoms."""

import cmath
import math

from dalle.painters.sketch.bodies.anatomy import face_at
from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.matching import has
from dalle.painters.sketch.shapes import (
    Figure,
    ellipse,
    ribbon,
    smooth,
    star,
)


def diatom(figure: Figure, dice: Dice, text: str) -> None:
    """Diatoms: glass boxes with a lace of ribs, as stars, wheels or little boats."""
    form = "boat" if has(text, ("pennate diatom",)) else dice.pick("form", ("wheel", "star"))
    if form == "star":
        points = dice.count("points", 5, 8)
        shell = smooth(star(0j, 0.98, 0.6, points), steps=6)
    elif form == "wheel":
        points = dice.count("points", 14, 22)
        shell = ellipse(0j, 0.86, 0.86, n=60)
    else:
        points = 18
        shell = smooth([-1.0j, 0.44 - 0.5j, 0.54 + 0j, 0.44 + 0.5j, 1.0j, -0.44 + 0.5j, -0.54 + 0j, -0.44 - 0.5j])
    figure.add(shell, "accent", "back", 1, 0.4)
    figure.add([p * 0.92 for p in shell], "body", "body", 0.6, 0.8)
    for i in range(points * (2 if form == "star" else 1)):
        a = math.tau * i / (points * (2 if form == "star" else 1)) - math.pi / 2
        far = min(shell, key=lambda p, a=a: abs(cmath.phase(p * cmath.rect(1, -a))))  # type: ignore[misc]
        figure.add(ribbon([far * 0.55, far * 0.86], 0.012), "shade", "body", 0)
        for t in (0.6, 0.7, 0.8):
            p = far * t * cmath.rect(1, math.pi / points * 0.5)
            figure.add(ellipse(p, 0.016, 0.016), "light", "body", 0)
    figure.add(ellipse(0j, 0.46, 0.44), "light", "head", 0.7, 0.5)
    face_at(figure, 0j, 0.44, -0.42j, 0.36)
    figure.neck, figure.floats = 0.4j, True
