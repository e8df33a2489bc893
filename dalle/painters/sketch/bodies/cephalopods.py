"""Octopuses."""

from dalle.painters.sketch.bodies.anatomy import spots
from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.shapes import (
    Figure,
    egg,
    ellipse,
    ribbon,
    smooth,
)


def octopus(figure: Figure, dice: Dice, text: str) -> None:
    """Octopuses: a dome of a head and eight restless arms with suckers."""
    for i in range(4):
        out = 0.28 + 0.24 * i
        curl = dice.side(f"curl {i}") * 0.16
        spine = [
            complex(0.08 + 0.1 * i, 0.25),
            complex(out * 0.9, 0.6 - 0.04 * i),
            complex(out, 0.9 - 0.05 * i),
            complex(out + curl, 0.97 - 0.1 * i),
            complex(out + curl * 1.3, 0.84 - 0.1 * i),
        ]
        figure.both(ribbon(spine, 0.12, 0.1, 0.07, 0.045, 0.015), ("body", "shade")[i % 2], "tail", 1, 0.5)
        for k in range(5):
            p = smooth(spine, closed=False, steps=3)[4 + k]
            figure.both(ellipse(p, 0.03 - 0.003 * k, 0.024), "belly", "tail", 0)
    rx, ry = dice.span("head width", 0.46, 0.56), dice.span("head height", 0.52, 0.62)
    head = -0.2j
    figure.add(egg(head, rx, ry, -0.14), "body", "head", 1, 1)
    spots(figure, dice, head - complex(0, ry * 0.56), rx * 0.6, ry * 0.26, "light", "head")
    figure.neck, figure.face, figure.face_size = 0.3j, head + complex(0, ry * 0.3), rx * 0.92
    figure.hat, figure.hat_size = head - complex(0, ry * 0.86), rx * 0.8
    figure.shoulders, figure.arm, figure.reach = (complex(-rx * 0.7, 0.22), complex(rx * 0.7, 0.22)), (0.09, 0.04), 0.6
