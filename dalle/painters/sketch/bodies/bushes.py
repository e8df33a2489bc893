"""Shrubs and herbs: a clump with a face, in a pot or on feet."""

import cmath
import math

from dalle.painters.sketch.bodies.anatomy import face_at, feet
from dalle.painters.sketch.bodies.weeds import pot
from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.matching import has
from dalle.painters.sketch.shapes import Figure, egg, ellipse, leaf, lobes, ribbon, star, turned


def _finish(figure: Figure, dice: Dice, face: complex) -> None:
    if dice.chance("pot", 0.5):
        pot(figure, 0.68)
    else:
        feet(figure, 0.17, "wood")
    figure.add(egg(face, 0.4, 0.32), "light", "head", 0, 0)
    face_at(figure, face, 0.42, face - 0.5j, 0.36)
    figure.shoulders, figure.arm, figure.arm_fill = (-0.4 + 0.44j, 0.4 + 0.44j), (0.05, 0.035), "leaf"


def herb(figure: Figure, dice: Dice, text: str) -> None:
    """Herbs: sprigs with leaves; spikes of flowers for mints, umbels for the parsley family."""
    umbel, mint = has(text, ("umbellifer",)), has(text, ("mint",))
    clover = has(text, ("clover",))
    for i in range(13):
        a = -math.pi / 2 + (i - 6) * 0.33
        far = 0.9 + 0.14 * (i % 2)
        tip = 0.14j + cmath.rect(far, a)
        figure.add(ribbon([0.2j, 0.14j + cmath.rect(far * 0.6, a - 0.08), tip], 0.022, 0.018), "deep", "back", 0.4)
        for t in (0.6, 0.78):
            p = 0.14j + (tip - 0.14j) * t
            for s in (-1, 1):
                figure.add(leaf(p, p + cmath.rect(0.2, a + 0.8 * s), 0.5), ("leaf", "body")[i % 2], "back", 0.7, 0.3)
        if clover:
            for k in range(4):
                figure.add(leaf(tip, tip + cmath.rect(0.15, a + math.tau * k / 4), 0.9), "leaf", "back", 0.7, 0.3)
        elif umbel and i % 2 == 0:
            for k in range(-2, 3):
                end = tip + cmath.rect(0.2, a + 0.32 * k)
                figure.add(ribbon([tip, end], 0.01), "deep", "back", 0)
                figure.add(lobes(end, 0.055, 0.05, 5, 0.2), ("accent", "belly")[k % 2], "back", 0.6)
        elif mint and i % 2 == 0:
            for k in range(4):
                figure.add(
                    ellipse(tip + cmath.rect(0.07 * k - 0.06, a), 0.075 - 0.012 * k, 0.06), "accent", "back", 0.7, 0.4
                )
        elif i % 3 == 0:
            figure.add(star(tip, 0.12, 0.06, 5), "accent", "back", 0.8)
            figure.add(ellipse(tip, 0.04, 0.04), "metal", "back", 0)
        else:
            figure.add(turned(leaf(tip, tip + cmath.rect(0.2, a), 0.55), 0.2, tip), "leaf", "back", 0.8, 0.3)
    figure.add(lobes(0.18j, 0.5, 0.48, 8, 0.12), "body", "body", 1, 0.9)
    _finish(figure, dice, 0.16j)


def bush(figure: Figure, dice: Dice, text: str) -> None:
    """Shrubs: round clouds of leaves with berries, blossoms or roses."""
    for i in range(13):
        a = math.tau * i / 13
        puff = lobes(complex(0.54 * math.cos(a), 0.06 + 0.5 * math.sin(a)), 0.32, 0.28, 6, 0.16, i)
        figure.add(puff, ("shade", "leaf")[i % 2], "back", 0.9, 0.4)
        tip = complex(0.86 * math.cos(a), 0.06 + 0.8 * math.sin(a))
        figure.add(leaf(tip * 0.82, tip, 0.6), "leaf", "back", 0.7)
    figure.add(lobes(0.1j, 0.6, 0.56, 10, 0.1), "body", "body", 1, 0.9)
    rose = has(text, ("rose",))
    flowering = has(text, ("flowering shrub",)) or rose
    stream = dice.stream("berries")
    for k in range(9 if flowering else 14):
        a = math.tau * k / (9 if flowering else 14) + 0.5 * stream.random()
        p = 0.08j + cmath.rect(0.55 + 0.2 * stream.random(), a)
        if rose:
            for ring, fill in ((0.12, "accent"), (0.08, "accent shade"), (0.045, "accent")):
                figure.add(lobes(p, ring, ring * 0.95, 5, 0.2, ring * 20), fill, "body", 0.7, 0.3)
        elif flowering:
            figure.add(lobes(p, 0.12, 0.115, 5, 0.34), "accent", "body", 0.8, 0.3)
            figure.add(ellipse(p, 0.04, 0.04), "metal", "body", 0)
        else:
            figure.add(ellipse(p, 0.05, 0.05), "accent", "body", 0.6, 0.5)
    _finish(figure, dice, 0.1j)
