"""Hats by the family of a trade."""

import math

from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.shapes import Figure, Points, arc, box, ellipse, leaf, ribbon, smooth, star


def hat(figure: Figure, dice: Dice, trade: str) -> None:
    """A hat on top of the head."""
    at, s = figure.hat, figure.hat_size

    def put(points: Points, fill: str, line: float = 1.0, volume: float = 0.4) -> None:
        figure.add([at + p * s for p in points], fill, "hat", line, volume)

    brim = ellipse(0j, 1.0, 0.2)
    if trade == "crown":
        spikes = [complex(-0.7 + 0.35 * k, -0.34 if k % 2 else -0.82) for k in range(5)]
        put([-0.62 + 0.08j, *spikes, 0.62 + 0.08j], "metal")
        for k in range(3):
            put(ellipse(complex(-0.36 + 0.36 * k, -0.1), 0.09, 0.1), "cloth", 0.6)
    elif trade == "sailor":
        put(smooth([-0.75 - 0.2j, -0.7 - 0.55j, -0.62j, 0.7 - 0.55j, 0.75 - 0.2j]), "white")
        put(box(-0.08j, 0.72, 0.17, 0.6), "cloth")
    elif trade == "toque":
        put(smooth([-0.5 - 0.3j, -0.85 - 0.75j, -0.4 - 1.1j, -1.0j, 0.45 - 1.1j, 0.85 - 0.7j, 0.5 - 0.3j]), "white")
        put(box(-0.15j, 0.56, 0.2, 0.5), "white")
    elif trade == "helmet":
        put([*arc(0.1j, 0.85, 0.85, 0.5, 1.0)], "steel")
        put(box(0.04j, 0.9, 0.11, 0.5), "steel")
        put(smooth([-0.72j, 0.2 - 1.25j, -0.15 - 1.4j, -0.45 - 1.0j]), "cloth")
    elif trade == "hardhat":
        put([*arc(0.05j, 0.78, 0.72, 0.5, 1.0)], "metal")
        put(box(0.05j, 0.98, 0.11, 0.6), "metal")
        put(box(-0.4j, 0.1, 0.36, 0.6), "metal")
    elif trade == "mortar":
        put(box(-0.1j, 0.55, 0.24, 0.6), "ink")
        put([-1.0 - 0.34j, -0.62j, 1.0 - 0.34j, -0.06j], "cloth")
        put(ribbon([-0.34j, 0.75 - 0.3j, 0.78 + 0.12j], 0.03), "metal", 0.5)
        put(ellipse(0.78 + 0.16j, 0.07, 0.12), "metal", 0.6)
    elif trade == "cone":
        put([-0.62 + 0.04j, complex(0.1, -1.5), 0.62 + 0.04j], "cloth")
        put(brim, "cloth")
        for p, size in ((-0.1 - 0.35j, 0.17), (0.16 - 0.75j, 0.13)):
            put(star(p, size, size * 0.45, 5), "metal", 0.4)
    elif trade == "straw":
        put(ellipse(0j, 1.3, 0.24), "metal")
        put([*arc(0j, 0.66, 0.62, 0.5, 1.0)], "metal")
        put(box(-0.08j, 0.66, 0.1, 0.5), "cloth", 0.7)
    elif trade == "beret":
        put(smooth([-0.85 - 0.1j, -0.8 - 0.45j, 0.1 - 0.62j, 0.95 - 0.4j, 0.8 - 0.05j]), "cloth")
        put(ribbon([0.05 - 0.56j, 0.1 - 0.75j], 0.05), "cloth", 0.7)
    elif trade == "tophat":
        put(brim, "ink")
        put([-0.56 - 0.0j, -0.62 - 1.0j, 0.62 - 1.0j, 0.56 + 0j], "ink")
        put(box(-0.2j, 0.57, 0.12, 0.4), "cloth", 0.5)
    elif trade == "cap":
        put([*arc(-0.02j, 0.76, 0.6, 0.5, 1.0)], "cloth")
        put(smooth([-0.7 + 0j, 0.18j, 0.7 + 0j, -0.12j]), "ink")
        put(ellipse(-0.3j, 0.13, 0.13), "metal", 0.6)
    elif trade == "goggles":
        put(box(0.02j, 0.98, 0.09, 0.5), "wood")
        for x in (-0.36, 0.36):
            put(ellipse(complex(x, 0.0), 0.3, 0.27), "metal")
            put(ellipse(complex(x, 0.0), 0.2, 0.18), "sky", 0.6)
    elif trade == "wreath":
        for k in range(9):
            p = complex(-0.8 + 0.2 * k, -0.12 * math.sin(math.pi * k / 8))
            put(leaf(p, p + complex(0.12 * (k - 4) / 4, -0.34), 0.6), "leaf", 0.6)
            if k % 2:
                put(star(p - 0.04j, 0.14, 0.07, 5), "accent", 0.5)
    elif trade == "band":
        put(box(0.02j, 0.92, 0.13, 0.5), "cloth")
        put(smooth([0.6 - 0.02j, 1.0 - 0.4j, 1.05 + 0.02j]), "cloth")
        put(smooth([0.6 - 0.02j, 1.1 - 0.02j, 0.95 + 0.35j]), "cloth")
    elif trade == "pith":
        put(ellipse(0.04j, 1.1, 0.22), "belly")
        put([*arc(0.02j, 0.72, 0.74, 0.5, 1.0)], "belly")
        put(box(-0.1j, 0.72, 0.08, 0.5), "wood", 0.6)
