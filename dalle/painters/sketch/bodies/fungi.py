"""Mushrooms, brackets, corals, puffballs, morels."""

import math

from dalle.painters.sketch.bodies.anatomy import face_at, spots
from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.matching import has
from dalle.painters.sketch.shapes import Figure, arc, egg, ellipse, leaf, lobes, ribbon, smooth, star


def mushroom(figure: Figure, dice: Dice, text: str) -> None:
    """A mushroom by its class."""
    if has(text, ("puffball", "truffle", "earthstar", "earthball")):
        _ball(figure, dice, text)
    elif has(text, ("bracket", "wood ear")):
        _bracket(figure, dice, text)
    elif has(text, ("coral fungus", "cage fungus", "jelly fungus", "candlesnuff")):
        _coral(figure, dice, text)
    elif has(text, ("orange peel fungus", "cup")):
        _cup(figure, dice)
    else:
        _cap(figure, dice, text)


def _cap(figure: Figure, dice: Dice, text: str) -> None:
    rx, tall = dice.span("cap", 0.64, 0.86), dice.span("cap height", 0.5, 0.72)
    fat = 1.3 if has(text, ("bolete",)) else 1.0
    morel = has(text, ("morel", "sac fungus"))
    if morel or has(text, ("ink cap", "parasol", "bonnet")):
        rx, tall = rx * 0.7, 0.88
    _stem(figure, fat)
    _gills(figure, text, rx)
    lip = [complex(rx - 2 * rx * k / 8, -0.13 + 0.035 * math.sin(k * 2)) for k in range(1, 8)]
    figure.add(smooth([*arc(-0.14j, rx, tall, 0.5, 1.0, 12), *lip], steps=4), "body", "head", 1, 1)
    if morel:
        _pits(figure, rx)
    elif has(text, ("bolete", "waxcap", "deceiver", "chanterelle", "tooth fungus")):
        _gloss(figure, dice, text, rx, tall)
    else:
        _dots(figure, dice, rx, tall)
    _skirt_and_child(figure, dice)
    face_at(figure, 0.28j, 0.3 * min(fat, 1.2), complex(0, -0.14 - tall * 0.94), 0.34)
    figure.neck = 0.6j
    figure.shoulders, figure.arm = (complex(-0.24 * fat, 0.5), complex(0.24 * fat, 0.5)), (0.05, 0.04)
    figure.arm_fill, figure.reach = "belly", 0.5


def _stem(figure: Figure, fat: float) -> None:
    stem = smooth(
        [
            complex(-0.26 * fat, -0.1),
            complex(-0.27 * fat, 0.4),
            complex(-0.4 * fat, 0.85),
            0.97j,
            complex(0.4 * fat, 0.85),
            complex(0.27 * fat, 0.4),
            complex(0.26 * fat, -0.1),
        ]
    )
    figure.add(stem, "belly", "body", 1, 0.9)


def _gills(figure: Figure, text: str, rx: float) -> None:
    figure.add(ellipse(complex(0, -0.1), rx * 0.92, 0.15), "shade", "head", 1)
    for k in range(-7, 8):
        line = [complex(0.24 * k / 7, -0.03), complex(rx * 0.86 * k / 7, -0.13 + 0.02 * abs(k) / 7)]
        figure.add(ribbon(line, 0.006), "belly", "head", 0)
    if has(text, ("tooth fungus",)):
        for k in range(-6, 7):
            figure.add(
                leaf(complex(rx * 0.13 * k, -0.06), complex(rx * 0.14 * k, 0.12 - 0.01 * abs(k)), 0.3),
                "belly",
                "head",
                0.5,
            )


def _pits(figure: Figure, rx: float) -> None:
    for i in range(26):
        p = complex(
            rx * 0.86 * math.sqrt(i / 26) * math.cos(i * 2.4), -0.5 + 0.38 * math.sqrt(i / 26) * math.sin(i * 2.4)
        )
        figure.add(ellipse(p, 0.07, 0.085), "deep", "head", 0.5)


def _gloss(figure: Figure, dice: Dice, text: str, rx: float, tall: float) -> None:
    figure.add(ellipse(complex(-rx * 0.36, -0.14 - tall * 0.55), rx * 0.24, tall * 0.16, -0.5), "light", "head", 0)
    if has(text, ("bleeding",)):
        spots(figure, dice, complex(0, -0.4), rx * 0.6, 0.2, "cheek", "head")


def _dots(figure: Figure, dice: Dice, rx: float, tall: float) -> None:
    for i, (x, y, r) in enumerate(
        (
            (0.0, -0.52, 0.13),
            (-0.46, -0.34, 0.1),
            (0.48, -0.36, 0.11),
            (-0.24, -0.26, 0.06),
            (0.24, -0.24, 0.065),
            (-0.3, -0.62, 0.065),
            (0.3, -0.64, 0.07),
        )
    ):
        spot = complex(x * rx / 0.7, -0.14 + (y + 0.14) * tall / 0.72)
        figure.add(ellipse(spot, r * dice.span(f"dot {i}", 0.7, 1.2), r * 0.85), "belly", "head", 0.6, 0.3)


def _skirt_and_child(figure: Figure, dice: Dice) -> None:
    if dice.chance("skirt", 0.45):
        skirt = smooth([-0.28 + 0.56j, -0.4 + 0.7j, -0.14 + 0.68j, 0.74j, 0.14 + 0.68j, 0.4 + 0.7j, 0.28 + 0.56j])
        figure.add(skirt, "accent", "body", 0.9, 0.3)
    if dice.chance("child", 0.5):
        at = complex(0.58 * dice.side("child"), 0.86)
        figure.add(ribbon([at + 0.1j, at - 0.08j], 0.07, 0.055), "belly", "back", 0.9)
        figure.add([*arc(at - 0.1j, 0.19, 0.2, 0.5, 1.0, 12)], "body", "back", 1, 0.5)


def _ball(figure: Figure, dice: Dice, text: str) -> None:
    if has(text, ("earthstar", "barometer")):
        for k in range(7):
            a = math.pi * k / 6
            figure.add(
                leaf(0.5j, 0.52j + complex(1.0 * math.cos(a), 0.46 * abs(math.sin(a))), 0.5), "accent", "back", 1, 0.5
            )
    figure.add(smooth([-0.3 + 0.7j, 0.3 + 0.7j, 0.24 + 0.95j, -0.24 + 0.95j]), "shade", "tail", 1, 0.5)
    figure.add(egg(0.16j, dice.span("width", 0.66, 0.76), 0.64, 0.04), "body", "body", 1, 1)
    stream = dice.stream("warts")
    for _ in range(30):
        a, far = math.tau * stream.random(), 0.62 + 0.3 * stream.random()
        p = 0.16j + complex(0.66 * far * math.cos(a), 0.6 * far * math.sin(a))
        figure.add(star(p, 0.05, 0.025, 4), "deep", "body", 0)
    figure.add(ellipse(-0.44j, 0.12, 0.05), "deep", "skull", 0.7)
    for k in range(5):
        figure.add(ellipse(complex(0.13 * (k - 2), -0.66 - 0.09 * (k % 2)), 0.06, 0.055), "light", "back", 0.4)
    face_at(figure, 0.14j, 0.5, -0.42j, 0.36)
    figure.shoulders, figure.arm = (-0.6 + 0.34j, 0.6 + 0.34j), (0.07, 0.055)


def _coral(figure: Figure, dice: Dice, text: str) -> None:
    for i in range(11):
        t = (i - 5) / 5
        sway = 0.1 * dice.side(f"twig {i}")
        tip = complex(0.9 * t, -0.92 + 0.5 * t * t + 0.1 * (i % 2))
        middle = complex(0.5 * t + sway, -0.1)
        figure.add(
            ribbon([complex(0.26 * t, 0.6), middle, tip], 0.11, 0.085, 0.035),
            ("body", "shade", "light")[i % 3],
            "back",
            1,
            0.5,
        )
        for s in (-1, 1):
            figure.add(
                ribbon([middle, middle + complex(0.14 * s, -0.3)], 0.055, 0.025), ("body", "shade")[i % 2], "back", 0.9
            )
        figure.add(ellipse(tip, 0.05, 0.05), "accent", "back", 0.7)
    figure.add(egg(0.4j, 0.5, 0.5, 0.08), "body", "body", 1, 1)
    figure.add(lobes(0.93j, 0.62, 0.09, 9, 0.3), "wood", "front", 0.8, 0.3)
    face_at(figure, 0.36j, 0.46, -0.06j, 0.36)
    figure.shoulders, figure.arm = (-0.44 + 0.5j, 0.44 + 0.5j), (0.06, 0.045)


def _bracket(figure: Figure, dice: Dice, text: str) -> None:
    trunk = smooth([-0.56 - 0.95j, 0.56 - 0.95j, 0.5 + 0j, 0.66 + 0.97j, -0.66 + 0.97j, -0.5 + 0j])
    figure.add(trunk, "wood", "body", 1, 0.7)
    for k in range(5):
        x = -0.4 + 0.2 * k
        figure.add(
            ribbon([complex(x, -0.9), complex(x * 0.9, 0.0), complex(x * 1.1, 0.9)], 0.012), "ink", "body", 0, 0, 0.6
        )
    for x, y, r in ((-0.5, -0.62, 0.4), (0.52, -0.3, 0.44), (-0.56, 0.56, 0.36), (0.48, 0.66, 0.34)):
        at = complex(x, y)
        for grow, fill in ((1.0, "belly"), (0.88, "body"), (0.66, "accent"), (0.46, "shade"), (0.28, "light")):
            figure.add(
                [
                    *arc(at, r * grow, r * 0.72 * grow, 0.5, 1.0, 16),
                    at + complex(-r * grow, 0.04),
                    at + complex(r * grow, 0.04),
                ],
                fill,
                "front",
                0.7,
                0.2,
            )
    figure.add(egg(0.06j, 0.46, 0.42), "belly", "head", 0.9, 0.6)
    face_at(figure, 0.04j, 0.43, -0.86j, 0.4)
    figure.shoulders, figure.arm, figure.arm_fill = (-0.5 + 0.2j, 0.5 + 0.2j), (0.06, 0.045), "wood"


def _cup(figure: Figure, dice: Dice) -> None:
    figure.add(ribbon([0.5j, 0.95j], 0.14, 0.2), "belly", "tail", 1, 0.6)
    bowl = smooth([-0.86 - 0.3j, 0.86 - 0.3j, 0.7 + 0.2j, 0.3 + 0.6j, -0.3 + 0.6j, -0.7 + 0.2j])
    figure.add(bowl, "body", "body", 1, 1)
    figure.add(ellipse(-0.32j, 0.88, 0.24), "accent", "skull", 1, 0.3)
    figure.add(ellipse(-0.28j, 0.72, 0.16), "accent shade", "skull", 0)
    for k in range(17):
        a = math.pi * (1.0 + k / 16)
        root = -0.32j + complex(0.88 * math.cos(a), 0.24 * math.sin(a))
        figure.add(ribbon([root, root + complex(0.06 * math.cos(a), -0.13)], 0.012, 0.006), "ink", "skull", 0)
    face_at(figure, 0.14j, 0.46, -0.42j, 0.36)
    figure.shoulders, figure.arm = (-0.56 + 0.24j, 0.56 + 0.24j), (0.07, 0.05)
