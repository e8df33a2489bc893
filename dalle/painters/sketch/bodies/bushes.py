"""Shrubs, ferns, grasses, herbs."""

import cmath
import math

from dalle.painters.sketch.bodies.anatomy import face_at, feet
from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.shapes import (
    Figure,
    box,
    egg,
    ellipse,
    leaf,
    lobes,
    ribbon,
    smooth,
    star,
    turned,
)
from dalle.painters.sketch.words import has


def bush(figure: Figure, dice: Dice, text: str) -> None:
    """Shrubs, ferns, grasses, herbs, mosses, vines, weeds of the sea: a clump with a face, often in a pot."""
    blade = has(text, ("grass", "reed", "sedge", "bamboo", "rush", "alga", "kelp", "seaweed", "cereal"))
    fern = has(text, ("fern", "bracken", "horsetail", "cycad"))
    herb = has(text, ("herb", "vine", "ivy", "creeper"))
    potted = dice.chance("pot", 0.45)
    if blade or fern:
        count = dice.count("blades", 13, 17)
        for i in range(count):
            t = (i - (count - 1) / 2) / ((count - 1) / 2)
            root, tip = complex(0.28 * t, 0.55), complex(0.95 * t, -0.95 + 0.75 * t * t + 0.16 * (i % 2))
            bend = (root + tip) / 2 + complex(-0.12 * t, -0.14)
            if fern:
                spine = smooth([root, bend, tip], closed=False, steps=6)
                for k in range(2, 12):
                    along = spine[k + 1 if k < 11 else k] - spine[k - 1]
                    size = 0.17 * (1 - k / 14)
                    turn = along / max(abs(along), 1e-6)
                    for s in (-1, 1):
                        figure.add(
                            leaf(spine[k], spine[k] + turn * cmath.rect(size, s * 1.1), 0.42),
                            ("leaf", "body")[i % 2],
                            "back",
                            0.5,
                        )
                figure.add(ribbon([root, bend, tip], 0.02, 0.008), "deep", "back", 0)
            else:
                figure.add(
                    ribbon([root, bend, tip], 0.06, 0.055, 0.008), ("body", "shade", "leaf")[i % 3], "back", 0.9, 0.3
                )
        figure.add(lobes(0.42j, 0.46, 0.4, 9, 0.12), "body", "body", 1, 0.8)
        face = 0.36j
    elif herb:
        for i in range(15):
            a = -math.pi / 2 + (i - 7) * 0.31
            far = 0.85 + 0.12 * (i % 2)
            tip = 0.1j + cmath.rect(far, a)
            figure.add(ribbon([0.2j, tip], 0.018), "deep", "back", 0.4)
            for t in (0.65, 0.9):
                p = 0.1j + (tip - 0.1j) * t
                figure.add(
                    turned(leaf(p, p + cmath.rect(0.26, a), 0.55), 0.6 * (-1) ** i * (t < 0.8), p),
                    ("leaf", "body")[i % 2],
                    "back",
                    0.8,
                    0.3,
                )
            if i % 3 == 0:
                figure.add(star(tip, 0.1, 0.05, 5), "accent", "back", 0.7)
        figure.add(lobes(0.18j, 0.5, 0.48, 8, 0.12), "body", "body", 1, 0.9)
        face = 0.16j
    else:
        for i in range(11):
            a = math.tau * i / 11
            figure.add(
                lobes(complex(0.5 * math.cos(a), 0.08 + 0.48 * math.sin(a)), 0.32, 0.28, 6, 0.16, i),
                ("shade", "leaf")[i % 2],
                "back",
                0.9,
                0.4,
            )
        figure.add(lobes(0.1j, 0.6, 0.56, 10, 0.1), "body", "body", 1, 0.9)
        stream = dice.stream("berries")
        for _ in range(14):
            p = 0.1j + cmath.rect(0.48 + 0.28 * stream.random(), math.tau * stream.random())
            figure.add(ellipse(p, 0.045, 0.045), "accent", "body", 0.6, 0.5)
        face = 0.1j
    if potted:
        figure.add([-0.36 + 0.66j, 0.36 + 0.66j, 0.28 + 0.98j, -0.28 + 0.98j], "cloth", "front", 1, 0.5)
        figure.add(box(0.66j, 0.42, 0.07, 0.5), "cloth", "front", 1, 0.5)
        for k in range(5):
            figure.add(star(complex(-0.2 + 0.1 * k, 0.83), 0.04, 0.02, 4), "belly", "front", 0)
    else:
        feet(figure, 0.17, "wood")
    figure.add(egg(face, 0.4, 0.32), "light", "head", 0, 0)
    face_at(figure, face, 0.42, face - 0.5j, 0.36)
    figure.shoulders, figure.arm, figure.arm_fill = (-0.4 + 0.44j, 0.4 + 0.44j), (0.05, 0.035), "leaf"
