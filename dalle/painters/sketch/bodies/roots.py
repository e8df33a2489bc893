"""Vegetables from under the ground: spindles, round roots and bulbs."""

from dalle.painters.sketch.bodies.stalks import CENTRE, girth, leaves, limbs, outline, shine
from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.shapes import Figure, ribbon

SPINDLE = (
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
ROOT = (
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
ROOT_TIP = ((-0.66, 0.62), (0, 0.5), (0.66, 0.62), (0.14, 0.96), (0, 1.36), (-0.14, 0.96))
BULB = (
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


def spindle(figure: Figure, dice: Dice, _text: str) -> None:
    """Carrots and parsnips: long, ringed, under a tuft of leaves."""
    rx, crown = 0.4, CENTRE - 0.6j
    figure.add(outline(rx, 1, *SPINDLE), "body", "body", 1, 1)
    for k in range(6):
        y = -0.42 + 0.19 * k
        side = (-1) ** k
        ring = [
            CENTRE + complex(rx * 0.86 * side * (1 - max(0.0, y) * 0.9), y),
            CENTRE + complex(rx * 0.4 * side, y + 0.02),
        ]
        figure.add(ribbon(ring, 0.012), "shade", "body", 0)
    leaves(figure, dice, crown, 7, 0.46, 0.24)
    limbs(figure, CENTRE, rx, crown)


def root(figure: Figure, dice: Dice, _text: str) -> None:
    """Beets and radishes: round, with a pale thin tip."""
    rx, ry, crown = girth(dice)
    figure.add(outline(rx, ry, *ROOT), "body", "body", 1, 1)
    figure.add(outline(rx, ry, *ROOT_TIP), "belly", "body", 0)
    shine(figure, CENTRE, rx, ry)
    leaves(figure, dice, crown, 5, 0.5, 0.34)
    limbs(figure, CENTRE, rx, crown)


def bulb(figure: Figure, dice: Dice, _text: str) -> None:
    """Onions and garlic: veined from the tip to a beard of roots."""
    rx, ry, _ = girth(dice)
    figure.add(outline(rx, ry, *BULB), "body", "body", 1, 1)
    for k in (-2, -1, 1, 2):
        vein = [
            CENTRE - complex(0, ry * 1.1),
            CENTRE + complex(rx * 0.4 * k, 0.1),
            CENTRE + complex(rx * 0.14 * k, ry * 0.9),
        ]
        figure.add(ribbon(vein, 0.006, 0.014, 0.006), "shade", "body", 0)
    for k in range(7):
        thread = [CENTRE + complex(0.05 * (k - 3), ry * 0.94), CENTRE + complex(0.09 * (k - 3), ry * 0.94 + 0.13)]
        figure.add(ribbon(thread, 0.012, 0.006), "wood", "back", 0)
    limbs(figure, CENTRE, rx, CENTRE - complex(0, ry * 1.2))
