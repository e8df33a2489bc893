"""Cells that only a lens shows."""

import cmath
import math

from dalle.painters.sketch.bodies.anatomy import face_at
from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.shapes import (
    Figure,
    box,
    egg,
    ellipse,
    leaf,
    ribbon,
    smooth,
)
from dalle.painters.sketch.words import has


def microbe(figure: Figure, dice: Dice, text: str) -> None:
    """Protozoa and bacteria: a clear cell with nucleus and bubbles, cilia, flagella or false feet."""
    capsule = has(text, ("bacterium", "bacillus", "rod", "spir", "vibrio", "coccus", "cyanobacterium"))
    amoeba = has(text, ("amoeb", "foram", "heliozoan", "slime"))
    rays = has(text, ("radiolarian", "heliozoan", "acantharian", "suctorian"))
    rx, ry = (
        (dice.span("width", 0.48, 0.58), dice.span("height", 0.62, 0.76))
        if capsule
        else (dice.span("width", 0.58, 0.7), dice.span("height", 0.56, 0.68))
    )
    if rays:
        for i in range(22):
            a = math.tau * i / 22
            figure.add(leaf(cmath.rect(0.4, a), cmath.rect(1.0 if i % 2 else 0.86, a), 0.09), "accent", "back", 0.5)
    elif not amoeba:
        n = dice.count("cilia", 30, 44)
        for i in range(n):
            a = math.tau * i / n
            root = complex(rx * math.cos(a), ry * math.sin(a)) * 0.96
            figure.add(
                ribbon([root, root * 1.12 + 0.02, root * 1.22 + cmath.rect(0.05, a + 1)], 0.014, 0.008),
                "deep",
                "back",
                0,
            )
    for k in range(dice.count("flagella", 1, 3) if not rays else 0):
        x = 0.3 * (k - 1)
        wave = [complex(x + 0.12 * math.sin(j * 1.6 + k) + 0.04 * j * (k - 1), ry * 0.9 + 0.1 * j) for j in range(5)]
        figure.add(ribbon(wave, 0.035, 0.03, 0.01), "shade", "back", 0.7)
    if amoeba:
        outline = [
            complex(rx * math.cos(a), ry * math.sin(a)) * (1 + 0.3 * (k % 2) * dice.span(f"foot {k}", 0.3, 1.0))
            for k, a in enumerate(math.tau * j / 14 for j in range(14))
        ]
        cell = smooth(outline)
    elif capsule:
        cell = box(0j, rx, ry, 0.7)
    else:
        cell = egg(0j, rx, ry, dice.span("heavy", -0.2, 0.2))
    figure.add(cell, "shade", "body", 1, 0)
    figure.add([p * 0.9 for p in cell], "body", "body", 0, 0.8)
    figure.add(ellipse(complex(0.24 * dice.side("nucleus"), 0.36), 0.17, 0.14), "accent", "body", 0.6, 0.6)
    stream = dice.stream("vacuoles")
    for _ in range(dice.count("vacuoles", 7, 12)):
        a, far = math.tau * stream.random(), 0.45 + 0.34 * stream.random()
        p, size = complex(rx * far * math.cos(a), ry * far * math.sin(a)), 0.03 + 0.055 * stream.random()
        figure.add(ellipse(p, size, size), "light", "body", 0.5)
        figure.add(ellipse(p - size * 0.3 - size * 0.3j, size * 0.35, size * 0.3), "white", "body", 0)
    if "spir" in text or "coccus" in text:
        for k in range(3):
            y = -0.4 + 0.45 * k
            figure.add(
                ribbon([complex(-rx * 0.85, y), complex(0, y + 0.1), complex(rx * 0.85, y)], 0.02), "shade", "body", 0
            )
    face_at(figure, -0.1j, 0.5, complex(0, -ry * 0.86), 0.38)
    figure.shoulders, figure.arm, figure.reach = (complex(-rx * 0.8, 0.2), complex(rx * 0.8, 0.2)), (0.06, 0.045), 0.42
    figure.arm_fill, figure.floats = "shade", True


def rotifer(figure: Figure, dice: Dice, text: str) -> None:
    """Rotifers: a trumpet with two turning wheels on top and a forked foot."""
    rx = dice.span("width", 0.44, 0.54)
    for side in (-1, 1):
        hub = complex(0.32 * side, -0.6)
        for i in range(14):
            a = math.tau * i / 14
            figure.add(
                leaf(hub + cmath.rect(0.18, a), hub + cmath.rect(0.4, a + 0.25), 0.3),
                ("accent", "light")[i % 2],
                "back",
                0.6,
            )
        figure.add(ellipse(hub, 0.25, 0.22), "shade", "tail", 1, 0.6)
    figure.add(ribbon([0.4j, 0.75j, complex(0.14 * dice.side("foot"), 0.9)], 0.2, 0.1, 0.06), "shade", "tail", 1, 0.4)
    figure.both(ribbon([0.06 + 0.88j, 0.2 + 0.99j], 0.035, 0.012), "shade", "tail", 0.8)
    body = smooth([-0.3 - 0.6j, complex(-rx, -0.1), -0.36 + 0.42j, 0.62j, 0.36 + 0.42j, complex(rx, -0.1), 0.3 - 0.6j])
    figure.add(body, "body", "body", 1, 1)
    figure.add(ellipse(0.34j, 0.18, 0.15), "accent", "body", 0.6, 0.5)
    for k in range(3):
        figure.add(ribbon([complex(-0.24, 0.3 + 0.1 * k), complex(0.24, 0.3 + 0.1 * k)], 0.008), "shade", "body", 0)
    face_at(figure, -0.12j, rx * 0.95, -0.62j, 0.32)
    figure.neck = 0.4j
    figure.shoulders, figure.arm, figure.reach, figure.floats = (
        (complex(-rx * 0.8, 0.12), complex(rx * 0.8, 0.12)),
        (0.055, 0.04),
        0.45,
        True,
    )
