"""Half one thing and half another: mermaids, centaurs and winged women."""

from dalle.painters.sketch.bodies.people import maiden
from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.matching import has
from dalle.painters.sketch.shapes import Figure, arc, box, egg, ellipse, leaf, ribbon, smooth


def _upper(figure: Figure, dice: Dice, text: str) -> None:
    """Head and hair of a maiden, without her robe."""
    maiden(figure, dice, text)
    figure.shapes = [shape for shape in figure.shapes if shape.part != "body"]
    figure.add(smooth([-0.26 + 0.02j, 0.26 + 0.02j, 0.22 + 0.5j, -0.22 + 0.5j]), "body", "body", 1, 0.7)
    figure.both(egg(0.11 + 0.2j, 0.13, 0.1, 0.1), "cloth", "body", 0.8, 0.4)
    figure.arm_fill = "body"
    figure.shoulders, figure.arm = (-0.22 + 0.1j, 0.22 + 0.1j), (0.08, 0.06)


def mermaid(figure: Figure, dice: Dice, text: str) -> None:
    """Mermaids, tritons and sirens of the sea: a tail of scales that curls up."""
    side = dice.side("tail side")
    _upper(figure, dice, text)
    tail = [
        0.4j,
        complex(-0.04 * side, 0.66),
        complex(0.3 * side, 0.9),
        complex(0.74 * side, 0.78),
        complex(0.84 * side, 0.48),
    ]
    figure.add(ribbon(tail, 0.25, 0.26, 0.19, 0.11, 0.06), "accent", "tail", 1, 0.8)
    tip = tail[-1]
    for lean in (-0.36, 0.3):
        figure.add(leaf(tip + 0.04j, tip + complex(lean, -0.34), 0.55), "accent", "back", 1, 0.4)
    for k, p in enumerate(smooth(tail, closed=False, steps=4)[1:13]):
        for x in (-0.08, 0.06):
            figure.add(ribbon(arc(p + x, 0.06, 0.06, 0.05, 0.45, 5), 0.011, steps=2), "accent shade", "tail", 0)
        if k > 8:
            break


def centaur(figure: Figure, dice: Dice, text: str) -> None:
    """Centaurs: a horse behind, a person before."""
    side = dice.side("tail side")
    _upper(figure, dice, text)
    figure.add(egg(complex(0.34 * side, 0.5), 0.5, 0.25, 0.04), "shade", "back", 1, 0.8)
    for x in (0.7, 0.52, 0.1, -0.14):
        figure.add(
            ribbon([complex(x * side, 0.56), complex((x + 0.03) * side, 0.9)], 0.08, 0.055),
            "shade",
            "back" if x > 0.4 else "tail",
            1,
            0.4,
        )
        figure.add(box(complex((x + 0.03) * side, 0.95), 0.085, 0.045, 0.6), "ink", "back" if x > 0.4 else "tail", 0.8)
    for k in range(3):
        figure.add(
            ribbon(
                [
                    complex(0.78 * side, 0.4),
                    complex((1.0 + 0.04 * k) * side, 0.46),
                    complex((0.98 + 0.06 * k) * side, 0.84),
                ],
                0.06,
                0.06,
                0.015,
            ),
            "accent",
            "back",
            0.8,
        )


def winged(figure: Figure, dice: Dice, text: str) -> None:
    """Harpies, sirens and swan maidens: a face, wings, the legs of a bird."""
    maiden(figure, dice, text)
    for k in range(4):
        figure.both(
            leaf(0.16 + 0.2j, complex(1.08 - 0.07 * k, -0.5 + 0.28 * k), 0.3),
            ("light", "second")[k % 2],
            "back",
            0.8,
            0.3,
        )
    if has(text, ("gorgon",)):
        for k in range(7):
            a = complex(-0.42 + 0.14 * k, -0.62)
            line = [a, a + complex(0.06 * (k - 3), -0.16), a + complex(0.12 * (k - 3) - 0.05, -0.3)]
            figure.add(ribbon(line, 0.05, 0.045, 0.04), "leaf", "skull", 0.8)
            figure.add(ellipse(line[-1] - 0.02j, 0.065, 0.055), "leaf", "skull", 0.8)
            figure.add(ellipse(line[-1] - 0.03j, 0.018, 0.018), "ink", "skull", 0)
