"""Flowers: a face in petals, as daisy, bell, bulb, lotus, orchid or trap; leaves for arms."""

import cmath
import math

from dalle.painters.sketch.bodies.anatomy import face_at
from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.matching import has
from dalle.painters.sketch.shapes import Figure, Points, arc, egg, ellipse, leaf, ribbon, smooth


def _stem(figure: Figure, dice: Dice, top: complex, narrow: bool = False) -> None:
    figure.add(ribbon([top, complex(0.06 * dice.side("stem"), 0.4), 0.97j], 0.055, 0.06, 0.07), "leaf", "tail", 1, 0.5)
    for k in (0, 1):
        root = complex(0, 0.93 - 0.04 * k)
        tip = root + (complex(0.22 + 0.1 * k, -0.62 + 0.1 * k) if narrow else complex(0.52 - 0.1 * k, -0.16 - 0.18 * k))
        figure.both(leaf(root, tip, 0.24 if narrow else 0.42), "leaf", "tail", 1, 0.4)


def _arms(figure: Figure, face: complex, size: float, hat: complex) -> None:
    face_at(figure, face, size, hat, 0.36)
    figure.neck = 0.1j
    figure.shoulders, figure.arm = (-0.03 + 0.44j, 0.03 + 0.44j), (0.03, 0.085)
    figure.arm_fill, figure.reach = "leaf", 0.6


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
        _cup(figure, dice, text)
    elif has(text, ("orchid",)):
        _orchid(figure, dice)
    elif has(text, ("arum", "anthurium")):
        _spathe(figure, dice)
    elif has(text, ("carnivorous plant",)):
        _trap(figure, dice, text)
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
        _bell(figure, dice)
    else:
        _daisy(figure, dice, text)


def _daisy(figure: Figure, dice: Dice, text: str) -> None:
    composite, lily = has(text, ("composite",)), has(text, ("lily", "tropical"))
    petals = dice.count("petals", 12, 18) if composite else 6 if lily else dice.count("petals", 5, 9)
    kind = "leaf" if lily else dice.pick("petal kind", ("leaf", "round", "heart"))
    head = -0.3j
    _stem(figure, dice, -0.1j, lily)
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
    _arms(figure, head, 0.32, head - 0.46j)


def _cup(figure: Figure, dice: Dice, text: str) -> None:
    water = has(text, ("aquatic",))
    if water:
        for k in range(3):
            pad = [
                complex((k - 1) * 0.6, 0.78 + 0.09 * (k % 2)) + complex(0.46 * math.cos(a), 0.13 * math.sin(a))
                for a in (math.tau * j / 30 + 0.3 for j in range(28))
            ]
            figure.add([*pad, complex((k - 1) * 0.6, 0.78 + 0.09 * (k % 2))], "leaf", "tail", 1, 0.4)
    else:
        _stem(figure, dice, 0.2j, True)
    low = 0.52 if water else 0.28
    for ring, (count, tall, fill) in enumerate(((7, 0.98, "shade"), (6, 0.84, "body"))):
        for i in range(count):
            t = (i - (count - 1) / 2) / ((count - 1) / 2)
            tip = complex((0.82 if water else 0.56) * t, low - tall + 0.34 * t * t * (1.4 if water else 0.7))
            figure.add(
                leaf(complex(0.16 * t, low + 0.06), tip, 0.42 - 0.04 * ring),
                fill,
                "back" if ring == 0 else "skull",
                1,
                0.5,
            )
    cup = smooth(
        [
            complex(-0.46, low - 0.56),
            complex(-0.22, low - 0.42),
            complex(0, low - 0.62),
            complex(0.22, low - 0.42),
            complex(0.46, low - 0.56),
            complex(0.5, low - 0.1),
            complex(0.26, low + 0.12),
            complex(-0.26, low + 0.12),
            complex(-0.5, low - 0.1),
        ]
    )
    figure.add(cup, "body", "head", 1, 1)
    figure.add(
        smooth([complex(-0.3, low + 0.06), complex(0, low - 0.03), complex(0.3, low + 0.06), complex(0, low + 0.2)]),
        "leaf",
        "horn",
        0.8,
        0.3,
    )
    _arms(figure, complex(0, low - 0.22), 0.42, complex(0, low - 0.56))
    figure.hat_size = 0.34
    if water:
        figure.shoulders, figure.neck = (complex(-0.4, low), complex(0.4, low)), complex(0, low)


def _bell(figure: Figure, dice: Dice) -> None:
    side = dice.side("arch")
    arch = [
        complex(-0.7 * side, 0.97),
        complex(-0.76 * side, 0.1),
        complex(-0.5 * side, -0.7),
        complex(0.06 * side, -0.82),
        complex(0.6 * side, -0.62),
    ]
    figure.add(ribbon(arch, 0.06, 0.05, 0.045, 0.035, 0.02), "leaf", "back", 1, 0.3)
    for k in (0, 1):
        figure.add(leaf(arch[0], complex((-1.05 + 0.7 * k) * side, 0.3), 0.34), "leaf", "back", 1, 0.3)
    small = complex(0.62 * side, -0.28)
    for at, size in ((small, 0.3), (0.06j, 1.0)):
        hem = [at + complex(0.56 - 0.14 * k, 0.5 + 0.1 * (k % 2)) * size for k in range(9)]
        dome = smooth(
            [
                at + complex(-0.56, 0.5) * size,
                at + complex(-0.42, -0.2) * size,
                at - 0.7j * size,
                at + complex(0.42, -0.2) * size,
                at + complex(0.56, 0.5) * size,
            ],
            closed=False,
            steps=8,
        )
        figure.add(
            [*dome, *smooth(hem, closed=False, steps=4)],
            "body" if size == 1 else "shade",
            "body" if size == 1 else "back",
            1,
            0.9,
        )
        figure.add(
            smooth(
                [
                    at + complex(-0.2, -0.56) * size,
                    at - 0.82j * size,
                    at + complex(0.2, -0.56) * size,
                    at - 0.44j * size,
                ]
            ),
            "leaf",
            "skull" if size == 1 else "back",
            0.9,
        )
    for k in (-1, 0, 1):
        figure.add(ribbon([complex(0.14 * k, 0.5), complex(0.18 * k, 0.78)], 0.02), "accent", "tail", 0.6)
        figure.add(ellipse(complex(0.18 * k, 0.8), 0.055, 0.045), "metal", "tail", 0.7)
    face_at(figure, 0.1j, 0.42, -0.56j, 0.3)
    figure.shoulders, figure.arm, figure.arm_fill = (-0.42 + 0.3j, 0.42 + 0.3j), (0.05, 0.08), "leaf"
    figure.floats = True


def _orchid(figure: Figure, dice: Dice) -> None:
    _stem(figure, dice, -0.1j, True)
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
    _arms(figure, head + 0.02j, 0.36, head - 0.34j)


def _spathe(figure: Figure, dice: Dice) -> None:
    _stem(figure, dice, 0.2j)
    tip = complex(0.3 * dice.side("tip"), -1.06)
    cloak = [0.34j, -0.5 + 0.0j, -0.62 - 0.4j, -0.3 - 0.8j, tip, 0.4 - 0.74j, 0.62 - 0.4j, 0.5 + 0.0j]
    figure.add(smooth(cloak), "body", "skull", 1, 0.8)
    figure.add(smooth([-0.22j + (p + 0.22j) * 0.82 for p in cloak]), "light", "skull", 0)
    figure.add(ribbon([0.2j, -0.2j, -0.72j], 0.26, 0.3, 0.2), "accent", "head", 1, 0.8)
    _arms(figure, -0.2j, 0.32, -0.76j)


def _trap(figure: Figure, dice: Dice, text: str) -> None:
    _stem(figure, dice, 0.0j)
    head = -0.3j
    if has(text, ("pitcher plant", "bladderwort", "cobra lily")):
        jug = smooth(
            [
                complex(-0.42, -0.6),
                complex(0.42, -0.6),
                complex(0.34, -0.2),
                complex(0.46, 0.3),
                complex(0.2, 0.72),
                complex(-0.2, 0.72),
                complex(-0.46, 0.3),
                complex(-0.34, -0.2),
            ]
        )
        figure.add(
            smooth([complex(-0.4, -0.62), complex(-0.3, -1.0), complex(0.36, -1.02), complex(0.44, -0.64)]),
            "accent",
            "back",
            1,
            0.4,
        )
        figure.add(jug, "body", "body", 1, 1)
        figure.add(ellipse(-0.6j, 0.46, 0.12), "accent", "skull", 1, 0.3)
        figure.add(ellipse(-0.59j, 0.34, 0.07), "mouth", "skull", 0)
        for k in (-1, 1):
            figure.add(
                ribbon([complex(0.2 * k, -0.46), complex(0.3 * k, 0.2), complex(0.12 * k, 0.6)], 0.016, 0.024, 0.008),
                "accent",
                "body",
                0,
            )
        _arms(figure, -0.04j, 0.38, -0.68j)
        figure.shoulders = (-0.4 + 0.3j, 0.4 + 0.3j)
        return
    for turn in (-1, 1):
        jaw = arc(head + complex(0, 0.04 * turn), 0.62, 0.5, 0.0 if turn > 0 else 0.5, 0.5 if turn > 0 else 1.0, 22)
        for p in jaw[2:-2:2]:
            figure.add(leaf(p, head + (p - head) * 1.34, 0.16), "leaf", "back", 0.6)
        figure.add([*jaw], "leaf" if turn > 0 else "shade", "skull", 1, 0.6)
    figure.add(ellipse(head, 0.5, 0.38), "cheek", "head", 0.9, 0.4)
    _arms(figure, head, 0.4, head - 0.44j)
