"""Rays and seahorses: fish of unusual shape."""

import math

from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.matching import has
from dalle.painters.sketch.shapes import Figure, egg, ellipse, leaf, ribbon, smooth


def ray(figure: Figure, dice: Dice, text: str) -> None:
    """Rays, seen from below as they show their faces: a kite with a whip."""
    side = dice.side("tail side")
    _whip_tail(figure, side)
    if has(text, ("sawfish",)):
        _saw(figure)
    lift = dice.span("lift", -0.3, 0.05)
    _kite(figure, lift)
    if has(text, ("manta", "eagle")):
        figure.both(ribbon([0.2 - 0.42j, 0.26 - 0.66j, 0.14 - 0.74j], 0.07, 0.06, 0.03), "body", "skull", 1)
    for k in range(4):
        figure.both(
            ribbon([complex(0.16 + 0.015 * k, 0.26 + 0.055 * k), complex(0.28, 0.24 + 0.055 * k)], 0.012),
            "shade",
            "body",
            0,
        )
    stream = dice.stream("spots")
    for _ in range(14):
        x, y = 0.42 + 0.46 * stream.random(), lift * 0.7 + 0.26 * (stream.random() - 0.3)
        figure.both(ellipse(complex(x, y), 0.035, 0.03), "second", "body", 0)
    figure.neck, figure.face, figure.face_size = 0.1j, -0.1j, 0.44
    figure.hat, figure.hat_size, figure.floats = -0.5j, 0.32, True
    figure.shoulders, figure.arm, figure.reach = (-0.42 + 0.28j, 0.42 + 0.28j), (0.05, 0.07), 0.36


def _whip_tail(figure: Figure, side: int) -> None:
    figure.add(
        ribbon(
            [0.4j, complex(0.1 * side, 0.75), complex(0.5 * side, 0.9), complex(0.85 * side, 0.62)],
            0.09,
            0.05,
            0.03,
            0.01,
        ),
        "deep",
        "back",
        1,
    )


def _saw(figure: Figure) -> None:
    figure.add(ribbon([-0.4j, -1.0j], 0.09, 0.06), "deep", "back", 1)
    for k in range(5):
        figure.both(leaf(complex(0.05, -0.58 - 0.09 * k), complex(0.2, -0.6 - 0.09 * k), 0.4), "white", "back", 0.6)


def _kite(figure: Figure, lift: float) -> None:
    kite = smooth(
        [
            -0.56j,
            0.36 - 0.42j,
            complex(0.8, lift - 0.1),
            complex(1.12, lift),
            complex(0.8, 0.24),
            0.4 + 0.44j,
            0.14 + 0.6j,
            -0.14 + 0.6j,
            -0.4 + 0.44j,
            complex(-0.8, 0.24),
            complex(-1.12, lift),
            complex(-0.8, lift - 0.1),
            -0.36 - 0.42j,
        ]
    )
    figure.add(kite, "body", "body", 1, 1)
    figure.add([p * 0.84 + 0.03j for p in kite], "belly", "body", 0)


def seahorse(figure: Figure, dice: Dice, text: str) -> None:
    """Seahorses and pipefish: a question mark in plates, a trumpet for a mouth."""
    side = dice.side("tail side")
    leafy = has(text, ("leafy sea dragon",))
    _plated_back(figure, side)
    for k in range(5 if not leafy else 9):
        a = -math.pi / 2 + (k - 2) * 0.42
        root = complex(0.3 * math.cos(a), -0.42 + 0.3 * math.sin(a))
        figure.add(
            leaf(root, root + complex(0.24 * math.cos(a), 0.24 * math.sin(a)), 0.5),
            "leaf" if leafy else "accent",
            "skull",
            0.8,
        )
    head = -0.42j
    figure.add(egg(head, 0.38, 0.32, 0.05), "body", "head", 1, 1)
    _trumpet(figure, head + complex(-0.04 * side, 0.16), side)
    figure.mouth = "none"
    figure.neck, figure.face, figure.face_size = -0.1j, head - 0.02j, 0.37
    figure.hat, figure.hat_size, figure.floats = -0.68j, 0.3, True
    figure.shoulders, figure.arm, figure.arm_fill, figure.reach = (
        (-0.16 + 0.12j, 0.2 + 0.12j),
        (0.05, 0.08),
        "accent",
        0.34,
    )


def _plated_back(figure: Figure, side: int) -> None:
    spine = [
        complex(0, -0.3),
        complex(0.16 * side, 0.05),
        complex(0.12 * side, 0.45),
        complex(-0.08 * side, 0.72),
        complex(0.1 * side, 0.96),
        complex(0.34 * side, 0.86),
        complex(0.26 * side, 0.7),
    ]
    back = smooth(
        [
            complex(0.28 * side, -0.1),
            complex(0.62 * side, -0.08),
            complex(0.66 * side, 0.22),
            complex(0.28 * side, 0.36),
        ]
    )
    figure.add(back, "accent", "back", 1, 0.4)
    figure.add(ribbon(spine, 0.22, 0.28, 0.2, 0.12, 0.08, 0.05, 0.025), "body", "body", 1, 0.9)
    line = smooth(spine, closed=False, steps=4)
    for k in range(3, 22, 2):
        p, q = line[k], line[k + 1]
        out = (q - p) * 1j / max(abs(q - p), 1e-6)
        width = 0.24 * max(0.2, 1 - k / 26)
        figure.add(ribbon([p - out * width, p + out * width], 0.014), "shade", "body", 0)
        figure.add(leaf(p + out * width * side * -1, p + out * (width + 0.09) * side * -1, 0.7), "accent", "back", 0.6)


def _trumpet(figure: Figure, snout: complex, side: int) -> None:
    figure.add(
        ribbon([snout, snout + complex(-0.28 * side, 0.14), snout + complex(-0.44 * side, 0.16)], 0.09, 0.055, 0.085),
        "body",
        "face",
        1,
        0.5,
    )
    figure.add(ellipse(snout + complex(-0.5 * side, 0.165), 0.025, 0.05), "mouth", "face", 0)
