"""Ghosts, will-o'-the-wisps, genies and things that have woken up."""

import math

from dalle.painters.sketch.bodies.ears import ears
from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.matching import has
from dalle.painters.sketch.shapes import Figure, Points, box, egg, ellipse, leaf, ribbon, smooth, turned


def ghost(figure: Figure, dice: Dice, text: str) -> None:
    """Ghosts: one sheet with a wavy hem, pale and afloat."""
    wide, waves = dice.span("girth", 0.5, 0.6), dice.count("waves", 3, 5)
    sway = 0.12 * dice.side("sway")
    hem: Points = [
        complex(wide * 1.15 - 2.3 * wide * i / (waves * 2) + sway, 0.96 - 0.18 * (i % 2)) for i in range(waves * 2 + 1)
    ]
    sheet = smooth(
        [
            complex(-wide, -0.1),
            complex(-wide * 0.8, -0.6),
            -0.8j,
            complex(wide * 0.8, -0.6),
            complex(wide, -0.1),
            complex(wide * 1.05, 0.4),
            *hem,
            complex(-wide * 1.05, 0.4),
        ],
        steps=6,
    )
    figure.add([p * 1.1 - 0.01j for p in sheet], "light", "back", 0, 0, 0.35)
    figure.add(sheet, "belly", "body", 1, 1)
    for k in range(3):
        x = wide * (-0.5 + 0.5 * k)
        figure.add(ribbon([complex(x, 0.36), complex(x + sway * 0.4, 0.74)], 0.006, 0.02), "light", "body", 0)
    figure.add(egg(0.5j, 0.05, 0.05), "shade", "body", 0)
    figure.neck, figure.face, figure.face_size = 0.2j, -0.26j, wide * 0.88
    figure.hat, figure.hat_size, figure.floats = -0.72j, wide * 0.74, True
    figure.shoulders, figure.arm, figure.arm_fill = (
        (complex(-wide * 0.9, 0.12), complex(wide * 0.9, 0.12)),
        (0.13, 0.08),
        "belly",
    )


def wisp(figure: Figure, dice: Dice, text: str) -> None:
    """Will-o'-the-wisps: a flame that hovers over the bog, its sparks around it."""
    lean = 0.16 * dice.side("lean")
    for grow, fill in ((1.0, "accent"), (0.76, "second"), (0.56, "light")):
        flame = [-1.0j + lean, 0.3 - 0.56j, 0.6 - 0.02j, 0.5 + 0.46j, 0.66j, -0.5 + 0.46j, -0.6 - 0.02j, -0.26 - 0.44j]
        figure.add(smooth([0.2j + (p - 0.2j) * grow for p in flame]), fill, "body", 1 if grow == 1 else 0, 0.5)
    stream = dice.stream("sparks")
    for _ in range(9):
        a, far = math.tau * stream.random(), 0.78 + 0.24 * stream.random()
        spark = complex(far * math.cos(a), far * 0.9 * math.sin(a))
        figure.add(leaf(spark + 0.07j, spark - 0.07j, 0.8), "accent", "back", 0.6)
    figure.add(smooth([0.6j, 0.12 + 0.78j, lean + 0.98j, -0.12 + 0.78j]), "accent", "tail", 0.8)
    figure.neck, figure.face, figure.face_size = 0.5j, 0.12j, 0.42
    figure.hat, figure.hat_size, figure.floats = -0.46j, 0.3, True
    figure.shoulders, figure.arm, figure.arm_fill = (-0.5 + 0.22j, 0.5 + 0.22j), (0.08, 0.04), "accent"


def genie(figure: Figure, dice: Dice, text: str) -> None:
    """Genies: shoulders above, smoke below, a lamp or a flame at the end of it."""
    side = dice.side("wisp")
    _smoke(figure, side)
    _lamp(figure, complex(0.62 * side, 0.98), side)
    _vested_torso(figure)
    head, rx, ry = -0.34j, 0.38, 0.38
    _topknot(figure, head)
    ears(figure, dice, "side", rx, ry, head - complex(0, ry))
    figure.add(egg(head, rx, ry, 0.02), "body", "head", 1, 1)
    _goatee(figure, head, ry)
    figure.both(ellipse(head + complex(rx * 1.02, 0.16), 0.05, 0.06), "metal", "horn", 0.8)
    figure.neck, figure.face, figure.face_size = 0.02j, head, rx * 0.96
    figure.hat, figure.hat_size, figure.floats = head - complex(0, ry * 0.84), rx * 0.92, True
    figure.shoulders, figure.arm = (-0.44 + 0.1j, 0.44 + 0.1j), (0.12, 0.085)


def _smoke(figure: Figure, side: int) -> None:
    smoke = [
        0.36j,
        complex(-0.3 * side, 0.62),
        complex(0.26 * side, 0.74),
        complex(0.06 * side, 0.92),
        complex(0.5 * side, 1.0),
    ]
    figure.add(ribbon(smoke, 0.34, 0.28, 0.2, 0.12, 0.03), "shade", "tail", 1, 0.6)
    figure.add(ribbon([p - 0.04j for p in smoke[:4]], 0.14, 0.1, 0.07, 0.03), "light", "tail", 0)


def _lamp(figure: Figure, lamp: complex, side: int) -> None:
    figure.add(
        smooth(
            [
                lamp - 0.2,
                lamp - 0.16 - 0.1j,
                lamp + complex(0.2 * side, -0.1),
                lamp + complex(0.4 * side, -0.08),
                lamp + 0.16 + 0.06j,
                lamp - 0.14 + 0.06j,
            ]
        ),
        "metal",
        "front",
        1,
        0.5,
    )


def _vested_torso(figure: Figure) -> None:
    figure.add(
        smooth(
            [
                complex(-0.5, 0.02),
                complex(0, -0.1),
                complex(0.5, 0.02),
                complex(0.46, 0.34),
                complex(0.2, 0.56),
                complex(-0.2, 0.56),
                complex(-0.46, 0.34),
            ]
        ),
        "body",
        "body",
        1,
        0.9,
    )
    figure.add(smooth([-0.34 + 0.1j, 0.05j, 0.34 + 0.1j, 0.42j]), "cloth", "body", 0.8, 0.3)
    figure.add(box(0.5j, 0.3, 0.07, 0.6), "metal", "body", 0.8)


def _topknot(figure: Figure, head: complex) -> None:
    for k in range(5):
        figure.add(
            turned(leaf(head, head - 0.66j, 0.4), (k - 2) * 0.3, head), ("accent", "accent shade")[k % 2], "skull", 0.8
        )


def _goatee(figure: Figure, head: complex, ry: float) -> None:
    for k in (-1, 0, 1):
        figure.add(
            leaf(head + complex(0.1 * k, ry * 0.86), head + complex(0.06 * k, ry * 1.3 - 0.05 * abs(k)), 0.5),
            "ink",
            "head",
            0,
        )


def lantern(figure: Figure, dice: Dice, text: str) -> None:
    """Things that have woken up: a paper lantern or an umbrella on one leg, with a tongue."""
    figure.add(ribbon([0.5j, 0.86j], 0.1, 0.08), "belly", "tail", 1, 0.4)
    figure.add(box(0.06 + 0.95j, 0.18, 0.05, 0.8), "wood", "tail", 1)
    if has(text, ("umbrella", "karakasa")):
        figure.add(smooth([-0.98j, -0.06 - 0.9j, 0.0 - 0.8j, 0.06 - 0.9j]), "wood", "back", 1)
        rim = [complex(-0.72 + 0.24 * k, 0.5 + 0.06 * (k % 2)) for k in range(7)]
        figure.add([-0.9j, *reversed(rim)], "body", "body", 1, 0.9)
        for k in (1, 2, 3, 4, 5):
            figure.add(ribbon([-0.9j, rim[k]], 0.012), "shade", "body", 0)
        hat = -0.72j
    else:
        figure.add(egg(-0.14j, 0.62, 0.64, 0.0), "body", "body", 1, 1)
        for k in range(5):
            y = -0.56 + 0.2 * k
            half = 0.62 * math.sqrt(1 - ((y + 0.14) / 0.66) ** 2)
            figure.add(ribbon([complex(-half, y), complex(0, y + 0.07), complex(half, y)], 0.014), "shade", "body", 0)
        figure.add(box(-0.76j, 0.32, 0.06, 0.6), "wood", "body", 1)
        figure.add(box(0.5j, 0.32, 0.06, 0.6), "wood", "body", 1)
        hat = -0.78j
    figure.add(smooth([-0.1 + 0.2j, 0.1 + 0.2j, 0.13 + 0.52j, 0.6j, -0.11 + 0.5j]), "cheek", "horn", 0.8, 0.3)
    figure.neck, figure.face, figure.face_size = 0.5j, -0.14j, 0.48
    figure.hat, figure.hat_size = hat, 0.36
    figure.shoulders, figure.arm, figure.arm_fill = (-0.5 + 0.16j, 0.5 + 0.16j), (0.06, 0.05), "belly"
