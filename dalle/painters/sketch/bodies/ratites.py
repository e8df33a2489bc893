"""Birds that run: strong legs, plumes and no flight."""

import math

from dalle.painters.sketch.bodies.beaks import beak
from dalle.painters.sketch.bodies.birds import crest, wings
from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.matching import has
from dalle.painters.sketch.shapes import Figure, egg, leaf, ribbon, smooth


def ratite(figure: Figure, dice: Dice, text: str) -> None:
    """Ostriches, emus and their kin: strong legs, a skirt of plumes, a bare neck; the kiwi has none."""
    kiwi = has(text, ("kiwi", "dodo"))
    low = 0.24 if kiwi else 0.3
    _strong_legs(figure)
    _skirt(figure, low)
    head = complex(0, -0.24 if kiwi else -0.62)
    if not kiwi:
        neck = [complex(0, low - 0.1), complex(0.1 * dice.side("neck"), -0.2), head]
        figure.add(ribbon(neck, 0.13, 0.085, 0.1), "belly", "body", 1, 0.6)
    rx, ry = (0.38, 0.34) if kiwi else (0.33, 0.27)
    top = head - complex(0, ry)
    if has(text, ("cassowary",)):
        _casque(figure, top)
        figure.both(egg(head + complex(0.08, ry + 0.12), 0.06, 0.12, 0.2), "cloth", "horn", 0.9)
    else:
        crest(figure, dice, top, 3, 0.15)
    figure.add(egg(head, rx, ry, 0.06), "body", "head", 1, 1)
    at = head + complex(0, ry * 0.4)
    if has(text, ("kiwi",)):
        _probe(figure, dice, at)
    else:
        beak(figure, dice, "shoebill", at)
    figure.neck, figure.face, figure.face_size = head + complex(0, ry), head - complex(0, ry * 0.06), rx * 0.96
    figure.hat, figure.hat_size = top + complex(0, ry * 0.14), rx * 0.84
    wings(figure, 0.36, low - 0.08)


def _strong_legs(figure: Figure) -> None:
    """Two legs, bent at the heel, with three toes each."""
    for side in (-1, 1):
        x = 0.17 * side
        shank = [complex(x, 0.5), complex(x * 1.2, 0.72), complex(x, 0.95)]
        figure.add(ribbon(shank, 0.075, 0.05, 0.045), "cheek", "tail", 1, 0.3)
        for toe in (-0.11, 0.02, 0.14):
            figure.add(ribbon([complex(x, 0.94), complex(x + toe, 0.99)], 0.042, 0.028), "cheek", "tail", 0.7)


def _skirt(figure: Figure, low: float) -> None:
    """Two rings of loose plumes around a trunk at that height."""
    for ring in range(2):
        for i in range(13):
            a = math.tau * i / 13 + 0.2 * ring
            root = complex(0.34 * math.cos(a), low + 0.24 * math.sin(a))
            tip = complex(0.0, low) + (root - complex(0, low)) * (1.75 - 0.2 * ring)
            figure.add(leaf(root, tip, 0.62), ("shade", "body")[ring], "body", 0.8, 0.3)
    figure.add(egg(complex(0, low), 0.44, 0.34, 0.1), "body", "body", 0, 0.6)


def _casque(figure: Figure, top: complex) -> None:
    """The cassowary's helmet."""
    helmet = [top - 0.14 + 0.12j, top - 0.26j, top + 0.08 - 0.28j, top + 0.16 + 0.12j]
    figure.add(smooth(helmet), "wood", "horn", 1, 0.5)


def _probe(figure: Figure, dice: Dice, at: complex) -> None:
    """The kiwi's bill: thin and long."""
    bill = [at - 0.07 - 0.03j, at + 0.07 - 0.03j, at + complex(0.14 * dice.side("bill"), 0.52)]
    figure.add(bill, "metal", "face", 1, 0.4)
    figure.mouth = "none"
