"""Pods and bundles of stalks."""

from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.matching import has
from dalle.painters.sketch.shapes import (
    Figure,
    egg,
    ellipse,
    leaf,
    ribbon,
)


def pod(figure: Figure, dice: Dice, _text: str) -> None:
    """Peas and beans: a pod that stands open, the middle pea looks out."""
    for fill, wide in (("shade", 0.42), ("leaf", 0.36)):
        figure.add(leaf(-0.98j, 0.98j, wide), fill, "back" if fill == "shade" else "body", 1, 0.7)
    for y, size in ((-0.52, 0.2), (0.56, 0.21)):
        figure.add(ellipse(complex(0, y), size, size), "body", "body", 1, 1)
        figure.add(ellipse(complex(-size * 0.35, y - size * 0.4), size * 0.2, size * 0.16), "light", "body", 0)
    figure.add(ellipse(0.02j, 0.42, 0.4), "body", "head", 1, 1)
    figure.add(ribbon([-0.96j, complex(0.1 * dice.side("stalk"), -1.12)], 0.04, 0.03), "leaf", "skull", 0.9)
    for k in range(2):
        figure.add(
            ribbon([-0.94j, complex(0.3 * (-1) ** k, -1.0), complex(0.42 * (-1) ** k, -0.84)], 0.018, 0.01),
            "leaf",
            "skull",
            0.5,
        )
    figure.neck, figure.face, figure.face_size = 0.4j, 0.02j, 0.38
    figure.hat, figure.hat_size = -0.36j, 0.3
    figure.shoulders, figure.arm, figure.arm_fill = (-0.36 + 0.16j, 0.36 + 0.16j), (0.05, 0.04), "leaf"


def bundle(figure: Figure, dice: Dice, text: str) -> None:
    """Leeks, celery, chard: stalks tied together, leaves in the air."""
    for i in range(7):
        x = (i - 3) * 0.11
        tip = complex(x * 3.4, -0.95 + 0.05 * abs(i - 3))
        figure.add(
            leaf(complex(x, 0.1), tip, 0.3 if has(text, ("leek",)) else 0.42),
            ("leaf", "shade")[i % 2],
            "back",
            0.9,
            0.4,
        )
    for x in (-0.28, 0.28, -0.1, 0.1):
        figure.add(
            ribbon([complex(x * 1.2, -0.3), complex(x, 0.4), complex(x * 1.1, 0.86)], 0.16, 0.17, 0.2),
            "belly" if has(text, ("leek", "celery")) else "body",
            "body",
            1,
            0.6,
        )
    figure.add(egg(0.1j, 0.38, 0.42), "belly" if has(text, ("leek", "celery")) else "body", "head", 0, 0)
    figure.add(ribbon([-0.4 + 0.6j, 0.66j, 0.4 + 0.6j], 0.045), "cloth", "front", 0.9)
    for k in range(6):
        figure.add(ribbon([complex(-0.2 + 0.08 * k, 0.94), complex(-0.26 + 0.1 * k, 1.04)], 0.01), "wood", "tail", 0)
    figure.neck, figure.face, figure.face_size = 0.5j, 0.1j, 0.38
    figure.hat, figure.hat_size = -0.34j, 0.34
    figure.shoulders, figure.arm, figure.arm_fill = (-0.36 + 0.26j, 0.36 + 0.26j), (0.05, 0.04), "leaf"
