"""Squids, cuttlefish and nautiluses."""

import cmath
import math

from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.matching import has
from dalle.painters.sketch.shapes import Figure, arc, box, egg, ellipse, ribbon, smooth


def squid(figure: Figure, dice: Dice, text: str) -> None:
    """Squids and cuttlefish: an arrow of a mantle with fins, a skirt of arms, two long tentacles."""
    cuttle = has(text, ("cuttlefish",))
    tip = -0.72 if cuttle else -1.02
    _arms(figure, dice)
    club = [0.3 + 0.4j, 0.66 + 0.7j, 0.9 + 0.5j, 0.92 + 0.2j]
    figure.both(ribbon(club, 0.03, 0.024, 0.022, 0.03), "shade", "back", 0.8)
    figure.both(ellipse(club[-1] - 0.06j, 0.065, 0.12), "accent", "back", 0.9, 0.3)
    if cuttle:
        _fin_all_round(figure)
    else:
        figure.both(
            smooth([complex(0.1, tip + 0.04), complex(0.62, tip + 0.42), complex(0.3, tip + 0.56)]),
            "accent",
            "back",
            1,
            0.4,
        )
    _mantle(figure, tip)
    for row in range(3):
        for k in range(3 - row):
            figure.add(
                ellipse(complex(-0.14 + 0.14 * k + 0.07 * row, -0.34 - 0.14 * row), 0.03, 0.03),
                ("accent", "light")[k % 2],
                "head",
                0,
            )
    if has(text, ("vampire",)):
        web = [complex(0.5 - 0.166 * k, 0.82 - 0.14 * (k % 2)) for k in range(7)]
        figure.add([complex(-0.4, 0.3), complex(0.4, 0.3), *web], "deep", "front", 1, 0.4)
    figure.neck, figure.face, figure.face_size = 0.4j, 0.08j, 0.43
    figure.hat, figure.hat_size, figure.floats = complex(0, tip + 0.2), 0.3, True
    figure.shoulders, figure.arm, figure.reach = (-0.36 + 0.34j, 0.36 + 0.34j), (0.07, 0.035), 0.58


def _arms(figure: Figure, dice: Dice) -> None:
    for i in range(4):
        x = 0.07 + 0.1 * i
        sway = 0.06 * dice.side(f"arm {i}")
        figure.both(
            ribbon(
                [complex(x, 0.36), complex(x * 1.3 + sway, 0.62), complex(x * 1.7 - sway, 0.9 - 0.03 * i)],
                0.07,
                0.05,
                0.014,
            ),
            ("body", "shade")[i % 2],
            "tail",
            0.9,
            0.4,
        )


def _fin_all_round(figure: Figure) -> None:
    skirt = [
        complex(0.62 * math.cos(a) * (1 + 0.07 * (k % 2)), -0.18 + 0.6 * math.sin(a))
        for k, a in enumerate(math.tau * j / 40 for j in range(40))
    ]
    figure.add(smooth(skirt, steps=2), "accent", "back", 1, 0.4)


def _mantle(figure: Figure, tip: float) -> None:
    mantle = smooth(
        [
            complex(0, tip),
            complex(0.26, tip + 0.34),
            complex(0.46, -0.16),
            complex(0.44, 0.22),
            complex(0.3, 0.44),
            complex(-0.3, 0.44),
            complex(-0.44, 0.22),
            complex(-0.46, -0.16),
            complex(-0.26, tip + 0.34),
        ]
    )
    figure.add(mantle, "body", "head", 1, 1)


def nautilus(figure: Figure, dice: Dice, text: str) -> None:
    """Nautiluses and ammonites: a striped spiral on the back, a face and many fingers before it."""
    side = dice.side("shell side")
    hub = complex(0.26 * side, -0.12)
    figure.add(ellipse(hub, 0.74, 0.72), "belly", "back", 1, 1)
    for k in range(12):
        a = math.tau * k / 12
        stripe = [hub + cmath.rect(0.34, a), hub + cmath.rect(0.55, a + 0.1), hub + cmath.rect(0.71, a + 0.06)]
        figure.add(ribbon(stripe, 0.02, 0.045, 0.055), "accent", "back", 0)
    spiral = [
        hub + cmath.rect(0.68 * (1 - k / 26), -side * (0.4 + 0.5 * k) + (0 if side > 0 else math.pi)) for k in range(24)
    ]
    figure.add(ribbon(spiral, 0.026, 0.02, 0.01, steps=3), "deep", "back", 0)
    face = complex(-0.3 * side, 0.3)
    for k in range(9):
        x = -0.36 + 0.09 * k
        curl = 0.07 * dice.side(f"finger {k}")
        root = face + complex(x, 0.18)
        figure.add(
            ribbon(
                [root, root + complex(x * 0.4 + curl, 0.26), root + complex(x * 0.7 - curl, 0.46)], 0.06, 0.045, 0.018
            ),
            ("body", "shade")[k % 2],
            "tail",
            0.9,
            0.3,
        )
    figure.add(egg(face, 0.46, 0.37, 0.06), "body", "head", 1, 1)
    figure.add(arc(face - 0.04j, 0.46, 0.34, 0.55, 0.95), "accent", "head", 0.8)
    figure.add(box(face - 0.3j, 0.34, 0.1, 0.8), "accent", "head", 0.9, 0.4)
    figure.neck, figure.face, figure.face_size = face + 0.3j, face + 0.02j, 0.44
    figure.hat, figure.hat_size, figure.floats = face - 0.36j, 0.32, True
    figure.shoulders, figure.arm, figure.reach = (
        (face + complex(-0.36, 0.2), face + complex(0.36, 0.2)),
        (0.06, 0.035),
        0.44,
    )
