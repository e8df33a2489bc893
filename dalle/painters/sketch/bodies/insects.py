"""Insects."""

import math

from dalle.painters.sketch.bodies.anatomy import feelers, round_head
from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.shapes import Figure, arc, egg, ellipse, leaf, ribbon, turned
from dalle.painters.sketch.words import has


def insect(figure: Figure, dice: Dice, text: str) -> None:
    """Beetles, bees, ants, flies and their kin, seen from the front, rearing up."""
    bee = has(text, ("bee", "wasp", "hornet", "fly", "hymenopteran", "mosquito"))
    dragonfly = has(text, ("dragonfly", "damselfly", "lacewing", "mayfly", "odonate"))
    for i in range(3):
        y = 0.22 + 0.2 * i
        figure.both(
            ribbon(
                [complex(0.25, y), complex(0.62 + 0.05 * i, y - 0.1), complex(0.72 + 0.06 * i, y + 0.3)],
                0.045,
                0.035,
                0.02,
            ),
            "deep",
            "back",
            0.8,
        )
    if bee or dragonfly:
        long = 1.12 if dragonfly else 0.92
        for low in (0, 1):
            wing = turned(leaf(0.1 + 0.15j, complex(long - 0.12 * low, -0.3), 0.42), 0.5 * low, 0.1 + 0.15j)
            figure.both(wing, "light", "back", 0.8, 0.3)
            figure.both(ribbon([0.15 + 0.13j, complex(0.75 * long, -0.16 + 0.5 * low)], 0.008), "deep", "back", 0)
    wide = 0.2 if dragonfly else dice.span("girth", 0.34, 0.44)
    figure.add(egg(0.46j, wide, 0.5, 0.02), "accent", "body", 1, 1)
    if bee or dragonfly:
        for i in range(4):
            y = -0.3 + 0.24 * i
            half = wide * math.sqrt(1 - (y / 0.5) ** 2) * 0.98
            figure.add(
                ribbon([complex(-half, 0.46 + y), complex(0, 0.5 + y), complex(half, 0.46 + y)], 0.045),
                "ink",
                "body",
                0,
            )
    else:
        figure.both([0.02 + 0.1j, *arc(0.02 + 0.46j, wide * 1.04, 0.52, -0.22, 0.24)], "accent", "front", 1, 0.8)
        for k in range(dice.count("dots", 2, 4)):
            figure.both(
                ellipse(complex(wide * (0.34 + 0.26 * (k % 2)), 0.28 + 0.18 * k), 0.07, 0.07), "ink", "front", 0
            )
    feelers(figure, dice, -0.5j, 0.22, dice.chance("knob", 0.6))
    if has(text, ("stag beetle", "rhinoceros", "hercules", "ant")) and dice.chance("jaws", 0.8):
        figure.both(ribbon([0.16 - 0.06j, 0.36 + 0.06j, 0.18 + 0.2j], 0.05, 0.045, 0.012), "deep", "skull")
    round_head(figure, dice, -0.22j, dice.span("head width", 0.38, 0.45), dice.span("head height", 0.33, 0.38))
    figure.shoulders, figure.arm, figure.arm_fill = (-0.3 + 0.14j, 0.3 + 0.14j), (0.05, 0.035), "deep"
    figure.floats = bee or dragonfly
