"""Butterflies and moths."""

import cmath

from dalle.painters.sketch.bodies.anatomy import feelers, round_head
from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.matching import has
from dalle.painters.sketch.shapes import (
    Figure,
    egg,
    ellipse,
    leaf,
    ribbon,
    smooth,
)


def butterfly(figure: Figure, dice: Dice, text: str) -> None:
    """Butterflies and moths: four painted wings."""
    moth = has(text, ("moth",))
    tip = complex(dice.span("wing out", 0.95, 1.15), -dice.span("wing up", 0.5, 0.75))
    fore = smooth([0.08 + 0.1j, 0.4 - 0.45j, tip, complex(1.02, -0.08), 0.62 + 0.16j, 0.2 + 0.25j])
    tail = complex(dice.span("tail out", 0.5, 0.8), dice.span("tail low", 0.8, 1.0))
    hind = smooth([0.1 + 0.2j, 0.6 + 0.16j, 0.88 + 0.36j, tail + 0.08 - 0.18j, tail, 0.32 + 0.7j])
    for wing, centre, fill in ((hind, 0.5 + 0.45j, "accent"), (fore, complex(0.62, -0.2), "body")):
        figure.both(wing, "ink" if dice.chance("dark rim", 0.5) else "deep", "back", 1)
        inner = [centre + (p - centre) * 0.86 for p in wing]
        figure.both(inner, fill, "back", 0, 0.4)
        for k in range(4):
            turn = -1.1 + 0.62 * k
            end = centre + cmath.rect(0.24, turn)
            figure.both(ribbon([0.12 + 0.18j, end], 0.008), "deep", "back", 0)
        for k in range(dice.count("eyes", 1, 3)):
            spot = centre + cmath.rect(0.04 + 0.13 * k, dice.span(f"spot {k}", -1.2, 1.2))
            size = 0.12 - 0.025 * k
            figure.both(ellipse(spot, size, size), "belly", "back", 0)
            figure.both(ellipse(spot, size * 0.68, size * 0.68), "second", "back", 0)
            figure.both(ellipse(spot, size * 0.34, size * 0.34), "ink", "back", 0)
    figure.add(egg(0.44j, 0.13 + 0.06 * moth, 0.46, -0.1), "shade", "body", 1, 0.8)
    for i in range(4):
        figure.add(ribbon([complex(-0.1, 0.36 + 0.13 * i), complex(0.1, 0.36 + 0.13 * i)], 0.018), "light", "body", 0)
    if moth:
        for k in range(4):
            root = complex(0.12 + 0.05 * k, -0.42 - 0.06 * k)
            figure.both(leaf(root, root + 0.14 - 0.03j, 0.4), "deep", "skull", 0)
    feelers(figure, dice, -0.48j, 0.16, not moth)
    round_head(figure, dice, -0.22j, 0.31, 0.29)
    figure.shoulders, figure.arm, figure.arm_fill, figure.reach = (
        (-0.1 + 0.22j, 0.1 + 0.22j),
        (0.032, 0.025),
        "deep",
        0.42,
    )
    figure.floats = True
