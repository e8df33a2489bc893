"""Fruit and vegetables."""

import math

from dalle.painters.sketch.bodies.anatomy import face_at, feet, spots
from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.shapes import Figure, egg, ellipse, leaf, ribbon, turned
from dalle.painters.sketch.words import has


def fruit(figure: Figure, dice: Dice, text: str) -> None:
    """Fruit and vegetables: a full round body on short legs under a tuft of leaves."""
    long = has(
        text,
        (
            "carrot",
            "radish",
            "parsnip",
            "cucumber",
            "banana",
            "chilli",
            "pepper",
            "aubergine",
            "leek",
            "corn",
            "maize",
            "pear",
            "courgette",
            "turnip",
            "root",
            "squash",
            "marrow",
            "asparagus",
            "celery",
            "date",
            "okra",
        ),
    )
    rx, ry = (
        (dice.span("width", 0.38, 0.46), 0.66)
        if long
        else (dice.span("width", 0.56, 0.66), dice.span("height", 0.5, 0.58))
    )
    heavy = (
        dice.span("heavy", -0.22, -0.05)
        if has(text, ("carrot", "turnip", "radish", "root", "strawberry"))
        else dice.span("heavy", -0.06, 0.18)
    )
    centre = 0.18j
    crown = centre - complex(0, ry * 0.92)
    for i in range(7):
        lean = (i - 3) * 0.42
        figure.add(
            turned(leaf(crown, crown - dice.span(f"leaf {i}", 0.3, 0.46) * 1j, 0.4), lean, crown),
            "leaf",
            "skull",
            0.9,
            0.4,
        )
    figure.add(egg(centre, rx, ry, heavy), "body", "body", 1, 1)
    pattern = dice.pick("skin", ("ribs", "seeds", "plain", "spots"))
    if pattern == "ribs":
        for k in (-2, -1, 1, 2):
            figure.add(
                ribbon(
                    [
                        centre + complex(rx * 0.1 * k, -ry * 0.88),
                        centre + complex(rx * 0.4 * k, 0),
                        centre + complex(rx * 0.12 * k, ry * 0.9),
                    ],
                    0.006,
                    0.012,
                    0.006,
                ),
                "deep",
                "body",
                0,
            )
    elif pattern == "seeds":
        for i in range(20):
            p = centre + complex(
                rx * 0.84 * math.cos(i * 2.4) * math.sqrt((i + 4) / 24),
                ry * 0.84 * math.sin(i * 2.4) * math.sqrt((i + 4) / 24),
            )
            figure.add(leaf(p - 0.025j, p + 0.03j, 0.6), "belly", "body", 0)
    elif pattern == "spots":
        spots(figure, dice, centre, rx * 0.85, ry * 0.85, "shade")
    figure.add(ellipse(centre + complex(-rx * 0.5, -ry * 0.55), rx * 0.13, ry * 0.2, 0.6), "light", "body", 0)
    feet(figure, 0.2, "wood")
    face_at(figure, centre - 0.04j, min(rx, 0.52) * 0.9, crown + 0.02j, rx * 0.62)
    figure.shoulders, figure.arm, figure.arm_fill = (
        (centre + complex(-rx * 0.92, 0.1), centre + complex(rx * 0.92, 0.1)),
        (0.05, 0.04),
        "wood",
    )
