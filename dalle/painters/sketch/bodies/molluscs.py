"""Snails, slugs and shells."""

import cmath
import math

from dalle.painters.sketch.bodies.anatomy import round_head, spots
from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.shapes import (
    Figure,
    box,
    ellipse,
    leaf,
    ribbon,
    smooth,
    turned,
)
from dalle.painters.sketch.words import has


def snail(figure: Figure, dice: Dice, text: str) -> None:
    """Molluscs: a snail under its spiral, a slug with a fringed back, a shell with two halves."""
    side = dice.side("shell side")
    if has(text, ("clam", "oyster", "mussel", "scallop", "bivalve", "cockle", "chiton", "abalone", "limpet")):
        for lower in (False, True):
            rim = [
                complex(0.78 * math.cos(a), 0.52 * math.sin(a) - 0.1)
                for a in (math.pi * (1 + k / 16) for k in range(17))
            ]
            shell = [p.conjugate() + 0.62j if lower else p for p in rim]
            figure.add(smooth([*shell, complex(0, 0.1 if lower else -0.02)], steps=4), "accent", "body", 1, 0.9)
            for k in range(5):
                far = shell[4 + 2 * k]
                figure.add(
                    ribbon([complex(0, 0.28), 0.28j + (far - 0.28j) * 0.86], 0.006, 0.014), "accent shade", "body", 0
                )
        figure.add(box(0.28j, 0.66, 0.28, 0.8), "body", "front", 1, 0.8)
        figure.face, figure.face_size, figure.neck, figure.hat, figure.hat_size = 0.26j, 0.46, 0.3j, -0.5j, 0.36
        figure.shoulders, figure.arm = (-0.6 + 0.4j, 0.6 + 0.4j), (0.07, 0.05)
        return
    foot = smooth(
        [
            complex(-0.5 * side, 0.6),
            complex(-0.5 * side, 0.94),
            complex(0.5 * side, 0.96),
            complex(1.0 * side, 0.98),
            complex(0.75 * side, 0.8),
            complex(0.2 * side, 0.66),
        ]
    )
    figure.add(foot, "body", "body", 1, 0.5)
    figure.add(ribbon([complex(-0.45 * side, 0.94), complex(0.9 * side, 0.96)], 0.04, 0.02), "belly", "body", 0)
    if has(text, ("slug", "nudibranch")):
        for k in range(9):
            root = complex((-0.3 + 0.15 * k) * side, 0.74 + 0.012 * k)
            figure.add(
                turned(leaf(root, root - (0.36 - 0.02 * k) * 1j, 0.55), side * (0.1 * k - 0.3), root),
                "accent",
                "tail",
                0.8,
                0.3,
            )
    else:
        hub = complex(0.3 * side, 0.28)
        size = dice.span("shell", 0.48, 0.58)
        figure.add(ellipse(hub, size, size * 0.96), "accent", "body", 1, 1)
        spiral = [hub + cmath.rect(size * 0.86 * (1 - k / 26), side * (0.5 + 0.62 * k)) for k in range(25)]
        figure.add(ribbon(spiral, 0.045, 0.035, 0.02, steps=4), "accent shade", "body", 0)
        spots(figure, dice, hub, size * 0.9, size * 0.9, "belly")
    neck = complex(-0.42 * side, 0.7)
    head = complex(-0.46 * side, -0.02)
    figure.add(ribbon([neck + 0.1j, (neck + head) / 2, head], 0.25, 0.22, 0.26), "body", "front", 1, 0.5)
    for lean in (-0.2, 0.2):
        tip = head + complex(lean * 1.3, -0.58)
        figure.add(ribbon([head + complex(lean * 0.7, -0.2), tip], 0.035, 0.025), "body", "skull", 0.8)
        figure.add(ellipse(tip, 0.06, 0.06), "accent", "skull", 0.9)
    round_head(figure, dice, head, dice.span("head width", 0.34, 0.4), 0.33)
    figure.hat = head - 0.27j
    figure.hand = head + complex(-0.25 * side, 0.55)
    figure.shoulders, figure.arm, figure.reach = (neck - 0.2 - 0.15j, neck + 0.2 - 0.15j), (0.06, 0.045), 0.4
