"""Fruit: each in its own shape, on short legs under leaves or a stalk."""

import math

from dalle.painters.sketch.bodies.anatomy import face_at, feet
from dalle.painters.sketch.bodies.stalks import leaves, limbs, shine, stalk
from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.matching import has
from dalle.painters.sketch.shapes import Figure, Points, box, egg, ellipse, leaf, ribbon, smooth, star, turned

CLUSTERS = ("blackberry", "cloudberry", "redcurrant")
PRICKLY = ("rambutan", "durian", "jackfruit", "breadfruit", "pineapple", "dragon fruit")
CITRUS = ("citrus",)
DROPS = ("pear", "fig", "quince", "papaya", "medlar")
CROWNED = ("pomegranate", "blueberry", "medlar", "gooseberry", "mangosteen")


def fruit(figure: Figure, dice: Dice, text: str) -> None:
    """A fruit by its name: citrus, berry, cluster, drop, prickle, nut, banana, cherry."""
    rx, ry = dice.span("width", 0.54, 0.64), dice.span("height", 0.5, 0.57)
    centre = 0.18j
    crown = centre - complex(0, ry * 0.92)
    if has(text, ("banana",)):
        _banana(figure, dice)
        return
    if has(text, ("sweet cherry",)):
        _cherries(figure, dice)
        return
    if has(text, CLUSTERS):
        leaves(figure, dice, crown, 5, 0.32)
        for ring, count in ((1.0, 11), (0.62, 7)):
            for k in range(count):
                a = math.tau * k / count + ring
                spot = centre + complex(rx * ring * 0.82 * math.cos(a), ry * ring * 0.86 * math.sin(a))
                figure.add(ellipse(spot, 0.19, 0.18), ("body", "shade")[k % 2], "body", 1, 0.9)
                figure.add(ellipse(spot - 0.06 - 0.07j, 0.035, 0.03), "light", "body", 0)
        figure.add(ellipse(centre, rx * 0.62, ry * 0.6), "body", "body", 0, 0.6)
        limbs(figure, centre, rx, crown)
        return
    if has(text, ("strawberry",)):
        figure.add(egg(centre, rx * 0.96, ry * 1.12, -0.22), "body", "body", 1, 1)
        _seeds(figure, centre, rx, ry)
        leaves(figure, dice, crown, 7, 0.3, 0.5)
    elif has(text, ("watermelon",)):
        figure.add(ellipse(centre, rx * 1.08, ry * 0.98), "leaf", "body", 1, 1)
        for k in (-3, -2, -1, 0, 1, 2, 3):
            bend = [
                centre + complex(rx * 0.08 * k, -ry * 0.9),
                centre + complex(rx * 0.3 * k, 0),
                centre + complex(rx * 0.08 * k, ry * 0.9),
            ]
            figure.add(ribbon(bend, 0.012, 0.035, 0.012), "deep", "body", 0)
        figure.add(ellipse(centre - 0.02j, rx * 0.72, ry * 0.66), "cheek", "head", 0.9, 0.4)
        for k in range(9):
            a = math.tau * k / 9 + 0.3
            figure.add(
                leaf(
                    centre + complex(rx * 0.6 * math.cos(a), ry * 0.56 * math.sin(a)),
                    centre + complex(rx * 0.52 * math.cos(a), ry * 0.46 * math.sin(a)),
                    0.6,
                ),
                "ink",
                "head",
                0,
            )
        stalk(figure, dice, crown)
    elif has(text, CITRUS):
        tip = 0.14 if has(text, ("lemon", "citron", "bergamot")) else 0.0
        skin: Points = [
            centre + complex(rx * math.cos(a), ry * math.sin(a) * (1 + tip * max(0.0, math.sin(a)) ** 9))
            for a in (math.tau * k / 60 for k in range(60))
        ]
        figure.add(skin, "body", "body", 1, 1)
        stream = dice.stream("pores")
        for _ in range(26):
            a, far = math.tau * stream.random(), math.sqrt(stream.random()) * 0.9
            figure.add(
                ellipse(centre + complex(rx * far * math.cos(a), ry * far * math.sin(a)), 0.012, 0.01),
                "shade",
                "body",
                0,
            )
        wheel = centre + complex(rx * 0.78 * dice.side("slice"), ry * 0.86)
        for grow, fill in ((0.24, "accent"), (0.2, "belly")):
            figure.add(ellipse(wheel, grow, grow), fill, "front", 0.9)
        for k in range(8):
            a = math.tau * k / 8
            p = [
                wheel + 0.03 * complex(math.cos(a + 0.4), math.sin(a + 0.4)),
                wheel + 0.17 * complex(math.cos(a + 0.12), math.sin(a + 0.12)),
                wheel + 0.17 * complex(math.cos(a + 0.66), math.sin(a + 0.66)),
            ]
            figure.add(p, "accent", "front", 0)
        stalk(figure, dice, crown)
    elif has(text, PRICKLY):
        tall = has(text, ("pineapple", "dragon fruit"))
        ry = ry * (1.14 if tall else 1.0)
        for k in range(26):
            a = math.tau * k / 26
            root = centre + complex(rx * math.cos(a), ry * math.sin(a)) * 0.96
            figure.add(
                leaf(root, centre + (root - centre) * 1.2, 0.55),
                "leaf" if has(text, ("dragon fruit",)) else "deep",
                "back",
                0.7,
            )
        figure.add(ellipse(centre, rx, ry), "body", "body", 1, 1)
        for k in range(-4, 5):
            for lean in (-1, 1):
                line = [
                    centre + complex(0.15 * k - 0.3 * lean, -ry * 0.8),
                    centre + complex(0.15 * k + 0.3 * lean, ry * 0.8),
                ]
                if abs(0.15 * k) < rx - 0.25:
                    figure.add(ribbon(line, 0.009), "shade", "body", 0)
        figure.add(ellipse(centre - 0.02j, rx * 0.66, ry * 0.5), "body", "head", 0, 0)
        if tall:
            for i in range(7):
                figure.add(
                    turned(leaf(crown + 0.1j, crown - (0.5 - 0.04 * abs(i - 3)) * 1j, 0.28), (i - 3) * 0.24, crown),
                    "leaf",
                    "skull",
                    0.9,
                    0.3,
                )
        else:
            stalk(figure, dice, crown)
    elif has(text, DROPS):
        pear = smooth(
            [
                centre + complex(x * rx, y * ry)
                for x, y in (
                    (0, -1.3),
                    (0.34, -1.12),
                    (0.46, -0.6),
                    (0.92, 0.1),
                    (0.9, 0.72),
                    (0.4, 1.04),
                    (-0.4, 1.04),
                    (-0.9, 0.72),
                    (-0.92, 0.1),
                    (-0.46, -0.6),
                    (-0.34, -1.12),
                )
            ]
        )
        figure.add(pear, "body", "body", 1, 1)
        shine(figure, centre + 0.2j, rx, ry)
        crown = centre - complex(0, ry * 1.24)
        stalk(figure, dice, crown)
        limbs(figure, centre, rx * 0.94, crown, centre + 0.14j)
        return
    elif has(text, ("nut",)):
        figure.add(
            smooth(
                [
                    centre + complex(x * rx, y * ry)
                    for x, y in (
                        (0, -0.96),
                        (0.6, -0.8),
                        (0.98, -0.1),
                        (0.7, 0.66),
                        (0, 1.12),
                        (-0.7, 0.66),
                        (-0.98, -0.1),
                        (-0.6, -0.8),
                    )
                ]
            ),
            "body",
            "body",
            1,
            1,
        )
        cap = [centre + complex(rx * (1.04 - 0.13 * k), -ry * (0.18 + 0.14 * (k % 2))) for k in range(17)]
        figure.add(
            [
                *(
                    centre + complex(rx * 1.04 * math.cos(a), ry * 1.06 * math.sin(a) - 0.02)
                    for a in (math.pi * (1.06 + 0.88 * j / 14) for j in range(15))
                ),
                *cap,
            ],
            "wood",
            "head",
            1,
            0.6,
        )
        leaves(figure, dice, crown, 2, 0.3, 1.0)
        limbs(figure, centre, rx, crown, centre + 0.16j)
        return
    else:
        heart = has(text, ("apple", "mangosteen", "persimmon"))
        skin = [
            centre
            + complex(
                rx * 1.02 * math.cos(a),
                ry * math.sin(a) + (0.09 * math.exp(-((math.cos(a)) ** 2) * 16) if heart and math.sin(a) < 0 else 0),
            )
            for a in (math.tau * k / 60 for k in range(60))
        ]
        figure.add(skin, "body", "body", 1, 1)
        if has(text, ("stone fruit",)):
            figure.add(
                ribbon(
                    [crown + 0.05j, centre + complex(rx * 0.26, -ry * 0.2), centre + complex(rx * 0.12, ry * 0.8)],
                    0.008,
                    0.016,
                    0.006,
                ),
                "shade",
                "body",
                0,
            )
            figure.add(egg(centre + complex(rx * 0.4, -0.06), rx * 0.5, ry * 0.7), "cheek", "body", 0, 0, 0.3)
        if has(text, ("carambola",)):
            figure.add(star(centre, rx * 1.1, rx * 0.62, 5), "body", "body", 1, 0.8)
        if has(text, CROWNED):
            for k in range(5):
                figure.add(
                    leaf(crown + complex(0.07 * (k - 2), 0.1), crown + complex(0.13 * (k - 2), -0.18), 0.7),
                    "body",
                    "skull",
                    0.9,
                    0.3,
                )
        else:
            stalk(figure, dice, crown + 0.04j * heart)
        shine(figure, centre, rx, ry)
    limbs(figure, centre, rx, crown)


def _seeds(figure: Figure, centre: complex, rx: float, ry: float) -> None:
    for i in range(22):
        far = math.sqrt((i + 6) / 28) * 0.84
        p = centre + complex(rx * far * math.cos(i * 2.4), ry * far * math.sin(i * 2.4))
        figure.add(leaf(p - 0.025j, p + 0.03j, 0.6), "belly", "body", 0)


def _banana(figure: Figure, dice: Dice) -> None:
    side = dice.side("bend")
    spine = [
        complex(-0.34 * side, -0.78),
        complex(0.06 * side, -0.4),
        complex(0.2 * side, 0.1),
        complex(0.04 * side, 0.56),
        complex(-0.4 * side, 0.84),
    ]
    figure.add(ribbon(spine, 0.08, 0.3, 0.36, 0.3, 0.08), "body", "body", 1, 1)
    figure.add(ribbon([p + 0.16 * side for p in spine[1:4]], 0.015, 0.02, 0.015), "shade", "body", 0)
    for end in (spine[0], spine[-1]):
        figure.add(ellipse(end, 0.085, 0.07), "wood", "body", 0.8)
    figure.add(box(spine[0] - 0.1j, 0.05, 0.1, 0.6), "leaf", "back", 0.9)
    feet(figure, 0.16, "wood")
    face_at(figure, complex(0.16 * side, 0.04), 0.36, complex(-0.16 * side, -0.62), 0.3)
    figure.shoulders, figure.arm, figure.arm_fill = (
        (complex(0.16 * side - 0.34, 0.2), complex(0.16 * side + 0.34, 0.2)),
        (0.05, 0.04),
        "wood",
    )


def _cherries(figure: Figure, dice: Dice) -> None:
    side = dice.side("pair")
    top = complex(0.1 * side, -0.9)
    for x, size in ((0.46 * side, 0.4), (-0.26 * side, 0.52)):
        at = complex(x, 0.36 if size < 0.5 else 0.3)
        figure.add(
            ribbon([top, complex(x * 0.8 + 0.1 * side, -0.4), at - complex(0, size * 0.8)], 0.03, 0.024),
            "leaf",
            "back",
            0.9,
        )
        figure.add(
            ellipse(at, size, size * 0.96), "shade" if size < 0.5 else "body", "back" if size < 0.5 else "body", 1, 1
        )
    figure.add(leaf(top, top + complex(0.6 * side, 0.02), 0.5), "leaf", "back", 0.9, 0.3)
    at = complex(-0.26 * side, 0.3)
    figure.add(ellipse(at + complex(-0.26, -0.28), 0.06, 0.1, 0.6), "light", "body", 0)
    feet(figure, 0.2, "wood")
    face_at(figure, at, 0.46, at - 0.48j, 0.34)
    figure.shoulders, figure.arm, figure.arm_fill = (
        (at + complex(-0.48, 0.1), at + complex(0.48, 0.1)),
        (0.05, 0.04),
        "wood",
    )
