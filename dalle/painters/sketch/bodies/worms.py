"""Worms: earth, tube, velvet and flat ones."""

import math

from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.matching import has
from dalle.painters.sketch.shapes import Figure, egg, ellipse, leaf, lobes, ribbon, smooth


def worm(figure: Figure, dice: Dice, text: str) -> None:
    """A worm by its name or class."""
    if has(text, ("flatworm",)):
        _flat(figure, dice)
    elif has(text, ("tube worm", "christmas tree", "feather duster", "sandcastle", "spoonworm")):
        _tube(figure, dice)
    else:
        _ringed(figure, dice, text)


def _ringed(figure: Figure, dice: Dice, text: str) -> None:
    """An earthworm comes out of its hole; bristles and stumps by the kind."""
    side = dice.side("bend")
    spine = [complex(0.1 * side, 0.96), complex(-0.26 * side, 0.6), complex(0.2 * side, 0.2), complex(0.0, -0.3)]
    figure.add(lobes(0.94j, 0.66, 0.12, 9, 0.3), "wood", "front", 1, 0.4)
    tail = [complex(0.5 * side, 0.9), complex(0.72 * side, 0.5), complex(0.98 * side, 0.62)]
    figure.add(ribbon(tail, 0.16, 0.13, 0.03), "body", "back", 1, 0.7)
    line = smooth(spine, closed=False, steps=6)
    if has(text, ("velvet worm", "bobbit", "ragworm", "lugworm", "palolo", "sea mouse")):
        for p in line[1:-2:2]:
            for s in (-1, 1):
                figure.add(ribbon([p, p + complex(0.4 * s, 0.06)], 0.045, 0.025), "accent", "back", 0.8)
    figure.add(ribbon(spine, 0.27, 0.25, 0.25, 0.27), "body", "body", 1, 0.9)
    for p in line[1:-1]:
        figure.add(ribbon([p - 0.23, p + 0.05j, p + 0.23], 0.012), "shade", "body", 0)
    figure.add(ribbon([line[9] - 0.18, line[9] + 0.05j, line[9] + 0.18], 0.06), "light", "body", 0.5)
    figure.add(egg(-0.34j, 0.4, 0.36, 0.06), "body", "head", 1, 1)
    if has(text, ("velvet worm", "bobbit")):
        figure.both(ribbon([0.16 - 0.6j, 0.34 - 0.9j], 0.035, 0.02), "accent", "skull", 0.8)
    figure.neck, figure.face, figure.face_size = -0.05j, -0.34j, 0.4
    figure.hat, figure.hat_size, figure.hand = -0.64j, 0.34, complex(0.46 * side, 0.12)


def _tube(figure: Figure, dice: Dice) -> None:
    for ring in range(2):
        for k in range(15):
            a = -math.pi * (0.02 + 0.96 * k / 14)
            tip = complex(0.96 * math.cos(a), -0.1 + (0.92 - 0.16 * ring) * math.sin(a))
            figure.add(
                ribbon([0.05j, tip * 0.6 - 0.06j, tip], 0.03, 0.05, 0.012),
                ("accent", "second")[(k + ring) % 2],
                "back",
                0.6,
            )
    figure.add([-0.36 + 0.2j, 0.36 + 0.2j, 0.28 + 1.0j, -0.28 + 1.0j], "belly", "body", 1, 0.8)
    for k in range(5):
        figure.add(
            ribbon(
                [
                    complex(-0.34 + 0.015 * k, 0.42 + 0.13 * k),
                    complex(0, 0.46 + 0.13 * k),
                    complex(0.34 - 0.015 * k, 0.42 + 0.13 * k),
                ],
                0.012,
            ),
            "shade",
            "body",
            0,
        )
    figure.add(egg(0.08j, 0.46, 0.4), "body", "head", 1, 1)
    figure.neck, figure.face, figure.face_size = 0.4j, 0.08j, 0.44
    figure.hat, figure.hat_size = -0.26j, 0.36
    figure.shoulders, figure.arm = (-0.34 + 0.4j, 0.34 + 0.4j), (0.06, 0.045)


def _flat(figure: Figure, dice: Dice) -> None:
    rim = [
        complex(0.78 * math.cos(a) * (1 + 0.1 * (k % 2)), 0.14 + 0.82 * math.sin(a) * (1 + 0.05 * (k % 2)))
        for k, a in enumerate(math.tau * j / 32 for j in range(32))
    ]
    figure.add(smooth(rim, steps=3), "accent", "back", 1, 0.4)
    figure.add([0.14j + (p - 0.14j) * 0.87 for p in smooth(rim, steps=3)], "body", "body", 0.6, 0.8)
    for k in range(7):
        y = 0.36 + 0.08 * k
        half = 0.5 * math.sqrt(max(0.0, 1 - ((y - 0.14) / 0.78) ** 2))
        figure.add(
            ribbon([complex(-half, y), complex(0, y + 0.05), complex(half, y)], 0.014),
            ("second", "light")[k % 2],
            "body",
            0,
        )
    figure.both(leaf(0.2 - 0.56j, 0.34 - 0.9j, 0.5), "accent", "skull", 0.9)
    figure.add(ellipse(0.5j, 0.03, 0.03), "light", "body", 0)
    figure.neck, figure.face, figure.face_size = 0.3j, -0.1j, 0.5
    figure.hat, figure.hat_size, figure.floats = -0.56j, 0.4, True
    figure.shoulders, figure.arm = (-0.6 + 0.2j, 0.6 + 0.2j), (0.06, 0.05)
