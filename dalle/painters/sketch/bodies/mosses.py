"""Mosses and liverworts."""

import math

from dalle.painters.sketch.bodies.anatomy import face_at
from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.shapes import (
    Figure,
    arc,
    egg,
    leaf,
    lobes,
    ribbon,
    turned,
)


def moss(figure: Figure, dice: Dice, text: str) -> None:
    """Mosses and liverworts: a soft cushion with spore stalks, like a sleeping hedgehog."""
    for i in range(11):
        x = -0.66 + 0.132 * i
        sway = 0.08 * dice.side(f"stalk {i}")
        tip = complex(x * 1.15 + sway, -0.5 - 0.3 * math.sin(math.pi * i / 10) - 0.08 * (i % 2))
        figure.add(ribbon([complex(x, 0.2), tip], 0.022, 0.018), "accent", "back", 0.7)
        figure.add(turned(egg(tip, 0.045, 0.085), 0.3, tip), "accent", "back", 0.8, 0.4)
    for i in range(60):
        a = math.pi * (1.0 + i % 20 / 19)
        far = 1.0 - 0.14 * (i // 20)
        root = 0.72j + complex(0.86 * math.cos(a), 0.82 * math.sin(a)) * far * 0.86
        figure.add(leaf(root, 0.72j + (root - 0.72j) * 1.2, 0.6), ("body", "leaf", "shade")[i % 3], "tail", 0.5)
    figure.add([*arc(0.74j, 0.78, 0.68, 0.5, 1.0, 24), 0.8 + 0.9j, -0.8 + 0.9j], "body", "body", 0.8, 0.9)
    figure.add(lobes(0.9j, 0.86, 0.1, 12, 0.3), "wood", "front", 0.8, 0.3)
    face_at(figure, 0.44j, 0.44, 0.06j, 0.36)
    figure.shoulders, figure.arm, figure.arm_fill, figure.reach = (
        (-0.56 + 0.6j, 0.56 + 0.6j),
        (0.06, 0.05),
        "leaf",
        0.44,
    )
