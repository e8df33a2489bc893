"""Mushrooms, lichens and moulds."""

import math

from dalle.painters.sketch.bodies.anatomy import face_at, spots
from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.shapes import Figure, arc, ellipse, lobes, ribbon, smooth
from dalle.painters.sketch.words import has


def mushroom(figure: Figure, dice: Dice, text: str) -> None:
    """Mushrooms: a face on the stem, a spotted cap for a hat."""
    rx, tall = dice.span("cap", 0.64, 0.86), dice.span("cap height", 0.5, 0.74)
    if has(text, ("morel", "stinkhorn", "ink cap", "inkcap", "conical", "parasol")):
        rx, tall = rx * 0.72, 0.86
    stem = smooth([-0.26 - 0.1j, -0.27 + 0.4j, -0.4 + 0.85j, 0.97j, 0.4 + 0.85j, 0.27 + 0.4j, 0.26 - 0.1j])
    figure.add(stem, "belly", "body", 1, 0.9)
    figure.add(ellipse(complex(0, -0.1), rx * 0.92, 0.15), "shade", "head", 1)
    for k in range(-7, 8):
        figure.add(
            ribbon([complex(0.24 * k / 7, -0.03), complex(rx * 0.86 * k / 7, -0.13 + 0.02 * abs(k) / 7)], 0.006),
            "belly",
            "head",
            0,
        )
    lip = [complex(rx - 2 * rx * k / 8, -0.13 + 0.035 * math.sin(k * 2)) for k in range(1, 8)]
    cap = smooth([*arc(-0.14j, rx, tall, 0.5, 1.0, 12), *lip], steps=4)
    figure.add(cap, "body", "head", 1, 1)
    if has(text, ("morel", "truffle")):
        for i in range(24):
            a, far = i * 2.4, math.sqrt(i / 24)
            figure.add(
                ellipse(complex(rx * 0.8 * far * math.cos(a), -0.48 + 0.3 * far * math.sin(a)), 0.07, 0.085),
                "deep",
                "head",
                0.5,
            )
    else:
        for i, (x, y, r) in enumerate(
            (
                (0.0, -0.52, 0.13),
                (-0.46, -0.34, 0.1),
                (0.48, -0.36, 0.11),
                (-0.24, -0.26, 0.06),
                (0.24, -0.24, 0.065),
                (-0.3, -0.62, 0.065),
                (0.3, -0.64, 0.07),
            )
        ):
            high = tall / 0.72
            figure.add(
                ellipse(
                    complex(x * rx / 0.7, -0.14 + (y + 0.14) * high), r * dice.span(f"dot {i}", 0.7, 1.2), r * 0.85
                ),
                "belly",
                "head",
                0.6,
                0.3,
            )
    if dice.chance("skirt", 0.5):
        figure.add(
            smooth([-0.28 + 0.52j, -0.4 + 0.66j, -0.14 + 0.64j, 0.7j, 0.14 + 0.64j, 0.4 + 0.66j, 0.28 + 0.52j]),
            "accent",
            "body",
            0.9,
            0.3,
        )
    face_at(figure, 0.28j, 0.3, complex(0, -0.14 - tall * 0.94), 0.34)
    figure.neck = 0.6j
    figure.shoulders, figure.arm, figure.arm_fill, figure.reach = (
        (-0.24 + 0.48j, 0.24 + 0.48j),
        (0.05, 0.04),
        "belly",
        0.5,
    )


def lichen(figure: Figure, dice: Dice, text: str) -> None:
    """Lichens and moulds: soft lobes with cups and stalks."""
    for i in range(9):
        x = -0.72 + 0.18 * i
        tip = complex(x * 1.15, -0.35 - 0.45 * abs(math.sin(i * 1.7 + dice.span("stalk", 0, 3))))
        figure.add(
            ribbon([complex(x * 0.8, 0.5), complex(x * 0.9, 0), tip], 0.045, 0.035, 0.03), "shade", "back", 0.8, 0.3
        )
        figure.add(ellipse(tip, 0.1, 0.07 if i % 2 else 0.1), "accent", "back", 0.9, 0.6)
    figure.add(lobes(0.5j, 0.84, 0.46, 9, 0.2, dice.span("phase", 0, 3)), "shade", "tail", 1, 0.7)
    figure.add(lobes(0.32j, 0.62, 0.52, dice.count("lobes", 6, 9), 0.16), "body", "body", 1, 0.9)
    spots(figure, dice, 0.56j, 0.5, 0.2, "light")
    face_at(figure, 0.24j, 0.5, -0.16j, 0.42)
    figure.shoulders, figure.arm = (-0.52 + 0.4j, 0.52 + 0.4j), (0.06, 0.05)
