"""People of legend: spirits and sprites."""

import math

from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.shapes import Figure, Points, arc, egg, leaf, ribbon, smooth, turned
from dalle.painters.sketch.words import has


def person(figure: Figure, dice: Dice, text: str) -> None:
    """Spirits and sprites: a small draped body, wisps instead of feet, wings of gauze for the sprites."""
    ghostly = not has(
        text,
        (
            "sprite",
            "fairy",
            "elf",
            "gnome",
            "pixie",
            "dwarf",
            "imp",
            "goblin",
            "brownie",
            "leprechaun",
            "kobold",
            "nymph",
            "dryad",
            "puck",
            "hob",
        ),
    )
    wide = dice.span("girth", 0.4, 0.5)
    if not ghostly:
        figure.both(
            smooth([0.1 + 0.2j, 0.5 - 0.42j, 0.98 - 0.5j, 0.98 - 0.05j, 0.6 + 0.24j]), "light", "back", 0.8, 0.3
        )
        figure.both(
            smooth([0.1 + 0.25j, 0.62 + 0.24j, 0.86 + 0.5j, 0.62 + 0.72j, 0.32 + 0.55j]), "second", "back", 0.8, 0.3
        )
    waves = dice.count("waves", 3, 5)
    hem: Points = []
    for i in range(waves * 2 + 1):
        x = -wide * 1.35 + 2.7 * wide * i / (waves * 2)
        hem.append(complex(x, 0.96 - 0.16 * (i % 2)))
    robe = smooth([-0.2 - 0.1j, *[complex(-wide, 0.35)], *hem, complex(wide, 0.35), 0.2 - 0.1j], steps=5)
    if ghostly:
        curl = dice.side("wisp")
        figure.add(
            ribbon(
                [
                    complex(0.3 * curl, 0.8),
                    complex(0.8 * curl, 0.86),
                    complex(0.98 * curl, 0.5),
                    complex(0.78 * curl, 0.4),
                ],
                0.16,
                0.1,
                0.06,
                0.015,
            ),
            "body",
            "tail",
            1,
            0.4,
        )
    figure.add(robe, "body" if ghostly else "cloth", "body", 1, 0.8)
    for i in range(1, waves):
        x = -wide + 2 * wide * i / waves
        figure.add(
            ribbon([complex(x * 0.5, 0.42), complex(x * 1.05, 0.84)], 0.006, 0.018),
            "shade" if ghostly else "ink",
            "body",
            0,
        )
    rx, ry = dice.span("head width", 0.4, 0.47), dice.span("head height", 0.38, 0.44)
    head = -0.3j
    top = head - complex(0, ry)
    if ghostly:
        for i in range(7):
            lean = (i - 3) * 0.34
            figure.add(turned(leaf(head, head - complex(0, ry + 0.3), 0.5), lean, head), "light", "skull", 0.8)
    else:
        ear = leaf(head + complex(rx * 0.8, 0.1), head + complex(rx * 1.5, -0.14), 0.55)
        figure.both(ear, "body", "skull", 1)
        hair = [
            head + complex((rx + 0.09 + 0.04 * (k % 2)) * math.cos(a), (ry + 0.09) * math.sin(a))
            for k, a in enumerate(math.pi * (0.9 + 1.2 * j / 13) for j in range(14))
        ]
        figure.add(smooth(hair), "accent", "skull", 1, 0.4)
    figure.add(egg(head, rx, ry, -0.04), "body", "head", 1, 1)
    if not ghostly:
        fringe = [
            *arc(head, rx * 0.99, ry * 0.99, 0.53, 0.97),
            head + complex(rx * 0.3, -ry * 0.5),
            head + complex(0, -ry * 0.4),
            head + complex(-rx * 0.4, -ry * 0.55),
        ]
        figure.add(fringe, "accent", "head", 0.6)
    figure.floats = ghostly
    figure.neck, figure.face, figure.face_size = 0.06j, head + complex(0, ry * 0.1), rx * 0.95
    figure.hat, figure.hat_size = top + complex(0, ry * 0.16), rx * 0.9
    figure.shoulders = (complex(-wide * 0.72, 0.2), complex(wide * 0.72, 0.2))
    figure.arm, figure.arm_fill = (0.1, 0.07), "body" if ghostly else "cloth"
