"""Crabs, lobsters, shrimps."""

from dalle.painters.sketch.bodies.anatomy import spots
from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.shapes import Figure, arc, box, egg, leaf, ribbon, smooth, turned
from dalle.painters.sketch.words import has


def crab(figure: Figure, dice: Dice, text: str) -> None:
    """Crustaceans: a shell as wide as a table, claws for hands; shrimps and lobsters raise a tail fan."""
    long = has(text, ("shrimp", "lobster", "prawn", "krill", "crayfish", "copepod", "isopod", "barnacle", "amphipod"))
    for i in range(3):
        y = 0.42 + 0.13 * i
        figure.both(
            ribbon(
                [complex(0.16, y - 0.06), complex(0.86 - 0.06 * i, y - 0.02), complex(0.92 - 0.1 * i, y + 0.32)],
                0.055,
                0.045,
                0.015,
            ),
            "shade",
            "back",
            0.9,
        )
    if long:
        for i in range(5):
            figure.add(turned(leaf(0.6j, 1.1j, 0.4), (i - 2) * 0.42, 0.66j), ("body", "shade")[i % 2], "back", 0.9, 0.2)
        for i in range(4):
            figure.add(box(complex(0, 0.78 - 0.13 * i), 0.3 + 0.035 * i, 0.13, 0.8), "body", "tail", 1, 0.5)
        figure.both(ribbon([0.14 - 0.3j, 0.5 - 0.75j, 0.95 - 0.72j], 0.02, 0.008), "deep", "skull", 0.5)
    rx = dice.span("shell", 0.42, 0.5) if long else dice.span("shell", 0.6, 0.7)
    ry = 0.42 if long else dice.span("shell height", 0.38, 0.46)
    body = complex(0, 0.26)
    figure.add(egg(body, rx, ry, -0.14), "body", "body", 1, 1)
    spots(figure, dice, body - complex(0, ry * 0.5), rx * 0.6, ry * 0.24, "shade")
    figure.add(
        smooth([*arc(body + 0.08j, rx * 0.8, ry * 0.78, 0.05, 0.45, 9), body + 0.02j], steps=6), "belly", "body", 0
    )
    figure.face, figure.face_size, figure.neck = body - 0.04j, rx * 0.86, body
    figure.mouth = "wide" if dice.chance("wide", 0.4) else "mouth"
    figure.hat, figure.hat_size = body - complex(0, ry * 0.84), rx * 0.62
    figure.shoulders, figure.arm, figure.reach = (complex(-rx * 0.85, 0.2), complex(rx * 0.85, 0.2)), (0.07, 0.075), 0.5
    figure.arm_fill = "claw"
