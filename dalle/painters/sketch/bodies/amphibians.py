"""Frogs, newts and axolotls."""

from dalle.painters.sketch.bodies.anatomy import spots
from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.matching import has
from dalle.painters.sketch.shapes import Figure, arc, box, egg, ellipse, ribbon, turned


def frog(figure: Figure, dice: Dice, text: str) -> None:
    """Amphibians: wide and low, eyes on top; newts have a tail, axolotls gills."""
    rx = dice.span("head width", 0.56, 0.66)
    newt = has(text, ("newt", "salamander"))
    if newt:
        _newt_tail(figure, dice.side("tail side"))
        _gills(figure, rx)
    else:
        _thighs(figure)
    figure.add(egg(0.46j, 0.44, 0.46, 0.1), "body", "body", 1, 1)
    figure.add(egg(0.56j, 0.32, 0.34, 0.05), "belly", "body", 0)
    figure.both(box(0.2 + 0.94j, 0.15, 0.065, 0.8), "body", "front", 1, 0.3)
    head = -0.1j
    if not newt:
        figure.both(ellipse(complex(rx * 0.5, -0.42), 0.22, 0.22), "body", "skull", 1, 0.6)
    figure.add(egg(head, rx, 0.38, 0.06), "body", "head", 1, 1)
    figure.add(arc(head + 0.02j, rx * 0.93, 0.35, 0.02, 0.48), "belly", "head", 0)
    spots(figure, dice, head - 0.2j, rx * 0.66, 0.1, "deep", "head")
    figure.both(ellipse(0.045 - 0.02j, 0.014, 0.02), "ink", "face", 0)
    figure.neck, figure.face_size = 0.25j, rx * 0.85
    figure.face = complex(0, -0.12 if newt else -0.17)
    figure.mouth = "wide"
    figure.hat, figure.hat_size = complex(0, -0.42), rx * 0.55
    figure.shoulders = (-0.4 + 0.34j, 0.4 + 0.34j)
    figure.arm = (0.085, 0.065)


def _newt_tail(figure: Figure, side: int) -> None:
    tail = [complex(0.1 * side, 0.75), complex(0.7 * side, 0.88), complex(0.98 * side, 0.6), complex(0.85 * side, 0.2)]
    figure.add(ribbon(tail, 0.2, 0.14, 0.1, 0.02), "body", "tail", 1, 0.4)


def _gills(figure: Figure, rx: float) -> None:
    """Three plumes of gills on each side of a head of this half-width."""
    for i in range(3):
        root = complex(rx * 0.86, -0.12 + 0.1 * i)
        gill = [root, root + complex(0.18, -0.16 + 0.1 * i), root + complex(0.34, -0.24 + 0.16 * i)]
        figure.both(ribbon(gill, 0.05, 0.045, 0.015), "accent", "back", 0.8)


def _thighs(figure: Figure) -> None:
    """The hind legs of a frog that sits, with three toes each."""
    thigh = turned(ellipse(0.46 + 0.62j, 0.26, 0.2), -0.5, 0.46 + 0.62j)
    figure.both(thigh, "shade", "tail", 1, 0.5)
    for toe in (-0.14, 0.0, 0.14):
        figure.both(ribbon([0.5 + 0.86j, complex(0.58 + toe, 0.97)], 0.055, 0.05), "shade", "tail", 0.8)
