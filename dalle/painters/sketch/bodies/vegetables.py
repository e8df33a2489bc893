"""Vegetables: roots, pods, bulbs, heads and gourds."""

import math
from collections.abc import Callable

from dalle.painters.sketch.bodies.greens import bundle, pod
from dalle.painters.sketch.bodies.roots import bulb, root, spindle
from dalle.painters.sketch.bodies.stalks import CENTRE, girth, limbs, outline, shine, stalk
from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.matching import has
from dalle.painters.sketch.shapes import Figure, egg, ellipse, leaf, lobes, ribbon, smooth, turned

SPINDLES = ("parsnip", "cassava", "carrot", "cucumber", "asparagus", "sweet potato")
GOURD = (
    (0, -1.3),
    (0.42, -1.1),
    (0.5, -0.5),
    (0.9, 0.16),
    (0.84, 0.8),
    (0, 1.06),
    (-0.84, 0.8),
    (-0.9, 0.16),
    (-0.5, -0.5),
    (-0.42, -1.1),
)


def vegetable(figure: Figure, dice: Dice, text: str) -> None:
    """A vegetable by its name or class; a gourd if neither says more."""
    shape = next((shape for words, shape in SHAPES if has(text, words)), _gourd)
    shape(figure, dice, text)


def _pumpkin(figure: Figure, dice: Dice, _text: str) -> None:
    """Five ribs, the middle one in front."""
    rx, ry, crown = girth(dice)
    for x, wide in ((0.62, 0.42), (-0.62, 0.42), (0.34, 0.46), (-0.34, 0.46), (0.0, 0.42)):
        figure.add(
            ellipse(CENTRE + complex(x * rx, 0.04), wide * rx * 1.1, ry * (1 - 0.1 * abs(x))),
            ("body", "shade")[abs(x) > 0.5],
            "body",
            1,
            0.7,
        )
    stalk(figure, dice, crown + 0.04j)
    limbs(figure, CENTRE, rx, crown)


def _head(figure: Figure, dice: Dice, text: str) -> None:
    """Cabbages and cauliflowers: a head or curds in two rings of leaves."""
    rx, ry, crown = girth(dice)
    for ring in (2, 1):
        far = 0.86 + 0.2 * ring
        for k in range(9):
            a = math.tau * k / 9 + 0.3 * ring
            inner = CENTRE + complex(0.3 * math.cos(a), 0.26 * math.sin(a))
            outer = CENTRE + complex(rx * far * math.cos(a), ry * far * math.sin(a))
            figure.add(leaf(inner, outer, 0.85), ("leaf", "shade")[ring % 2], "back", 0.9, 0.4)
    if has(text, ("cauliflower", "romanesco")):
        _curds(figure, rx, ry)
    else:
        _closed_head(figure, rx, ry)
    limbs(figure, CENTRE, rx, crown)


def _curds(figure: Figure, rx: float, ry: float) -> None:
    for k in range(9):
        a = math.tau * k / 9
        spot = CENTRE + complex(rx * 0.56 * math.cos(a), ry * 0.56 * math.sin(a))
        figure.add(lobes(spot, 0.22, 0.2, 6, 0.2, k), "belly", "body", 0.9, 0.6)
    figure.add(lobes(CENTRE, rx * 0.72, ry * 0.7, 11, 0.1), "belly", "body", 0.6, 0.7)


def _closed_head(figure: Figure, rx: float, ry: float) -> None:
    figure.add(egg(CENTRE, rx * 0.86, ry * 0.86), "body", "body", 1, 1)
    for side in (-1, 1):
        vein = [
            CENTRE + complex(0.05 * side, ry * 0.8),
            CENTRE + complex(rx * 0.5 * side, 0),
            CENTRE + complex(rx * 0.34 * side, -ry * 0.7),
        ]
        figure.add(ribbon(vein, 0.022, 0.014, 0.006), "light", "body", 0)


def _chilli(figure: Figure, dice: Dice, _text: str) -> None:
    """A long bent pod that ends in a point, under a green cap."""
    side = dice.side("bend")
    spine = [complex(0, -0.62), complex(0.1 * side, -0.1), complex(0.04 * side, 0.5), complex(-0.4 * side, 0.92)]
    figure.add(ribbon(spine, 0.3, 0.4, 0.3, 0.03), "body", "body", 1, 1)
    figure.add(smooth([-0.32 - 0.56j, -0.8j, 0.32 - 0.56j, 0.1 - 0.44j, -0.1 - 0.44j]), "leaf", "head", 0.9, 0.4)
    figure.add(ribbon([-0.74j, complex(0.12 * side, -1.0)], 0.05, 0.035), "leaf", "skull", 0.9)
    limbs(figure, -0.06j, 0.42, -0.7j)


def _pepper(figure: Figure, dice: Dice, _text: str) -> None:
    """Bell peppers and tomatoes: three swellings under a star of leaves."""
    rx, ry, crown = girth(dice)
    for x in (-0.5, 0.5, 0.0):
        figure.add(egg(CENTRE + complex(x * rx, 0), rx * 0.6, ry, -0.06), "body", "body", 1, 0.9)
    figure.add(egg(CENTRE, rx * 0.8, ry * 0.86, -0.04), "body", "body", 0, 0)
    shine(figure, CENTRE, rx, ry)
    for k in range(6):
        figure.add(turned(leaf(crown, crown + 0.26j, 0.4), math.tau * k / 6, crown), "leaf", "head", 0.8)
    figure.add(ribbon([crown, crown + complex(0.06, -0.2)], 0.05, 0.035), "leaf", "skull", 0.9)
    limbs(figure, CENTRE, rx, crown)


def _gourd(figure: Figure, dice: Dice, _text: str) -> None:
    """Gourds and aubergines: narrow above, under a cap of leaves."""
    rx, ry, _ = girth(dice)
    figure.add(outline(rx, ry, *GOURD), "body", "body", 1, 1)
    shine(figure, CENTRE + 0.1j, rx, ry)
    crown = CENTRE - complex(0, ry * 1.2)
    cap = [
        crown - 0.26 + 0.16j,
        crown - 0.06j,
        crown + 0.26 + 0.16j,
        crown + 0.08 + 0.08j,
        crown + 0.24j,
        crown - 0.08 + 0.08j,
    ]
    figure.add(smooth(cap), "leaf", "head", 0.9, 0.3)
    stalk(figure, dice, crown)
    limbs(figure, CENTRE, rx * 0.92, crown, CENTRE + 0.1j)


# the first that matches counts
SHAPES: tuple[tuple[tuple[str, ...], Callable[[Figure, Dice, str], None]], ...] = (
    (("legume",), pod),
    (("leek", "celery", "rhubarb", "chard", "asparagus"), bundle),
    (("pumpkin",), _pumpkin),
    (SPINDLES, spindle),
    (("root", "radish"), root),
    (("allium",), bulb),
    (("brassica", "flower vegetable", "radicchio"), _head),
    (("chilli",), _chilli),
    (("bell pepper", "tomato"), _pepper),
)
