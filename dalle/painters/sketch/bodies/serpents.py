"""Snakes and serpents of legend."""

import math

from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.matching import has
from dalle.painters.sketch.shapes import Figure, egg, ellipse, leaf, ribbon, smooth, turned


def serpent(figure: Figure, dice: Dice, text: str) -> None:
    """A snake: coils in a pattern, and a head that rises out of them; hoods, feathers and more heads by the name."""
    side, thick = dice.side("coil side"), dice.span("thick", 0.17, 0.22)
    _coils(figure, side, dice.pick("mark", ("diamonds", "bands", "saddles")))
    _tail(figure, side, has(text, ("rattlesnake",)))
    head, rx, ry = -0.4j, dice.span("head width", 0.36, 0.44), dice.span("head height", 0.29, 0.34)
    if has(text, ("many headed serpent",)):
        for turn in (-1, 1):
            _second_head(figure, turn)
    if has(text, ("cobra", "naga")):
        figure.add(egg(-0.2j, 0.56, 0.5, -0.1), "accent", "back", 1, 0.8)
    _neck(figure, side, thick)
    if has(text, ("serpent",)):
        count = 9 if has(text, ("feathered serpent",)) else 5
        for k in range(count):
            plume = leaf(head - 0.1j, head - 0.66j, 0.3)
            figure.add(turned(plume, (k - count // 2) * 0.36, head), ("accent", "second")[k % 2], "skull", 0.8)
    figure.add(egg(head, rx, ry, 0.12), "body", "head", 1, 1)
    figure.both(leaf(head + complex(rx * 0.2, -ry * 0.9), head + complex(rx * 0.6, -ry * 0.2), 0.4), "deep", "head", 0)
    figure.both(ellipse(head + 0.045 + 0.07j, 0.014, 0.018), "ink", "face", 0)
    fork = head + 0.34j
    figure.add(ribbon([head + 0.22j, fork], 0.02), "cheek", "skull", 0.5)
    for lean in (-0.06, 0.06):
        figure.add(ribbon([fork, fork + complex(lean, 0.09)], 0.016, 0.008), "cheek", "skull", 0.5)
    figure.neck, figure.face, figure.face_size = -0.1j, head - 0.04j, rx * 0.95
    figure.hat, figure.hat_size = head - complex(0, ry * 0.86), rx * 0.84
    figure.hand = complex(0.5 * side, 0.2)


def _coils(figure: Figure, side: int, mark: str) -> None:
    """Two coils on the ground, the upper one to a side, marked with diamonds, bands or saddles."""
    for row, (wide, y) in enumerate(((0.86, 0.82), (0.68, 0.6))):
        figure.add(egg(complex(0.05 * side * row, y), wide, 0.2, 0.0), "body", "tail", 1, 0.9)
        for k in range(9):
            x = -wide * 0.8 + 1.6 * wide * k / 8
            p = complex(x, y + 0.1 * math.sqrt(1 - (x / wide) ** 2))
            fill = ("accent", "belly")[k % 2]
            if mark == "diamonds":
                figure.add([p - 0.06, p - 0.06j, p + 0.06, p + 0.06j], fill, "tail", 0)
            elif mark == "bands":
                figure.add(ribbon([p - 0.14j, p + 0.05j], 0.03), fill, "tail", 0)
            else:
                figure.add(ellipse(p - 0.03j, 0.065, 0.05), "deep", "tail", 0)
                figure.add(ellipse(p - 0.03j, 0.035, 0.025), "accent", "tail", 0)


def _tail(figure: Figure, side: int, rattle: bool) -> None:
    """The end of the tail, that looks out of the coils."""
    tip = [complex(0.8 * side, 0.8), complex(1.05 * side, 0.62), complex(1.0 * side, 0.36)]
    figure.add(ribbon(tip, 0.1, 0.06, 0.012), "body", "back", 1, 0.3)
    if rattle:
        for k in range(4):
            figure.add(ellipse(complex(1.0 * side, 0.4 - 0.08 * k), 0.06 - 0.006 * k, 0.045), "metal", "back", 0.7)


def _second_head(figure: Figure, turn: int) -> None:
    """One more head, on a neck to the left (-1) or to the right (1)."""
    at = complex(0.62 * turn, -0.16)
    figure.add(ribbon([0.5j, complex(0.5 * turn, 0.3), at], 0.17, 0.14, 0.13), "shade", "back", 1, 0.7)
    figure.add(egg(at, 0.25, 0.2, 0.12), "shade", "back", 1, 0.8)
    for x in (-0.09, 0.09):
        figure.add(ellipse(at + complex(x, -0.04), 0.065, 0.07), "white", "back", 0.6)
        figure.add(ellipse(at + complex(x, -0.03), 0.032, 0.04), "ink", "back", 0)
    figure.add(ribbon([at + complex(-0.08, 0.1), at + 0.13j, at + complex(0.08, 0.1)], 0.012), "ink", "back", 0)


def _neck(figure: Figure, side: int, thick: float) -> None:
    """The neck that rises out of the coils, with the scales of the belly across it."""
    neck = [0.55j, complex(-0.34 * side, 0.32), complex(-0.1 * side, 0.02), -0.3j]
    figure.add(ribbon(neck, thick * 1.2, thick * 1.1, thick), "body", "body", 1, 0.8)
    for k, p in enumerate(smooth(neck, closed=False, steps=5)[2:14]):
        figure.add(ribbon([p - thick * 0.5, p + thick * 0.5], 0.024), "belly", "body", 0)
        if k % 3 == 0:
            figure.add(ellipse(p, 0.03, 0.03), "accent", "body", 0)
