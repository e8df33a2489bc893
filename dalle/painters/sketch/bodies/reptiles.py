"""Reptiles, dinosaurs and dragons."""

import math

from dalle.painters.sketch.bodies.anatomy import legs, spots
from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.shapes import Figure, box, egg, ellipse, leaf, ribbon, smooth, turned
from dalle.painters.sketch.words import has


def lizard(figure: Figure, dice: Dice, text: str) -> None:
    """Reptiles, dinosaurs and dragons: upright, with a great tail, plates, horns, shells and wings."""
    side = dice.side("tail side")
    wide = dice.span("girth", 0.34, 0.44)
    dragon = has(text, ("dragon", "wyvern", "drake", "pterosaur", "wyrm", "pterodactyl"))
    turtle = has(text, ("turtle", "tortoise", "terrapin", "chelonian"))
    if dragon:
        wing = [0.2 + 0.2j, 0.55 - 0.45j, 1.15 - 0.6j]
        web = smooth([1.0 - 0.15j, 0.82 - 0.1j, 0.86 + 0.22j, 0.62 + 0.15j, 0.55 + 0.45j, 0.3 + 0.4j], closed=False)
        figure.both([*smooth(wing, closed=False), *web], "accent", "back", 1, 0.5)
        for tip in (0.84 - 0.1j, 0.62 + 0.15j):
            figure.both(ribbon([0.56 - 0.42j, tip], 0.02, 0.01), "accent shade", "back", 0)
    tail = [
        complex(0.1 * side, 0.72),
        complex(0.6 * side, 0.9),
        complex(0.98 * side, 0.7),
        complex(0.9 * side, 0.34),
        complex(dice.span("tail tip", 0.72, 1.0) * side, 0.12),
    ]
    figure.add(ribbon(tail, 0.2, 0.14, 0.09, 0.05, 0.015), "body", "tail", 1, 0.4)
    for spot in smooth(tail, closed=False, steps=2)[3:]:
        figure.add(ellipse(spot, 0.035, 0.02), "deep", "tail", 0)
    if turtle:
        figure.add(egg(0.38j, wide * 1.75, 0.56, 0.05), "accent", "back", 1, 1)
        for i in range(9):
            a = math.tau * i / 9
            figure.add(
                ellipse(complex(wide * 1.45 * math.cos(a), 0.38 + 0.45 * math.sin(a)), 0.12, 0.1),
                "accent shade",
                "back",
                0,
            )
    else:
        for i in range(7):
            y = -0.62 + 0.2 * i
            figure.add(
                turned(leaf(complex(0, y), complex(0, y - 0.34), 0.7), side * (0.25 + 0.16 * i), complex(0, y)),
                "accent",
                "back",
                0.8,
            )
    figure.add(egg(0.42j, wide, 0.5, 0.14), "body", "body", 1, 1)
    legs(figure, dice, wide * 0.72, 0.18, 0.12)
    figure.add(egg(0.48j, wide * 0.64, 0.4, 0.1), "belly", "body", 0.5)
    for i in range(5):
        y = 0.24 + 0.13 * i
        half = wide * 0.6 * math.sqrt(max(0.05, 1 - ((y - 0.48) / 0.42) ** 2))
        figure.add(ribbon([complex(-half, y), complex(0, y + 0.03), complex(half, y)], 0.009), "shade", "body", 0)
    rx, ry = dice.span("head width", 0.4, 0.5), dice.span("head height", 0.3, 0.37)
    head = -0.26j
    top = head - complex(0, ry)
    if dragon or dice.chance("horned", 0.3) or "ceratops" in text or "horn" in text:
        base = top + complex(rx * 0.48, 0.1)
        figure.both(
            ribbon([base, base + 0.08 - 0.16j, base + complex(dice.span("horn", 0.1, 0.34), -0.32)], 0.07, 0.05, 0.01),
            "belly",
            "skull",
            1,
            0.4,
        )
    if has(text, ("ceratops", "frilled", "hooded")):
        figure.add(
            smooth(
                [
                    head + complex((rx + 0.22) * math.cos(a), (ry + 0.26) * math.sin(a))
                    for a in (math.pi * (0.85 + 1.3 * k / 11) for k in range(12))
                ]
            ),
            "accent",
            "skull",
            1,
            0.5,
        )
    figure.add(box(head, rx, ry, 0.86), "body", "head", 1, 1)
    figure.add(egg(head + complex(0, ry * 0.5), rx * 0.84, ry * 0.46, -0.1), "light", "head", 0)
    figure.both(ellipse(head + complex(0.05, ry * 0.26), 0.018, 0.025), "ink", "face", 0)
    spots(figure, dice, head - complex(0, ry * 0.62), rx * 0.6, ry * 0.2, "deep", "head")
    figure.neck, figure.face, figure.face_size = 0.04j, head - complex(0, ry * 0.16), rx * 0.98
    figure.hat, figure.hat_size = top + complex(0, ry * 0.14), rx * 0.8
    figure.shoulders = (complex(-wide * 0.8, 0.2), complex(wide * 0.8, 0.2))
    figure.arm = (0.1, 0.075)
