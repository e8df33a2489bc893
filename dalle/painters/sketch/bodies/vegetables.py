"""Vegetables: roots, pods, bulbs, heads and gourds."""

import math

from dalle.painters.sketch.bodies.greens import bundle, pod
from dalle.painters.sketch.bodies.stalks import leaves, limbs, shine, stalk
from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.matching import has
from dalle.painters.sketch.shapes import Figure, egg, ellipse, leaf, lobes, ribbon, smooth, turned

SPINDLES = ("parsnip", "cassava", "carrot", "cucumber", "asparagus", "sweet potato")


def vegetable(figure: Figure, dice: Dice, text: str) -> None:
    """A vegetable by its name or class."""
    rx, ry, centre = dice.span("width", 0.54, 0.64), dice.span("height", 0.5, 0.57), 0.18j
    crown = centre - complex(0, ry * 0.92)
    if has(text, ("legume",)):
        pod(figure, dice)
        return
    if has(text, ("leek", "celery", "rhubarb", "chard", "asparagus")):
        bundle(figure, dice, text)
        return
    if has(text, ("pumpkin",)):
        for x, wide in ((0.62, 0.42), (-0.62, 0.42), (0.34, 0.46), (-0.34, 0.46), (0.0, 0.42)):
            figure.add(
                ellipse(centre + complex(x * rx, 0.04), wide * rx * 1.1, ry * (1 - 0.1 * abs(x))),
                ("body", "shade")[abs(x) > 0.5],
                "body",
                1,
                0.7,
            )
        stalk(figure, dice, crown + 0.04j)
    elif has(text, SPINDLES):
        rx = 0.4
        tip = smooth(
            [
                centre + complex(x * rx, y)
                for x, y in (
                    (-0.6, -0.62),
                    (0.6, -0.62),
                    (1.0, -0.36),
                    (0.86, 0.1),
                    (0.4, 0.62),
                    (0, 0.78),
                    (-0.4, 0.62),
                    (-0.86, 0.1),
                    (-1.0, -0.36),
                )
            ]
        )
        figure.add(tip, "body", "body", 1, 1)
        for k in range(6):
            y = -0.42 + 0.19 * k
            side = (-1) ** k
            figure.add(
                ribbon(
                    [
                        centre + complex(rx * 0.86 * side * (1 - max(0.0, y) * 0.9), y),
                        centre + complex(rx * 0.4 * side, y + 0.02),
                    ],
                    0.012,
                ),
                "shade",
                "body",
                0,
            )
        crown = centre - 0.6j
        leaves(figure, dice, crown, 7, 0.46, 0.24)
    elif has(text, ("root", "radish")):
        body = smooth(
            [
                centre + complex(x * rx, y * ry)
                for x, y in (
                    (0, -0.9),
                    (0.7, -0.76),
                    (1.0, -0.1),
                    (0.7, 0.6),
                    (0.16, 0.96),
                    (0.03, 1.42),
                    (-0.03, 1.42),
                    (-0.16, 0.96),
                    (-0.7, 0.6),
                    (-1.0, -0.1),
                    (-0.7, -0.76),
                )
            ]
        )
        figure.add(body, "body", "body", 1, 1)
        figure.add(
            smooth(
                [
                    centre + complex(x * rx, y * ry)
                    for x, y in ((-0.66, 0.62), (0, 0.5), (0.66, 0.62), (0.14, 0.96), (0, 1.36), (-0.14, 0.96))
                ]
            ),
            "belly",
            "body",
            0,
        )
        shine(figure, centre, rx, ry)
        leaves(figure, dice, crown, 5, 0.5, 0.34)
    elif has(text, ("allium",)):
        bulb = smooth(
            [
                centre + complex(x * rx, y * ry)
                for x, y in (
                    (0, -1.35),
                    (0.12, -1.1),
                    (0.66, -0.62),
                    (1.0, 0.2),
                    (0.6, 0.88),
                    (0, 0.98),
                    (-0.6, 0.88),
                    (-1.0, 0.2),
                    (-0.66, -0.62),
                    (-0.12, -1.1),
                )
            ]
        )
        figure.add(bulb, "body", "body", 1, 1)
        for k in (-2, -1, 1, 2):
            figure.add(
                ribbon(
                    [
                        centre - complex(0, ry * 1.1),
                        centre + complex(rx * 0.4 * k, 0.1),
                        centre + complex(rx * 0.14 * k, ry * 0.9),
                    ],
                    0.006,
                    0.014,
                    0.006,
                ),
                "shade",
                "body",
                0,
            )
        for k in range(7):
            figure.add(
                ribbon(
                    [centre + complex(0.05 * (k - 3), ry * 0.94), centre + complex(0.09 * (k - 3), ry * 0.94 + 0.13)],
                    0.012,
                    0.006,
                ),
                "wood",
                "back",
                0,
            )
        crown = centre - complex(0, ry * 1.2)
    elif has(text, ("brassica", "flower vegetable", "radicchio")):
        for ring in (2, 1):
            for k in range(9):
                a = math.tau * k / 9 + 0.3 * ring
                root = centre + complex(0.3 * math.cos(a), 0.26 * math.sin(a))
                figure.add(
                    leaf(
                        root,
                        centre
                        + complex(rx * (0.86 + 0.2 * ring) * math.cos(a), ry * (0.86 + 0.2 * ring) * math.sin(a)),
                        0.85,
                    ),
                    ("leaf", "shade")[ring % 2],
                    "back",
                    0.9,
                    0.4,
                )
        if has(text, ("cauliflower", "romanesco")):
            for k in range(9):
                a = math.tau * k / 9
                figure.add(
                    lobes(centre + complex(rx * 0.56 * math.cos(a), ry * 0.56 * math.sin(a)), 0.22, 0.2, 6, 0.2, k),
                    "belly",
                    "body",
                    0.9,
                    0.6,
                )
            figure.add(lobes(centre, rx * 0.72, ry * 0.7, 11, 0.1), "belly", "body", 0.6, 0.7)
        else:
            figure.add(egg(centre, rx * 0.86, ry * 0.86), "body", "body", 1, 1)
            for side in (-1, 1):
                vein = [
                    centre + complex(0.05 * side, ry * 0.8),
                    centre + complex(rx * 0.5 * side, 0),
                    centre + complex(rx * 0.34 * side, -ry * 0.7),
                ]
                figure.add(ribbon(vein, 0.022, 0.014, 0.006), "light", "body", 0)
    elif has(text, ("chilli",)):
        side = dice.side("bend")
        figure.add(
            ribbon(
                [complex(0, -0.62), complex(0.1 * side, -0.1), complex(0.04 * side, 0.5), complex(-0.4 * side, 0.92)],
                0.3,
                0.4,
                0.3,
                0.03,
            ),
            "body",
            "body",
            1,
            1,
        )
        figure.add(smooth([-0.32 - 0.56j, -0.8j, 0.32 - 0.56j, 0.1 - 0.44j, -0.1 - 0.44j]), "leaf", "head", 0.9, 0.4)
        figure.add(ribbon([-0.74j, complex(0.12 * side, -1.0)], 0.05, 0.035), "leaf", "skull", 0.9)
        limbs(figure, -0.06j, 0.42, -0.7j)
        return
    elif has(text, ("bell pepper", "tomato")):
        for x in (-0.5, 0.5, 0.0):
            figure.add(egg(centre + complex(x * rx, 0), rx * 0.6, ry, -0.06), "body", "body", 1, 0.9)
        figure.add(egg(centre, rx * 0.8, ry * 0.86, -0.04), "body", "body", 0, 0)
        shine(figure, centre, rx, ry)
        for k in range(6):
            figure.add(turned(leaf(crown, crown + 0.26j, 0.4), math.tau * k / 6, crown), "leaf", "head", 0.8)
        figure.add(ribbon([crown, crown + complex(0.06, -0.2)], 0.05, 0.035), "leaf", "skull", 0.9)
    else:
        gourd = smooth(
            [
                centre + complex(x * rx, y * ry)
                for x, y in (
                    (0, -1.3),
                    (0.42, -1.1),
                    (0.5, -0.5),
                    (0.9, 0.16),
                    (0.84, 0.8),
                    (0, 1.06),
                    (-0.84, 0.8),
                    (-0.9, 0.16),
                    (-0.5, -0.5),
                    (-0.42, -1.1),
                )
            ]
        )
        figure.add(gourd, "body", "body", 1, 1)
        shine(figure, centre + 0.1j, rx, ry)
        crown = centre - complex(0, ry * 1.2)
        figure.add(
            smooth(
                [
                    crown - 0.26 + 0.16j,
                    crown - 0.06j,
                    crown + 0.26 + 0.16j,
                    crown + 0.08 + 0.08j,
                    crown + 0.24j,
                    crown - 0.08 + 0.08j,
                ]
            ),
            "leaf",
            "head",
            0.9,
            0.3,
        )
        stalk(figure, dice, crown)
        limbs(figure, centre, rx * 0.92, crown, centre + 0.1j)
        return
    limbs(figure, centre, rx, crown)
