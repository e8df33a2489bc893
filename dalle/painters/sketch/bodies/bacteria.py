"""Bacteria: rods, balls, screws, chains and stalks."""

import cmath
import math

from dalle.painters.sketch.bodies.anatomy import face_at
from dalle.painters.sketch.bodies.microbes import cell, whip
from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.matching import has
from dalle.painters.sketch.shapes import Figure, box, ellipse, leaf, ribbon, smooth


def bacterium(figure: Figure, dice: Dice, text: str) -> None:
    """A bacterium by its class."""
    if has(text, ("round bacterium",)):
        _balls(figure, dice)
    elif has(text, ("spiral bacterium",)):
        _screw(figure, dice)
    elif has(text, ("cyanobacterium", "filamentous bacterium", "giant bacterium")):
        _chain(figure, dice)
    else:
        _rod(figure, dice, text)
    figure.floats, figure.arm_fill = True, "shade"


def _rod(figure: Figure, dice: Dice, text: str) -> None:
    rx, ry = dice.span("width", 0.46, 0.54), dice.span("height", 0.72, 0.84)
    if has(text, ("stalked bacterium", "predatory bacterium", "gliding bacterium")):
        figure.add(
            ribbon([complex(0, ry * 0.8), complex(0.1 * dice.side("stalk"), 1.0), 1.12j], 0.08, 0.05, 0.09),
            "deep",
            "back",
            0.9,
        )
    else:
        for k in range(dice.count("flagella", 2, 4)):
            whip(figure, dice, complex(-0.24 + 0.16 * k, ry * 0.86), cmath.rect(1, 1.57 - 0.3 * (k - 1.5)), 0.46)
    for k in range(26):
        a = math.tau * k / 26
        root = complex(
            rx * math.copysign(abs(math.cos(a)) ** 0.6, math.cos(a)),
            ry * math.copysign(abs(math.sin(a)) ** 0.6, math.sin(a)),
        )
        figure.add(ribbon([root * 0.96, root * 1.0 + cmath.rect(0.12, a)], 0.012, 0.008), "deep", "back", 0)
    cell(figure, dice, box(0j, rx, ry, 0.7), rx, ry)
    coil = [complex(0.16 * math.sin(k * 1.6), 0.3 + 0.05 * k) for k in range(8)]
    figure.add(ribbon(coil, 0.018), "accent", "body", 0)
    face_at(figure, -0.2j, 0.46, complex(0, -ry * 0.88), 0.38)
    figure.shoulders, figure.arm, figure.reach = (
        (complex(-rx * 0.84, 0.16), complex(rx * 0.84, 0.16)),
        (0.06, 0.045),
        0.42,
    )


def _balls(figure: Figure, dice: Dice) -> None:
    turn = dice.span("cluster", 0, 1)
    for k in range(8):
        p = cmath.rect(0.62 if k % 2 else 0.5, math.tau * k / 8 + turn) + 0.06j
        size = 0.32 if k % 2 else 0.36
        figure.add(ellipse(p, size, size), ("shade", "body")[k % 2], "back", 1, 0.9)
        figure.add(ellipse(p - 0.1 - 0.12j, 0.07, 0.05, -0.6), "light", "back", 0)
    figure.add(ellipse(0.04j, 0.52, 0.5), "body", "body", 1, 1)
    figure.add(ellipse(-0.24 - 0.24j, 0.09, 0.06, -0.6), "light", "body", 0)
    face_at(figure, 0.04j, 0.47, -0.42j, 0.38)
    figure.shoulders, figure.arm, figure.reach = (-0.44 + 0.26j, 0.44 + 0.26j), (0.06, 0.045), 0.44


def _screw(figure: Figure, dice: Dice) -> None:
    side = dice.side("screw")
    spine = [complex(side * 0.4 * math.sin(k * 1.15 + 0.4), -0.34 + 0.16 * k) for k in range(9)]
    whip(figure, dice, spine[-1], 1j, 0.24)
    figure.add(ribbon(spine, 0.3, 0.24, 0.22, 0.2, 0.18, 0.15, 0.1), "body", "body", 1, 0.9)
    for k, p in enumerate(smooth(spine, closed=False, steps=3)[3:24]):
        figure.add(ribbon([p - 0.14, p + 0.04j, p + 0.14], 0.012), "shade", "body", 0)
        if k % 4 == 0:
            figure.add(ellipse(p, 0.05, 0.04), "accent", "body", 0)
    head = spine[0]
    figure.add(ellipse(head, 0.46, 0.42), "body", "head", 1, 1)
    figure.add(ellipse(head - 0.2 - 0.22j, 0.09, 0.06, -0.6), "light", "head", 0)
    face_at(figure, head + 0.02j, 0.44, head - 0.38j, 0.38)
    figure.shoulders, figure.arm, figure.reach = (spine[2] - 0.18, spine[2] + 0.18), (0.055, 0.045), 0.46


def _chain(figure: Figure, dice: Dice) -> None:
    side = dice.side("chain")
    beads = [complex(side * (0.06 + 0.62 * math.sin(k * 0.55)), 0.98 - 0.2 * k + 0.016 * k * k) for k in range(9)]
    for k, p in enumerate(beads):
        odd = k % 4 == 2
        figure.add(
            ellipse(p, 0.24 if odd else 0.19, 0.22 if odd else 0.17),
            "accent" if odd else ("body", "shade")[k % 2],
            "back",
            1,
            0.8,
        )
        figure.add(ellipse(p - 0.06 - 0.06j, 0.04, 0.03, -0.6), "light", "back", 0)
    for k in range(9):
        a = math.tau * k / 9
        figure.add(leaf(-0.08j + cmath.rect(0.46, a), -0.08j + cmath.rect(0.64, a), 0.4), "leaf", "tail", 0.6)
    figure.add(ellipse(-0.08j, 0.54, 0.5), "body", "body", 1, 1)
    figure.add(ellipse(-0.08j, 0.46, 0.42), "light", "body", 0, 0, 0.4)
    face_at(figure, -0.08j, 0.46, -0.52j, 0.38)
    figure.shoulders, figure.arm, figure.reach = (-0.46 + 0.14j, 0.46 + 0.14j), (0.06, 0.045), 0.44
