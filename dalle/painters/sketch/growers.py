"""Bodies that grow: trees, flowers, leaves, fruit, mushrooms; and the ones only a lens shows."""

import cmath
import math

from dalle.painters.sketch.beasts import has, spots
from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.shapes import Figure, arc, box, egg, ellipse, leaf, lobes, ribbon, smooth, star, turned


def _face_at(figure: Figure, face: complex, size: float, hat: complex, hat_size: float) -> None:
    figure.face, figure.face_size, figure.hat, figure.hat_size, figure.neck = face, size, hat, hat_size, face + 0.4j


def _feet(figure: Figure, x: float, fill: str) -> None:
    figure.both(ribbon([complex(x, 0.7), complex(x, 0.93)], 0.045), fill, "tail")
    figure.both(box(complex(x + 0.04, 0.94), 0.11, 0.055, 0.8), fill, "body", 1)


def tree(figure: Figure, dice: Dice, text: str) -> None:
    """Trees: a trunk with a face, boughs for arms, a crown of clouds, tiers or fronds."""
    wide = dice.span("trunk", 0.27, 0.36)
    trunk = smooth(
        [
            complex(-wide, -0.2),
            complex(-wide * 0.86, 0.4),
            complex(-wide * 1.15, 0.75),
            complex(-wide * 1.9, 0.97),
            complex(-wide * 0.5, 0.9),
            0.98j,
            complex(wide * 0.5, 0.9),
            complex(wide * 1.9, 0.97),
            complex(wide * 1.15, 0.75),
            complex(wide * 0.86, 0.4),
            complex(wide, -0.2),
        ]
    )
    figure.add(trunk, "wood", "body", 1, 0.8)
    for k in range(5):
        x = -wide * 0.7 + wide * 0.35 * k
        figure.add(ribbon([complex(x, 0.62), complex(x * 1.2, 0.86)], 0.01, 0.014), "ink", "body", 0, 0)
    if has(text, ("conifer", "pine", "spruce", "fir", "cypress", "cedar", "larch", "sequoia", "redwood", "yew")):
        for i in range(4):
            y, half = 0.02 - 0.25 * i, 0.82 - 0.17 * i
            tier = [
                complex(-half, y),
                *[complex(-half + half * 2 * k / 8, y + 0.08 * (k % 2)) for k in range(1, 8)],
                complex(half, y),
                complex(half * 0.28, y - 0.4),
                complex(-half * 0.28, y - 0.4),
            ]
            figure.add(smooth(tier, steps=4), ("body", "shade")[i % 2], "skull", 1, 0.5)
        hat = complex(0, -1.02)
    elif has(text, ("palm", "cycad", "coconut", "date", "dragon tree", "banana")):
        for i in range(9):
            a = -math.pi / 2 + (i - 4) * 0.46
            tip = -0.3j + cmath.rect(0.9, a) + 0.16j * abs(i - 4) * 0.5
            figure.add(leaf(-0.3j, tip, 0.3), ("body", "shade")[i % 2], "skull", 1, 0.4)
        hat = -0.5j
    else:
        for i, (x, y, r) in enumerate(
            ((-0.5, -0.28, 0.36), (0.5, -0.28, 0.36), (-0.26, -0.62, 0.4), (0.28, -0.62, 0.4), (0.0, -0.4, 0.46))
        ):
            bulk = r * dice.span(f"crown {i}", 0.88, 1.12)
            figure.add(
                lobes(complex(x, y), bulk, bulk * 0.86, dice.count("lobes", 6, 8), 0.14, i),
                ("shade", "body")[i > 1],
                "skull",
                1,
                0.7,
            )
        stream = dice.stream("fruit")
        for _ in range(dice.count("fruit", 6, 13)):
            a, far = math.tau * stream.random(), math.sqrt(stream.random())
            p = complex(0.66 * far * math.cos(a), -0.52 + 0.36 * far * math.sin(a))
            if abs(p) > 0.35:
                figure.add(ellipse(p, 0.055, 0.055), "accent", "skull", 0.6, 0.6)
        hat = -0.95j
    figure.add(egg(0.28j, wide * 1.02, 0.36, 0.05), "belly", "head", 0.8, 0.5)
    _face_at(figure, 0.26j, wide * 0.98, hat, 0.36)
    figure.shoulders, figure.arm, figure.arm_fill, figure.reach = (
        (complex(-wide * 0.9, 0.34), complex(wide * 0.9, 0.34)),
        (0.06, 0.035),
        "wood",
        0.52,
    )


def flower(figure: Figure, dice: Dice, text: str) -> None:
    """Flowers: a face in a wreath of petals, leaves for arms."""
    petals = dice.count("petals", 5, 13)
    kind = dice.pick("petal kind", ("leaf", "round", "heart"))
    head = -0.3j
    figure.add(
        ribbon([-0.1j, complex(0.06 * dice.side("stem"), 0.4), 0.97j], 0.055, 0.06, 0.07), "leaf", "tail", 1, 0.5
    )
    for k in (0, 1):
        root = complex(0, 0.93 - 0.04 * k)
        figure.both(leaf(root, root + complex(0.52 - 0.1 * k, -0.16 - 0.18 * k), 0.42), "leaf", "tail", 1, 0.4)
    for ring in range(2):
        far = 0.62 - 0.08 * ring
        for i in range(petals):
            a = math.tau * (i + 0.5 * ring) / petals - math.pi / 2
            tip = head + cmath.rect(far, a)
            width = min(0.9, 4.6 / petals)
            if kind == "leaf":
                petal = leaf(head + cmath.rect(0.14, a), tip, width)
            elif kind == "round":
                petal = ellipse(head + cmath.rect(far * 0.66, a), far * 0.36, far * 0.3 * min(1.4, 9 / petals), a)
            else:
                side = cmath.rect(0.16 * min(1.5, 8 / petals), a + math.pi / 2)
                petal = smooth(
                    [
                        head + cmath.rect(0.1, a),
                        tip * 0.8 + head * 0.2 - side,
                        tip - side * 0.6,
                        tip * 0.92 + head * 0.08,
                        tip + side * 0.6,
                        tip * 0.8 + head * 0.2 + side,
                    ]
                )
            figure.add(petal, ("shade", "body")[ring], "skull", 0.9, 0.5)
    figure.add(ellipse(head, 0.33, 0.32), "accent", "head", 1, 0.8)
    for i in range(26):
        p = head + cmath.rect(0.29, math.tau * i / 26)
        figure.add(ellipse(p, 0.014, 0.014), "accent shade", "head", 0)
    _face_at(figure, head, 0.32, head - 0.46j, 0.36)
    figure.neck = 0.1j
    figure.shoulders, figure.arm, figure.arm_fill, figure.reach = (
        (-0.03 + 0.42j, 0.03 + 0.42j),
        (0.03, 0.085),
        "leaf",
        0.6,
    )


def bush(figure: Figure, dice: Dice, text: str) -> None:
    """Shrubs, ferns, grasses, herbs, mosses, vines, weeds of the sea: a clump with a face, often in a pot."""
    blade = has(text, ("grass", "reed", "sedge", "bamboo", "rush", "alga", "kelp", "seaweed", "cereal"))
    fern = has(text, ("fern", "bracken", "horsetail", "cycad"))
    herb = has(text, ("herb", "vine", "ivy", "creeper"))
    potted = dice.chance("pot", 0.45)
    if blade or fern:
        count = dice.count("blades", 13, 17)
        for i in range(count):
            t = (i - (count - 1) / 2) / ((count - 1) / 2)
            root, tip = complex(0.28 * t, 0.55), complex(0.95 * t, -0.95 + 0.75 * t * t + 0.16 * (i % 2))
            bend = (root + tip) / 2 + complex(-0.12 * t, -0.14)
            if fern:
                spine = smooth([root, bend, tip], closed=False, steps=6)
                for k in range(2, 12):
                    along = spine[k + 1 if k < 11 else k] - spine[k - 1]
                    size = 0.17 * (1 - k / 14)
                    turn = along / max(abs(along), 1e-6)
                    for s in (-1, 1):
                        figure.add(
                            leaf(spine[k], spine[k] + turn * cmath.rect(size, s * 1.1), 0.42),
                            ("leaf", "body")[i % 2],
                            "back",
                            0.5,
                        )
                figure.add(ribbon([root, bend, tip], 0.02, 0.008), "deep", "back", 0)
            else:
                figure.add(
                    ribbon([root, bend, tip], 0.06, 0.055, 0.008), ("body", "shade", "leaf")[i % 3], "back", 0.9, 0.3
                )
        figure.add(lobes(0.42j, 0.46, 0.4, 9, 0.12), "body", "body", 1, 0.8)
        face = 0.36j
    elif herb:
        for i in range(15):
            a = -math.pi / 2 + (i - 7) * 0.31
            far = 0.85 + 0.12 * (i % 2)
            tip = 0.1j + cmath.rect(far, a)
            figure.add(ribbon([0.2j, tip], 0.018), "deep", "back", 0.4)
            for t in (0.65, 0.9):
                p = 0.1j + (tip - 0.1j) * t
                figure.add(
                    turned(leaf(p, p + cmath.rect(0.26, a), 0.55), 0.6 * (-1) ** i * (t < 0.8), p),
                    ("leaf", "body")[i % 2],
                    "back",
                    0.8,
                    0.3,
                )
            if i % 3 == 0:
                figure.add(star(tip, 0.1, 0.05, 5), "accent", "back", 0.7)
        figure.add(lobes(0.18j, 0.5, 0.48, 8, 0.12), "body", "body", 1, 0.9)
        face = 0.16j
    else:
        for i in range(11):
            a = math.tau * i / 11
            figure.add(
                lobes(complex(0.5 * math.cos(a), 0.08 + 0.48 * math.sin(a)), 0.32, 0.28, 6, 0.16, i),
                ("shade", "leaf")[i % 2],
                "back",
                0.9,
                0.4,
            )
        figure.add(lobes(0.1j, 0.6, 0.56, 10, 0.1), "body", "body", 1, 0.9)
        stream = dice.stream("berries")
        for _ in range(14):
            p = 0.1j + cmath.rect(0.48 + 0.28 * stream.random(), math.tau * stream.random())
            figure.add(ellipse(p, 0.045, 0.045), "accent", "body", 0.6, 0.5)
        face = 0.1j
    if potted:
        figure.add([-0.36 + 0.66j, 0.36 + 0.66j, 0.28 + 0.98j, -0.28 + 0.98j], "cloth", "front", 1, 0.5)
        figure.add(box(0.66j, 0.42, 0.07, 0.5), "cloth", "front", 1, 0.5)
        for k in range(5):
            figure.add(star(complex(-0.2 + 0.1 * k, 0.83), 0.04, 0.02, 4), "belly", "front", 0)
    else:
        _feet(figure, 0.17, "wood")
    figure.add(egg(face, 0.4, 0.32), "light", "head", 0, 0)
    _face_at(figure, face, 0.42, face - 0.5j, 0.36)
    figure.shoulders, figure.arm, figure.arm_fill = (-0.4 + 0.44j, 0.4 + 0.44j), (0.05, 0.035), "leaf"


def succulent(figure: Figure, dice: Dice, text: str) -> None:
    """Cacti and succulents: a ribbed column with arms, or a rosette, in a pot."""
    if has(
        text, ("aloe", "agave", "echeveria", "houseleek", "sempervivum", "rosette", "haworthia", "stonecrop", "yucca")
    ):
        for ring in range(3):
            for i in range(9):
                a = -math.pi / 2 + (i - 4) * (0.38 - 0.02 * ring)
                figure.add(
                    leaf(0.55j, 0.45j + cmath.rect(1.15 - 0.26 * ring, a), 0.3),
                    ("shade", "body", "light")[ring],
                    "back",
                    1,
                    0.5,
                )
        figure.add(egg(0.3j, 0.4, 0.36), "body", "body", 1, 0.8)
        face, hat = 0.28j, -0.04j
    else:
        rx = dice.span("column", 0.36, 0.5)
        figure.add(box(0.02j, rx, 0.78, 0.78), "body", "body", 1, 1)
        for k in range(-2, 3):
            figure.add(
                ribbon([complex(rx * 0.36 * k, -0.68 + 0.05 * abs(k)), complex(rx * 0.4 * k, 0.6)], 0.01),
                "deep",
                "body",
                0,
            )
            for j in range(7):
                p = complex(rx * 0.39 * k, -0.58 + 0.19 * j)
                figure.both(ribbon([p, p + 0.035 - 0.02j], 0.007), "white", "body", 0)
        figure.add(star(-0.78j, 0.2, 0.1, 8), "accent", "hat", 0.8)
        face, hat = -0.14j, -0.72j
        figure.add(egg(face, rx * 0.84, 0.3), "body", "head", 0)
    figure.add([-0.4 + 0.62j, 0.4 + 0.62j, 0.3 + 0.98j, -0.3 + 0.98j], "cloth", "front", 1, 0.5)
    figure.add(box(0.62j, 0.46, 0.075, 0.5), "cloth", "front", 1, 0.5)
    for k in range(5):
        figure.add(
            ribbon([complex(-0.26 + 0.13 * k, 0.74), complex(-0.2 + 0.13 * k, 0.86)], 0.014), "belly", "front", 0
        )
    _face_at(figure, face, 0.4, hat, 0.36)
    figure.shoulders, figure.arm, figure.reach = (-0.36 + 0.2j, 0.36 + 0.2j), (0.11, 0.1), 0.5


def fruit(figure: Figure, dice: Dice, text: str) -> None:
    """Fruit and vegetables: a full round body on short legs under a tuft of leaves."""
    long = has(
        text,
        (
            "carrot",
            "radish",
            "parsnip",
            "cucumber",
            "banana",
            "chilli",
            "pepper",
            "aubergine",
            "leek",
            "corn",
            "maize",
            "pear",
            "courgette",
            "turnip",
            "root",
            "squash",
            "marrow",
            "asparagus",
            "celery",
            "date",
            "okra",
        ),
    )
    rx, ry = (
        (dice.span("width", 0.38, 0.46), 0.66)
        if long
        else (dice.span("width", 0.56, 0.66), dice.span("height", 0.5, 0.58))
    )
    heavy = (
        dice.span("heavy", -0.22, -0.05)
        if has(text, ("carrot", "turnip", "radish", "root", "strawberry"))
        else dice.span("heavy", -0.06, 0.18)
    )
    centre = 0.18j
    crown = centre - complex(0, ry * 0.92)
    for i in range(7):
        lean = (i - 3) * 0.42
        figure.add(
            turned(leaf(crown, crown - dice.span(f"leaf {i}", 0.3, 0.46) * 1j, 0.4), lean, crown),
            "leaf",
            "skull",
            0.9,
            0.4,
        )
    figure.add(egg(centre, rx, ry, heavy), "body", "body", 1, 1)
    pattern = dice.pick("skin", ("ribs", "seeds", "plain", "spots"))
    if pattern == "ribs":
        for k in (-2, -1, 1, 2):
            figure.add(
                ribbon(
                    [
                        centre + complex(rx * 0.1 * k, -ry * 0.88),
                        centre + complex(rx * 0.4 * k, 0),
                        centre + complex(rx * 0.12 * k, ry * 0.9),
                    ],
                    0.006,
                    0.012,
                    0.006,
                ),
                "deep",
                "body",
                0,
            )
    elif pattern == "seeds":
        for i in range(20):
            p = centre + complex(
                rx * 0.84 * math.cos(i * 2.4) * math.sqrt((i + 4) / 24),
                ry * 0.84 * math.sin(i * 2.4) * math.sqrt((i + 4) / 24),
            )
            figure.add(leaf(p - 0.025j, p + 0.03j, 0.6), "belly", "body", 0)
    elif pattern == "spots":
        spots(figure, dice, centre, rx * 0.85, ry * 0.85, "shade")
    figure.add(ellipse(centre + complex(-rx * 0.5, -ry * 0.55), rx * 0.13, ry * 0.2, 0.6), "light", "body", 0)
    _feet(figure, 0.2, "wood")
    _face_at(figure, centre - 0.04j, min(rx, 0.52) * 0.9, crown + 0.02j, rx * 0.62)
    figure.shoulders, figure.arm, figure.arm_fill = (
        (centre + complex(-rx * 0.92, 0.1), centre + complex(rx * 0.92, 0.1)),
        (0.05, 0.04),
        "wood",
    )


def mushroom(figure: Figure, dice: Dice, text: str) -> None:
    """Mushrooms: a face on the stem, a spotted cap for a hat."""
    rx, tall = dice.span("cap", 0.64, 0.86), dice.span("cap height", 0.5, 0.74)
    if has(text, ("morel", "stinkhorn", "ink cap", "inkcap", "conical", "parasol")):
        rx, tall = rx * 0.72, 0.86
    stem = smooth([-0.26 - 0.1j, -0.27 + 0.4j, -0.4 + 0.85j, 0.97j, 0.4 + 0.85j, 0.27 + 0.4j, 0.26 - 0.1j])
    figure.add(stem, "belly", "body", 1, 0.9)
    figure.add(ellipse(complex(0, -0.1), rx * 0.92, 0.15), "shade", "head", 1)
    for k in range(-7, 8):
        figure.add(
            ribbon([complex(0.24 * k / 7, -0.03), complex(rx * 0.86 * k / 7, -0.13 + 0.02 * abs(k) / 7)], 0.006),
            "belly",
            "head",
            0,
        )
    lip = [complex(rx - 2 * rx * k / 8, -0.13 + 0.035 * math.sin(k * 2)) for k in range(1, 8)]
    cap = smooth([*arc(-0.14j, rx, tall, 0.5, 1.0, 12), *lip], steps=4)
    figure.add(cap, "body", "head", 1, 1)
    if has(text, ("morel", "truffle")):
        for i in range(24):
            a, far = i * 2.4, math.sqrt(i / 24)
            figure.add(
                ellipse(complex(rx * 0.8 * far * math.cos(a), -0.48 + 0.3 * far * math.sin(a)), 0.07, 0.085),
                "deep",
                "head",
                0.5,
            )
    else:
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
            high = tall / 0.72
            figure.add(
                ellipse(
                    complex(x * rx / 0.7, -0.14 + (y + 0.14) * high), r * dice.span(f"dot {i}", 0.7, 1.2), r * 0.85
                ),
                "belly",
                "head",
                0.6,
                0.3,
            )
    if dice.chance("skirt", 0.5):
        figure.add(
            smooth([-0.28 + 0.52j, -0.4 + 0.66j, -0.14 + 0.64j, 0.7j, 0.14 + 0.64j, 0.4 + 0.66j, 0.28 + 0.52j]),
            "accent",
            "body",
            0.9,
            0.3,
        )
    _face_at(figure, 0.28j, 0.3, complex(0, -0.14 - tall * 0.94), 0.34)
    figure.neck = 0.6j
    figure.shoulders, figure.arm, figure.arm_fill, figure.reach = (
        (-0.24 + 0.48j, 0.24 + 0.48j),
        (0.05, 0.04),
        "belly",
        0.5,
    )


def lichen(figure: Figure, dice: Dice, text: str) -> None:
    """Lichens and moulds: soft lobes with cups and stalks."""
    for i in range(9):
        x = -0.72 + 0.18 * i
        tip = complex(x * 1.15, -0.35 - 0.45 * abs(math.sin(i * 1.7 + dice.span("stalk", 0, 3))))
        figure.add(
            ribbon([complex(x * 0.8, 0.5), complex(x * 0.9, 0), tip], 0.045, 0.035, 0.03), "shade", "back", 0.8, 0.3
        )
        figure.add(ellipse(tip, 0.1, 0.07 if i % 2 else 0.1), "accent", "back", 0.9, 0.6)
    figure.add(lobes(0.5j, 0.84, 0.46, 9, 0.2, dice.span("phase", 0, 3)), "shade", "tail", 1, 0.7)
    figure.add(lobes(0.32j, 0.62, 0.52, dice.count("lobes", 6, 9), 0.16), "body", "body", 1, 0.9)
    spots(figure, dice, 0.56j, 0.5, 0.2, "light")
    _face_at(figure, 0.24j, 0.5, -0.16j, 0.42)
    figure.shoulders, figure.arm = (-0.52 + 0.4j, 0.52 + 0.4j), (0.06, 0.05)


def microbe(figure: Figure, dice: Dice, text: str) -> None:
    """Protozoa and bacteria: a clear cell with nucleus and bubbles, cilia, flagella or false feet."""
    capsule = has(text, ("bacterium", "bacillus", "rod", "spir", "vibrio", "coccus", "cyanobacterium"))
    amoeba = has(text, ("amoeb", "foram", "heliozoan", "slime"))
    rays = has(text, ("radiolarian", "heliozoan", "acantharian", "suctorian"))
    rx, ry = (
        (dice.span("width", 0.48, 0.58), dice.span("height", 0.62, 0.76))
        if capsule
        else (dice.span("width", 0.58, 0.7), dice.span("height", 0.56, 0.68))
    )
    if rays:
        for i in range(22):
            a = math.tau * i / 22
            figure.add(leaf(cmath.rect(0.4, a), cmath.rect(1.0 if i % 2 else 0.86, a), 0.09), "accent", "back", 0.5)
    elif not amoeba:
        n = dice.count("cilia", 30, 44)
        for i in range(n):
            a = math.tau * i / n
            root = complex(rx * math.cos(a), ry * math.sin(a)) * 0.96
            figure.add(
                ribbon([root, root * 1.12 + 0.02, root * 1.22 + cmath.rect(0.05, a + 1)], 0.014, 0.008),
                "deep",
                "back",
                0,
            )
    for k in range(dice.count("flagella", 1, 3) if not rays else 0):
        x = 0.3 * (k - 1)
        wave = [complex(x + 0.12 * math.sin(j * 1.6 + k) + 0.04 * j * (k - 1), ry * 0.9 + 0.1 * j) for j in range(5)]
        figure.add(ribbon(wave, 0.035, 0.03, 0.01), "shade", "back", 0.7)
    if amoeba:
        outline = [
            complex(rx * math.cos(a), ry * math.sin(a)) * (1 + 0.3 * (k % 2) * dice.span(f"foot {k}", 0.3, 1.0))
            for k, a in enumerate(math.tau * j / 14 for j in range(14))
        ]
        cell = smooth(outline)
    elif capsule:
        cell = box(0j, rx, ry, 0.7)
    else:
        cell = egg(0j, rx, ry, dice.span("heavy", -0.2, 0.2))
    figure.add(cell, "shade", "body", 1, 0)
    figure.add([p * 0.9 for p in cell], "body", "body", 0, 0.8)
    figure.add(ellipse(complex(0.24 * dice.side("nucleus"), 0.36), 0.17, 0.14), "accent", "body", 0.6, 0.6)
    stream = dice.stream("vacuoles")
    for _ in range(dice.count("vacuoles", 7, 12)):
        a, far = math.tau * stream.random(), 0.45 + 0.34 * stream.random()
        p, size = complex(rx * far * math.cos(a), ry * far * math.sin(a)), 0.03 + 0.055 * stream.random()
        figure.add(ellipse(p, size, size), "light", "body", 0.5)
        figure.add(ellipse(p - size * 0.3 - size * 0.3j, size * 0.35, size * 0.3), "white", "body", 0)
    if "spir" in text or "coccus" in text:
        for k in range(3):
            y = -0.4 + 0.45 * k
            figure.add(
                ribbon([complex(-rx * 0.85, y), complex(0, y + 0.1), complex(rx * 0.85, y)], 0.02), "shade", "body", 0
            )
    _face_at(figure, -0.1j, 0.5, complex(0, -ry * 0.86), 0.38)
    figure.shoulders, figure.arm, figure.reach = (complex(-rx * 0.8, 0.2), complex(rx * 0.8, 0.2)), (0.06, 0.045), 0.42
    figure.arm_fill, figure.floats = "shade", True


def diatom(figure: Figure, dice: Dice, text: str) -> None:
    """Diatoms: glass boxes with a lace of ribs, as stars, wheels or little boats."""
    form = dice.pick("form", ("wheel", "star", "boat"))
    if form == "star":
        points = dice.count("points", 5, 8)
        shell = smooth(star(0j, 0.98, 0.6, points), steps=6)
    elif form == "wheel":
        points = dice.count("points", 14, 22)
        shell = ellipse(0j, 0.86, 0.86, n=60)
    else:
        points = 18
        shell = smooth([-1.0j, 0.44 - 0.5j, 0.54 + 0j, 0.44 + 0.5j, 1.0j, -0.44 + 0.5j, -0.54 + 0j, -0.44 - 0.5j])
    figure.add(shell, "accent", "back", 1, 0.4)
    figure.add([p * 0.92 for p in shell], "body", "body", 0.6, 0.8)
    for i in range(points * (2 if form == "star" else 1)):
        a = math.tau * i / (points * (2 if form == "star" else 1)) - math.pi / 2
        far = min(shell, key=lambda p, a=a: abs(cmath.phase(p * cmath.rect(1, -a))))  # type: ignore[misc]
        figure.add(ribbon([far * 0.55, far * 0.86], 0.012), "shade", "body", 0)
        for t in (0.6, 0.7, 0.8):
            p = far * t * cmath.rect(1, math.pi / points * 0.5)
            figure.add(ellipse(p, 0.016, 0.016), "light", "body", 0)
    figure.add(ellipse(0j, 0.46, 0.44), "light", "head", 0.7, 0.5)
    _face_at(figure, 0j, 0.44, -0.42j, 0.36)
    figure.neck, figure.floats = 0.4j, True


def virus(figure: Figure, dice: Dice, text: str) -> None:
    """Viruses: a crown of knobs, or a faceted lander on six legs."""
    if has(text, ("phage", "myovirus", "t4")):
        for i in range(3):
            figure.both(
                ribbon(
                    [0.4j, complex(0.34 + 0.22 * i, 0.3 + 0.08 * i), complex(0.4 + 0.26 * i, 0.96 - 0.03 * i)],
                    0.035,
                    0.03,
                    0.02,
                ),
                "deep",
                "back",
                0.8,
            )
        figure.add(box(0.42j, 0.16, 0.4, 0.5), "accent", "tail", 1, 0.6)
        for k in range(6):
            figure.add(
                ribbon([complex(-0.15, 0.2 + 0.1 * k), complex(0.15, 0.2 + 0.1 * k)], 0.014), "accent shade", "tail", 0
            )
        corners = [cmath.rect(0.58, math.tau * k / 6 - math.pi / 2) - 0.36j for k in range(6)]
        figure.add(corners, "body", "body", 1, 0.6)
        for k in range(6):
            figure.add([corners[k], corners[k - 1], -0.36j], ("light", "body", "shade")[k % 3], "body", 0.4)
        figure.add(ellipse(-0.34j, 0.4, 0.36), "body", "head", 0)
        _face_at(figure, -0.34j, 0.42, -0.86j, 0.36)
        return
    n = dice.count("knobs", 11, 17)
    for i in range(n):
        a = math.tau * i / n + 0.1
        tip = cmath.rect(0.95, a)
        figure.add(ribbon([cmath.rect(0.5, a), tip], 0.04, 0.03), "shade", "back", 0.8)
        figure.add(ellipse(tip, 0.1, 0.075, a + math.pi / 2), "accent", "back", 0.9, 0.6)
    figure.add(ellipse(0j, 0.66, 0.65), "body", "body", 1, 1)
    spots(figure, dice, 0j, 0.56, 0.56, "shade")
    _face_at(figure, -0.03j, 0.56, -0.58j, 0.44)
    figure.neck, figure.floats = 0.5j, True


def rotifer(figure: Figure, dice: Dice, text: str) -> None:
    """Rotifers: a trumpet with two turning wheels on top and a forked foot."""
    rx = dice.span("width", 0.44, 0.54)
    for side in (-1, 1):
        hub = complex(0.32 * side, -0.6)
        for i in range(14):
            a = math.tau * i / 14
            figure.add(
                leaf(hub + cmath.rect(0.18, a), hub + cmath.rect(0.4, a + 0.25), 0.3),
                ("accent", "light")[i % 2],
                "back",
                0.6,
            )
        figure.add(ellipse(hub, 0.25, 0.22), "shade", "tail", 1, 0.6)
    figure.add(ribbon([0.4j, 0.75j, complex(0.14 * dice.side("foot"), 0.9)], 0.2, 0.1, 0.06), "shade", "tail", 1, 0.4)
    figure.both(ribbon([0.06 + 0.88j, 0.2 + 0.99j], 0.035, 0.012), "shade", "tail", 0.8)
    body = smooth([-0.3 - 0.6j, complex(-rx, -0.1), -0.36 + 0.42j, 0.62j, 0.36 + 0.42j, complex(rx, -0.1), 0.3 - 0.6j])
    figure.add(body, "body", "body", 1, 1)
    figure.add(ellipse(0.34j, 0.18, 0.15), "accent", "body", 0.6, 0.5)
    for k in range(3):
        figure.add(ribbon([complex(-0.24, 0.3 + 0.1 * k), complex(0.24, 0.3 + 0.1 * k)], 0.008), "shade", "body", 0)
    _face_at(figure, -0.12j, rx * 0.95, -0.62j, 0.32)
    figure.neck = 0.4j
    figure.shoulders, figure.arm, figure.reach, figure.floats = (
        (complex(-rx * 0.8, 0.12), complex(rx * 0.8, 0.12)),
        (0.055, 0.04),
        0.45,
        True,
    )
