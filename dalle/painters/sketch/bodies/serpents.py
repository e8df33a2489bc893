"""Snakes, worms and serpents."""

import math

from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.shapes import Figure, egg, ellipse, leaf, ribbon, smooth, turned
from dalle.painters.sketch.words import has


def serpent(figure: Figure, dice: Dice, text: str) -> None:
    """Snakes, worms, eels and serpents: coils, and a head that rises out of them."""
    side = dice.side("coil side")
    thick = dice.span("thick", 0.15, 0.2)
    worm = has(text, ("worm", "leech", "annelid", "nematode"))
    for row, (wide, y) in enumerate(((0.86, 0.82), (0.68, 0.6))):
        figure.add(egg(complex(0.05 * side * row, y), wide, 0.2, 0.0), "body", "tail", 1, 0.9)
        for k in range(9):
            x = -wide * 0.8 + 1.6 * wide * k / 8
            p = complex(x, y + 0.1 * math.sqrt(1 - (x / wide) ** 2))
            if worm:
                figure.add(ribbon([p - 0.16j, p + 0.06j], 0.014), "shade", "tail", 0)
            else:
                figure.add([p - 0.06, p - 0.06j, p + 0.06, p + 0.06j], ("accent", "belly")[k % 2], "tail", 0)
    figure.add(
        ribbon([complex(0.8 * side, 0.8), complex(1.05 * side, 0.62), complex(1.0 * side, 0.36)], 0.1, 0.06, 0.012),
        "body",
        "back",
        1,
        0.3,
    )
    neck = [0.55j, complex(-0.34 * side, 0.32), complex(-0.1 * side, 0.02), -0.3j]
    figure.add(ribbon(neck, thick * 1.2, thick * 1.1, thick), "body", "body", 1, 0.8)
    for k, p in enumerate(smooth(neck, closed=False, steps=5)[2:14]):
        figure.add(
            ribbon([p - thick * 0.5, p + thick * 0.5], 0.016 if worm else 0.024),
            "shade" if worm else "belly",
            "body",
            0,
        )
        if k % 3 == 0 and not worm:
            figure.add(ellipse(p, 0.03, 0.03), "accent", "body", 0)
    head = -0.4j
    rx, ry = dice.span("head width", 0.36, 0.44), dice.span("head height", 0.29, 0.34)
    if "cobra" in text or "naga" in text:
        figure.add(egg(-0.2j, 0.56, 0.5, -0.1), "accent", "back", 1, 0.8)
    if has(text, ("serpent", "dragon", "hydra", "basilisk", "quetzal", "feather", "mythical")) and not worm:
        for k in range(5):
            figure.add(turned(leaf(head - 0.1j, head - 0.62j, 0.34), (k - 2) * 0.5, head), "accent", "skull", 0.8)
    figure.add(egg(head, rx, ry, 0.12), "body", "head", 1, 1)
    if not worm:
        figure.both(ellipse(head + 0.045 + 0.07j, 0.014, 0.018), "ink", "face", 0)
        tongue = ribbon([head + 0.24j, head + 0.36j], 0.018)
        figure.add(tongue, "cheek", "skull", 0.5)
    figure.neck, figure.face, figure.face_size = -0.1j, head - 0.04j, rx * 0.95
    figure.hat, figure.hat_size = head - complex(0, ry * 0.86), rx * 0.84
    figure.hand = complex(0.5 * side, 0.2)
