"""Lichens and moulds."""

import cmath
import math

from dalle.painters.sketch.bodies.anatomy import face_at, spots
from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.matching import has
from dalle.painters.sketch.shapes import Figure, ellipse, lobes, ribbon, smooth


def lichen(figure: Figure, dice: Dice, text: str) -> None:
    """Lichens: leafy lobes, beards or crusts on a stone."""
    if has(text, ("crustose lichen", "foliose lichen")):
        _crust_on_a_stone(figure, dice)
    else:
        _lobes_with_threads(figure, dice, text)
    figure.shoulders, figure.arm = (-0.52 + 0.42j, 0.52 + 0.42j), (0.06, 0.05)


def _crust_on_a_stone(figure: Figure, dice: Dice) -> None:
    figure.add(
        smooth([-0.9 + 0.95j, -0.84 + 0.2j, -0.4 - 0.34j, 0.3 - 0.4j, 0.84 + 0.1j, 0.92 + 0.95j]),
        "steel",
        "back",
        1,
        0.9,
    )
    stream = dice.stream("crusts")
    for k in range(9):
        p = complex(-0.66 + 1.3 * stream.random(), -0.1 + 0.9 * stream.random())
        figure.add(
            lobes(p, 0.2 + 0.1 * stream.random(), 0.17, 9, 0.2, k),
            ("accent", "shade", "leaf")[k % 3],
            "tail",
            0.8,
            0.2,
        )
    for grow, fill in ((1.0, "shade"), (0.86, "body")):
        figure.add(lobes(0.24j, 0.66 * grow, 0.56 * grow, dice.count("lobes", 9, 13), 0.17), fill, "body", 1, 0.6)
    for k in range(8):
        p = 0.24j + cmath.rect(0.46, math.tau * k / 8)
        figure.add(ellipse(p, 0.06, 0.05), "accent", "body", 0.7, 0.3)
    face_at(figure, 0.22j, 0.46, -0.22j, 0.4)


def _lobes_with_threads(figure: Figure, dice: Dice, text: str) -> None:
    _threads(figure, dice, text)
    figure.add(lobes(0.5j, 0.8, 0.44, 9, 0.2, dice.span("phase", 0, 3)), "shade", "tail", 1, 0.7)
    figure.add(lobes(0.34j, 0.58, 0.5, dice.count("lobes", 6, 9), 0.16), "body", "body", 1, 0.9)
    face_at(figure, 0.26j, 0.48, -0.12j, 0.4)


def _threads(figure: Figure, dice: Dice, text: str) -> None:
    for i in range(13):
        t = (i - 6) / 6
        sway = 0.14 * dice.side(f"thread {i}")
        tip = complex(0.94 * t, -0.7 + 0.62 * t * t - 0.12 * (i % 2))
        figure.add(
            ribbon([complex(0.4 * t, 0.5), complex(0.7 * t + sway, -0.02), tip], 0.045, 0.035, 0.014),
            ("shade", "body")[i % 2],
            "back",
            0.8,
            0.3,
        )
        for s in (-1, 1):
            p = complex(0.7 * t + sway, -0.02)
            figure.add(ribbon([p, p + complex(0.12 * s, -0.2)], 0.026, 0.012), "shade", "back", 0.6)
        if has(text, ("cup",)) or i % 3 == 0:
            figure.add(
                smooth([tip - 0.09 - 0.08j, tip + 0.09 - 0.08j, tip + 0.03 + 0.06j, tip - 0.03 + 0.06j]),
                "accent",
                "back",
                0.8,
                0.3,
            )


def mould(figure: Figure, dice: Dice, text: str) -> None:
    """Moulds: slime that flows and stares, or pins with heads."""
    if has(text, ("slime mould",)):
        _slime(figure)
    else:
        _pinned_cushion(figure, dice, text)
    figure.shoulders, figure.arm = (-0.5 + 0.42j, 0.5 + 0.42j), (0.06, 0.05)


def _slime(figure: Figure) -> None:
    blob = smooth(
        [
            complex(-0.98, 0.94),
            complex(-0.72, 0.5),
            complex(-0.5, 0.1),
            complex(-0.36, -0.36),
            complex(0.0, -0.5),
            complex(0.36, -0.36),
            complex(0.5, 0.1),
            complex(0.72, 0.5),
            complex(0.98, 0.94),
            complex(0.5, 0.86),
            complex(0.2, 0.97),
            complex(-0.2, 0.88),
            complex(-0.6, 0.97),
        ]
    )
    for k in range(7):
        a = -math.pi * (0.1 + 0.8 * k / 6)
        tip = 0.1j + cmath.rect(0.94 - 0.1 * (k % 2), a)
        figure.add(ribbon([0.1j, tip], 0.07, 0.04), "shade", "back", 0.9)
        figure.add(ellipse(tip, 0.1, 0.1), "accent", "back", 0.9, 0.6)
    figure.add(blob, "body", "body", 1, 1)
    for k, (x, y) in enumerate(((-0.5, 0.7), (0.44, 0.74), (-0.2, 0.6), (0.6, 0.56), (0.1, 0.78))):
        figure.add(ellipse(complex(x, y), 0.08 - 0.01 * k, 0.07 - 0.01 * k), "light", "body", 0.5)
    face_at(figure, 0.04j, 0.44, -0.42j, 0.38)


def _pinned_cushion(figure: Figure, dice: Dice, text: str) -> None:
    _pins(figure, text)
    for k in range(22):
        a = math.tau * k / 22
        figure.add(
            ellipse(0.36j + complex(0.62 * math.cos(a), 0.5 * math.sin(a)), 0.16, 0.15),
            ("belly", "light")[k % 2],
            "tail",
            0.6,
            0.3,
        )
    figure.add(lobes(0.36j, 0.6, 0.5, 11, 0.08), "body", "body", 0.8, 0.9)
    spots(figure, dice, 0.62j, 0.44, 0.16, "light")
    face_at(figure, 0.28j, 0.48, -0.12j, 0.4)


def _pins(figure: Figure, text: str) -> None:
    for i in range(11):
        x = -0.7 + 0.14 * i
        tip = complex(x * 1.2, -0.45 - 0.42 * abs(math.sin(i * 1.7 + 0.4)))
        figure.add(ribbon([complex(x * 0.8, 0.5), complex(x * 0.95, 0), tip], 0.03, 0.025, 0.02), "light", "back", 0.7)
        if has(text, ("sac mould",)):
            for k in range(-2, 3):
                figure.add(ribbon([tip, tip + cmath.rect(0.17, -1.57 + 0.4 * k)], 0.022), "accent", "back", 0.6)
        else:
            figure.add(ellipse(tip, 0.09, 0.09), "ink" if has(text, ("pin mould",)) else "accent", "back", 0.9, 0.6)
