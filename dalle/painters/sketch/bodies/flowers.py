"""Flowers."""

import cmath
import math

from dalle.painters.sketch.bodies.anatomy import face_at
from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.shapes import (
    Figure,
    ellipse,
    leaf,
    ribbon,
    smooth,
)


def flower(figure: Figure, dice: Dice, text: str) -> None:
    """Flowers: a face in a wreath of petals, leaves for arms."""
    petals = dice.count("petals", 5, 13)
    kind = dice.pick("petal kind", ("leaf", "round", "heart"))
    head = -0.3j
    figure.add(
        ribbon([-0.1j, complex(0.06 * dice.side("stem"), 0.4), 0.97j], 0.055, 0.06, 0.07), "leaf", "tail", 1, 0.5
    )
    for k in (0, 1):
        root = complex(0, 0.93 - 0.04 * k)
        figure.both(leaf(root, root + complex(0.52 - 0.1 * k, -0.16 - 0.18 * k), 0.42), "leaf", "tail", 1, 0.4)
    for ring in range(2):
        far = 0.62 - 0.08 * ring
        for i in range(petals):
            a = math.tau * (i + 0.5 * ring) / petals - math.pi / 2
            tip = head + cmath.rect(far, a)
            width = min(0.9, 4.6 / petals)
            if kind == "leaf":
                petal = leaf(head + cmath.rect(0.14, a), tip, width)
            elif kind == "round":
                petal = ellipse(head + cmath.rect(far * 0.66, a), far * 0.36, far * 0.3 * min(1.4, 9 / petals), a)
            else:
                side = cmath.rect(0.16 * min(1.5, 8 / petals), a + math.pi / 2)
                petal = smooth(
                    [
                        head + cmath.rect(0.1, a),
                        tip * 0.8 + head * 0.2 - side,
                        tip - side * 0.6,
                        tip * 0.92 + head * 0.08,
                        tip + side * 0.6,
                        tip * 0.8 + head * 0.2 + side,
                    ]
                )
            figure.add(petal, ("shade", "body")[ring], "skull", 0.9, 0.5)
    figure.add(ellipse(head, 0.33, 0.32), "accent", "head", 1, 0.8)
    for i in range(26):
        p = head + cmath.rect(0.29, math.tau * i / 26)
        figure.add(ellipse(p, 0.014, 0.014), "accent shade", "head", 0)
    face_at(figure, head, 0.32, head - 0.46j, 0.36)
    figure.neck = 0.1j
    figure.shoulders, figure.arm, figure.arm_fill, figure.reach = (
        (-0.03 + 0.42j, 0.03 + 0.42j),
        (0.03, 0.085),
        "leaf",
        0.6,
    )
