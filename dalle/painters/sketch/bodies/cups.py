"""Hollow flowers: the cup of a tulip or a water lily, bells, and the pitchers and jaws that catch flies."""

import math

from dalle.painters.sketch.bodies.anatomy import face_at
from dalle.painters.sketch.bodies.stems import leaf_arms, stem
from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.matching import has
from dalle.painters.sketch.shapes import Figure, arc, ellipse, leaf, ribbon, smooth

# the rim and the belly of a cup, around the top of its stem
CUP = (
    *(-0.46 - 0.56j, -0.22 - 0.42j, -0.62j, 0.22 - 0.42j, 0.46 - 0.56j),
    *(0.5 - 0.1j, 0.26 + 0.12j, -0.26 + 0.12j, -0.5 - 0.1j),
)
PITCHER = (-0.42 - 0.6j, 0.42 - 0.6j, 0.34 - 0.2j, 0.46 + 0.3j, 0.2 + 0.72j, -0.2 + 0.72j, -0.46 + 0.3j, -0.34 - 0.2j)


def cup(figure: Figure, dice: Dice, text: str) -> None:
    """Tulips, crocuses and their like on a stem; water lilies on their pads."""
    water = has(text, ("aquatic",))
    low = 0.52 if water else 0.28
    if water:
        for k in range(3):
            _lily_pad(figure, complex((k - 1) * 0.6, 0.78 + 0.09 * (k % 2)))
    else:
        stem(figure, dice, 0.2j, True)
    _cup_petals(figure, low, water)
    figure.add(smooth([complex(p.real, low + p.imag) for p in CUP]), "body", "head", 1, 1)
    foot = [complex(-0.3, low + 0.06), complex(0, low - 0.03), complex(0.3, low + 0.06), complex(0, low + 0.2)]
    figure.add(smooth(foot), "leaf", "horn", 0.8, 0.3)
    leaf_arms(figure, complex(0, low - 0.22), 0.42, complex(0, low - 0.56))
    figure.hat_size = 0.34
    if water:
        figure.shoulders, figure.neck = (complex(-0.4, low), complex(0.4, low)), complex(0, low)


def _lily_pad(figure: Figure, middle: complex) -> None:
    """A leaf that floats, with a notch."""
    rim = [
        middle + complex(0.46 * math.cos(a), 0.13 * math.sin(a)) for a in (math.tau * j / 30 + 0.3 for j in range(28))
    ]
    figure.add([*rim, middle], "leaf", "tail", 1, 0.4)


def _cup_petals(figure: Figure, low: float, wide: bool) -> None:
    """A row of petals behind the cup and one before it."""
    for count, tall, fill, part, thick in ((7, 0.98, "shade", "back", 0.42), (6, 0.84, "body", "skull", 0.38)):
        for i in range(count):
            t = (i - (count - 1) / 2) / ((count - 1) / 2)
            tip = complex((0.82 if wide else 0.56) * t, low - tall + 0.34 * t * t * (1.4 if wide else 0.7))
            figure.add(leaf(complex(0.16 * t, low + 0.06), tip, thick), fill, part, 1, 0.5)


def bell(figure: Figure, dice: Dice) -> None:
    """Bellflowers: a great bell and a small one under an arch of a stem, with stamens that hang out."""
    side = dice.side("arch")
    arch = [complex(x * side, y) for x, y in ((-0.7, 0.97), (-0.76, 0.1), (-0.5, -0.7), (0.06, -0.82), (0.6, -0.62))]
    figure.add(ribbon(arch, 0.06, 0.05, 0.045, 0.035, 0.02), "leaf", "back", 1, 0.3)
    for k in (0, 1):
        figure.add(leaf(arch[0], complex((-1.05 + 0.7 * k) * side, 0.3), 0.34), "leaf", "back", 1, 0.3)
    _bell(figure, complex(0.62 * side, -0.28), 0.3, "shade", "back", "back")
    _bell(figure, 0.06j, 1.0, "body", "body", "skull")
    for k in (-1, 0, 1):
        figure.add(ribbon([complex(0.14 * k, 0.5), complex(0.18 * k, 0.78)], 0.02), "accent", "tail", 0.6)
        figure.add(ellipse(complex(0.18 * k, 0.8), 0.055, 0.045), "metal", "tail", 0.7)
    face_at(figure, 0.1j, 0.42, -0.56j, 0.3)
    figure.shoulders, figure.arm, figure.arm_fill = (-0.42 + 0.3j, 0.42 + 0.3j), (0.05, 0.08), "leaf"
    figure.floats = True


def _bell(figure: Figure, at: complex, size: float, fill: str, part: str, cap_part: str) -> None:
    """One bell with a scalloped hem and a green cap."""
    hem = [at + complex(0.56 - 0.14 * k, 0.5 + 0.1 * (k % 2)) * size for k in range(9)]
    dome = [
        at + complex(-0.56, 0.5) * size,
        at + complex(-0.42, -0.2) * size,
        at - 0.7j * size,
        at + complex(0.42, -0.2) * size,
        at + complex(0.56, 0.5) * size,
    ]
    outline = [*smooth(dome, closed=False, steps=8), *smooth(hem, closed=False, steps=4)]
    figure.add(outline, fill, part, 1, 0.9)
    cap = [at + complex(-0.2, -0.56) * size, at - 0.82j * size, at + complex(0.2, -0.56) * size, at - 0.44j * size]
    figure.add(smooth(cap), "leaf", cap_part, 0.9)


def carnivore(figure: Figure, dice: Dice, text: str) -> None:
    """Plants that catch flies: a pitcher with a lid, or a pair of toothed jaws."""
    stem(figure, dice, 0.0j)
    if has(text, ("pitcher plant", "bladderwort", "cobra lily")):
        _pitcher(figure)
    else:
        _jaws(figure, -0.3j)


def _pitcher(figure: Figure) -> None:
    figure.add(smooth([-0.4 - 0.62j, -0.3 - 1.0j, 0.36 - 1.02j, 0.44 - 0.64j]), "accent", "back", 1, 0.4)
    figure.add(smooth(PITCHER), "body", "body", 1, 1)
    figure.add(ellipse(-0.6j, 0.46, 0.12), "accent", "skull", 1, 0.3)
    figure.add(ellipse(-0.59j, 0.34, 0.07), "mouth", "skull", 0)
    for k in (-1, 1):
        vein = [complex(0.2 * k, -0.46), complex(0.3 * k, 0.2), complex(0.12 * k, 0.6)]
        figure.add(ribbon(vein, 0.016, 0.024, 0.008), "accent", "body", 0)
    leaf_arms(figure, -0.04j, 0.38, -0.68j)
    figure.shoulders = (-0.4 + 0.3j, 0.4 + 0.3j)


def _jaws(figure: Figure, head: complex) -> None:
    for turn, start, fill in ((-1, 0.5, "shade"), (1, 0.0, "leaf")):
        jaw = arc(head + complex(0, 0.04 * turn), 0.62, 0.5, start, start + 0.5, 22)
        for p in jaw[2:-2:2]:
            figure.add(leaf(p, head + (p - head) * 1.34, 0.16), "leaf", "back", 0.6)
        figure.add(jaw, fill, "skull", 1, 0.6)
    figure.add(ellipse(head, 0.5, 0.38), "cheek", "head", 0.9, 0.4)
    leaf_arms(figure, head, 0.4, head - 0.44j)
