"""Flowers: a face in the petals of a daisy, an orchid or an arum; the hollow ones are in `cups`."""

import cmath
import math

from dalle.painters.sketch.bodies.cups import bell, carnivore, cup
from dalle.painters.sketch.bodies.stems import leaf_arms, stem
from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.matching import has
from dalle.painters.sketch.shapes import Figure, Points, egg, ellipse, leaf, ribbon, smooth


def _petal(kind: str, head: complex, far: float, a: float, petals: int) -> Points:
    tip = head + cmath.rect(far, a)
    if kind == "leaf":
        return leaf(head + cmath.rect(0.14, a), tip, min(0.9, 4.6 / petals))
    if kind == "round":
        return ellipse(head + cmath.rect(far * 0.66, a), far * 0.36, far * 0.3 * min(1.4, 9 / petals), a)
    side = cmath.rect(0.16 * min(1.5, 8 / petals), a + math.pi / 2)
    inner = tip * 0.8 + head * 0.2
    return smooth(
        [
            head + cmath.rect(0.1, a),
            inner - side,
            tip - side * 0.6,
            tip * 0.92 + head * 0.08,
            tip + side * 0.6,
            inner + side,
        ]
    )


def flower(figure: Figure, dice: Dice, text: str) -> None:
    """A flower by its class."""
    if has(text, ("tulip", "crocus", "snowdrop", "hyacinth", "aquatic")):
        cup(figure, dice, text)
    elif has(text, ("orchid",)):
        _orchid(figure, dice)
    elif has(text, ("arum", "anthurium")):
        _spathe(figure, dice)
    elif has(text, ("carnivorous plant",)):
        carnivore(figure, dice, text)
    elif has(
        text,
        (
            "bleeding heart",
            "lily of the valley",
            "foxglove",
            "bluebell",
            "larkspur",
            "chequered lily",
        ),
    ):
        bell(figure, dice)
    else:
        _daisy(figure, dice, text)


def _daisy(figure: Figure, dice: Dice, text: str) -> None:
    composite, lily = has(text, ("composite",)), has(text, ("lily", "tropical"))
    petals = dice.count("petals", 12, 18) if composite else 6 if lily else dice.count("petals", 5, 9)
    kind = "leaf" if lily else dice.pick("petal kind", ("leaf", "round", "heart"))
    head = -0.3j
    stem(figure, dice, -0.1j, lily)
    if has(text, ("thistle",)):
        for k in range(11):
            a = math.pi * (0.05 + 0.9 * k / 10)
            figure.add(leaf(head + cmath.rect(0.2, a), head + cmath.rect(0.52, a), 0.4), "leaf", "skull", 0.8)
    for ring in range(3 if has(text, ("dahlia", "chrysanthemum", "peony")) else 2):
        far = 0.64 - 0.08 * ring
        for i in range(petals):
            a = math.tau * (i + 0.5 * ring) / petals - math.pi / 2
            figure.add(_petal(kind, head, far, a, petals), ("shade", "body", "light")[ring], "skull", 0.9, 0.5)
            if lily and ring:
                for t in (0.5, 0.66):
                    figure.add(ellipse(head + cmath.rect(far * t, a), 0.02, 0.02), "deep", "skull", 0)
    figure.add(ellipse(head, 0.33, 0.32), "accent", "head", 1, 0.8)
    for i in range(26):
        figure.add(ellipse(head + cmath.rect(0.29, math.tau * i / 26), 0.014, 0.014), "accent shade", "head", 0)
    leaf_arms(figure, head, 0.32, head - 0.46j)


def _orchid(figure: Figure, dice: Dice) -> None:
    stem(figure, dice, -0.1j, True)
    head = -0.34j
    for a, far, wide in ((-1.57, 0.66, 0.5), (0.62, 0.62, 0.44), (2.52, 0.62, 0.44)):
        figure.add(leaf(head, head + cmath.rect(far, a), wide), "shade", "back", 1, 0.4)
    for side in (-1, 1):
        wing = smooth(
            [
                head + complex(0.06 * side, -0.02),
                head + complex(0.4 * side, -0.4),
                head + complex(0.82 * side, -0.22),
                head + complex(0.7 * side, 0.16),
                head + complex(0.3 * side, 0.16),
            ]
        )
        figure.add(wing, "body", "skull", 1, 0.5)
        for k in range(3):
            figure.add(
                ribbon([head + 0.1 * side, head + complex(0.62 * side, -0.22 + 0.13 * k)], 0.01), "deep", "skull", 0
            )
    figure.add(egg(head + 0.02j, 0.36, 0.33), "belly", "head", 1, 0.7)
    lip = smooth(
        [
            head + complex(-0.2, 0.28),
            head + complex(-0.36, 0.5),
            head + complex(-0.1, 0.6),
            head + 0.7j,
            head + complex(0.1, 0.6),
            head + complex(0.36, 0.5),
            head + complex(0.2, 0.28),
        ]
    )
    figure.add(lip, "accent", "skull", 1, 0.5)
    for k in range(5):
        figure.add(ellipse(head + complex(-0.16 + 0.08 * k, 0.42 + 0.05 * (k % 2)), 0.022, 0.022), "deep", "skull", 0)
    leaf_arms(figure, head + 0.02j, 0.36, head - 0.34j)


def _spathe(figure: Figure, dice: Dice) -> None:
    stem(figure, dice, 0.2j)
    tip = complex(0.3 * dice.side("tip"), -1.06)
    cloak = [0.34j, -0.5 + 0.0j, -0.62 - 0.4j, -0.3 - 0.8j, tip, 0.4 - 0.74j, 0.62 - 0.4j, 0.5 + 0.0j]
    figure.add(smooth(cloak), "body", "skull", 1, 0.8)
    figure.add(smooth([-0.22j + (p + 0.22j) * 0.82 for p in cloak]), "light", "skull", 0)
    figure.add(ribbon([0.2j, -0.2j, -0.72j], 0.26, 0.3, 0.2), "accent", "head", 1, 0.8)
    leaf_arms(figure, -0.2j, 0.32, -0.76j)
