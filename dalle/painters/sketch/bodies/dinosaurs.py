"""Dinosaurs and dragons of the west: plates, horns, frills, necks and wings."""

import math

from dalle.painters.sketch.bodies.anatomy import spots
from dalle.painters.sketch.bodies.reptiles import great_tail, long_snout, scaly_head, upright
from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.matching import has
from dalle.painters.sketch.shapes import Figure, Points, box, egg, ellipse, leaf, ribbon, smooth, star, turned


def dinosaur(figure: Figure, dice: Dice, text: str) -> None:
    """A dinosaur by its class, with plates on its back or a club on its tail."""
    if has(text, ("sauropod", "prosauropod")):
        sauropod(figure, dice, text)
        return
    side, wide = dice.side("tail side"), dice.span("girth", 0.38, 0.46)
    great_tail(figure, dice, side)
    head, rx, ry = -0.3j, dice.span("head width", 0.42, 0.48), dice.span("head height", 0.31, 0.36)
    top = head - complex(0, ry)
    if has(text, ("stegosaur",)):
        _plates_and_tail_spikes(figure, side)
    elif has(text, ("ankylosaur",)):
        _armour_and_club(figure, wide, side)
    elif not has(text, ("ceratopsian",)):
        _back_spines(figure, side)
    upright(figure, dice, wide)
    if has(text, ("ceratopsian",)):
        _frill_and_horns(figure, head, rx, ry)
    if has(text, ("ornithopod", "dilophosaur", "oviraptor")):
        _bony_crest(figure, top, side)
    if has(text, ("pachycephalosaur",)):
        figure.add(egg(top + 0.12j, rx * 0.8, 0.28, 0.1), "belly", "skull", 1, 0.7)
    scaly_head(figure, dice, head, rx, ry)
    figure.neck = 0.04j
    if has(text, ("theropod",)):
        long_snout(figure, head, rx * 0.9, ry, 0.1)
        figure.arm, figure.reach = (0.06, 0.045), 0.34
    elif has(text, ("ceratopsian",)):
        _horned_nose(figure, head, ry)


def _plates_and_tail_spikes(figure: Figure, side: int) -> None:
    for i in range(9):
        a = math.pi * (1.0 + i / 8)
        root = 0.15j + complex(0.42 * math.cos(a), 0.62 * math.sin(a))
        figure.add(leaf(root, root + complex(0.46 * math.cos(a), 0.4 * math.sin(a)), 0.75), "accent", "back", 1, 0.4)
    for k in range(2):
        p = complex((0.86 + 0.05 * k) * side, 0.3 - 0.14 * k)
        figure.add(leaf(p, p + complex(0.3 * side, -0.1), 0.3), "belly", "back", 0.8)


def _armour_and_club(figure: Figure, wide: float, side: int) -> None:
    figure.add(egg(0.34j, wide * 1.5, 0.62, 0.1), "accent", "back", 1, 0.8)
    for i in range(9):
        a = math.pi * (0.95 + 1.1 * i / 8)
        root = 0.34j + complex(wide * 1.4 * math.cos(a), 0.58 * math.sin(a))
        figure.add(leaf(root, root + complex(0.24 * math.cos(a), 0.24 * math.sin(a)), 0.6), "belly", "back", 0.8)
    figure.add(box(complex(0.88 * side, 0.08), 0.2, 0.14, 0.8), "deep", "tail", 1, 0.6)


def _back_spines(figure: Figure, side: int) -> None:
    for i in range(6):
        y = -0.5 + 0.2 * i
        figure.add(
            turned(leaf(complex(0, y), complex(0, y - 0.3), 0.6), side * (0.3 + 0.17 * i), complex(0, y)),
            "accent",
            "back",
            0.8,
        )


def _frill_and_horns(figure: Figure, head: complex, rx: float, ry: float) -> None:
    top = head - complex(0, ry)
    frill = [
        head + complex((rx + 0.27) * math.cos(a), (ry + 0.3) * math.sin(a)) * (1.0 + 0.06 * (k % 2))
        for k, a in enumerate(math.pi * (0.85 + 1.3 * j / 17) for j in range(18))
    ]
    figure.add(smooth(frill, steps=4), "accent", "skull", 1, 0.5)
    for k in range(7):
        a = math.pi * (1.05 + 0.9 * k / 6)
        figure.add(
            ellipse(head + complex((rx + 0.15) * math.cos(a), (ry + 0.17) * math.sin(a)), 0.055, 0.055),
            "belly",
            "skull",
            0,
        )
    figure.both(
        ribbon([top + 0.22 + 0.1j, top + 0.3 - 0.16j, top + 0.26 - 0.42j], 0.075, 0.055, 0.012),
        "belly",
        "horn",
        1,
        0.4,
    )


def _bony_crest(figure: Figure, top: complex, side: int) -> None:
    figure.add(
        smooth(
            [
                top - 0.16 + 0.14j,
                top + complex(0.1 * side, -0.3),
                top + complex(0.5 * side, -0.4),
                top + complex(0.42 * side, -0.24),
                top + 0.18 + 0.14j,
            ]
        ),
        "accent",
        "skull",
        1,
        0.4,
    )


def _horned_nose(figure: Figure, head: complex, ry: float) -> None:
    nose = head + complex(0, ry * 0.3)
    figure.add(smooth([nose - 0.1 + 0.02j, nose - 0.22j, nose + 0.1 + 0.02j, nose + 0.06j]), "belly", "face", 1, 0.5)
    figure.lips = head + complex(0, ry * 0.66)


def sauropod(figure: Figure, dice: Dice, text: str) -> None:
    """The long necks: a hill of a body on four pillars, a small head high above."""
    side = dice.side("neck side")
    tail = [complex(-0.3 * side, 0.5), complex(-0.8 * side, 0.62), complex(-1.1 * side, 0.4)]
    figure.add(ribbon(tail, 0.26, 0.12, 0.02), "body", "back", 1, 0.5)
    for x, fill in ((-0.42, "shade"), (0.42, "shade"), (-0.2, "body"), (0.2, "body")):
        figure.add(box(complex(x, 0.8), 0.13, 0.2, 0.7), fill, "tail" if fill == "shade" else "front", 1, 0.5)
        for k in (-1, 0, 1):
            figure.add(
                ellipse(complex(x + 0.07 * k, 0.965), 0.032, 0.028),
                "belly",
                "tail" if fill == "shade" else "front",
                0.4,
            )
    figure.add(egg(0.44j, 0.62, 0.38, 0.06), "body", "body", 1, 1)
    figure.add(egg(0.56j, 0.46, 0.24, 0.06), "belly", "body", 0)
    neck = [
        complex(0.24 * side, 0.36),
        complex(0.42 * side, 0.0),
        complex(0.2 * side, -0.3),
        complex(0.12 * side, -0.56),
    ]
    for k, p in enumerate(smooth(neck, closed=False, steps=3)[1:9]):
        if has(text, ("amargasaur",)) or dice.chance("spines", 0.35):
            figure.add(leaf(p, p + complex((0.34 - 0.01 * k) * side, -0.14), 0.4), "accent", "tail", 0.8)
    figure.add(ribbon(neck, 0.3, 0.19, 0.14, 0.15), "body", "body", 1, 0.7)
    spots(figure, dice, 0.3j, 0.42, 0.18, "deep")
    scaly_head(figure, dice, complex(0.1 * side, -0.62), 0.36, 0.27)
    figure.shoulders, figure.arm, figure.reach = (-0.44 + 0.34j, 0.44 + 0.34j), (0.1, 0.08), 0.46


def dragon(figure: Figure, dice: Dice, text: str) -> None:
    """Dragons of the west: wings, horns, a ribbed belly, smoke at the nostrils."""
    side, wide = dice.side("tail side"), dice.span("girth", 0.36, 0.44)
    wing = [0.2 + 0.2j, 0.55 - 0.5j, 1.15 - 0.72j]
    web = smooth([1.02 - 0.2j, 0.84 - 0.12j, 0.88 + 0.22j, 0.64 + 0.15j, 0.55 + 0.45j, 0.3 + 0.4j], closed=False)
    figure.both([*smooth(wing, closed=False), *web], "accent", "back", 1, 0.5)
    for tip in (0.84 - 0.12j, 0.64 + 0.15j):
        figure.both(ribbon([0.56 - 0.46j, tip], 0.022, 0.01), "accent shade", "back", 0)
    figure.both(leaf(0.55 - 0.46j, 0.6 - 0.68j, 0.4), "belly", "back", 0.8)
    great_tail(figure, dice, side)
    end = complex(dice.span("tail tip", 0.72, 1.0) * side, 0.12)
    figure.add([end + complex(-0.14, 0.02), end - 0.24j, end + complex(0.14, 0.02), end + 0.08j], "accent", "tail", 1)
    upright(figure, dice, wide)
    head, rx, ry = -0.28j, dice.span("head width", 0.42, 0.48), dice.span("head height", 0.31, 0.36)
    top = head - complex(0, ry)
    base = top + complex(rx * 0.48, 0.1)
    figure.both(
        ribbon([base, base + 0.1 - 0.18j, base + complex(dice.span("horn", 0.08, 0.3), -0.38)], 0.08, 0.055, 0.01),
        "belly",
        "skull",
        1,
        0.4,
    )
    for k in range(3):
        root = head + complex(rx * 0.86, -0.02 + 0.13 * k)
        figure.both(leaf(root - 0.08, root + complex(0.26 - 0.04 * k, -0.06 + 0.07 * k), 0.6), "accent", "skull", 0.8)
    scaly_head(figure, dice, head, rx, ry)
    figure.neck = 0.04j
    if has(text, ("fire", "drake", "western")) and dice.chance("smoke", 0.5):
        for k in range(3):
            figure.add(
                ellipse(head + complex(0.62 + 0.12 * k, 0.1 - 0.13 * k), 0.05 + 0.02 * k, 0.045 + 0.02 * k),
                "light",
                "tool",
                0.4,
            )


def loong(figure: Figure, dice: Dice, text: str) -> None:
    """Dragons of the east: a river of scales, antlers, whiskers, a pearl."""
    side = dice.side("coil side")
    spine = [
        complex(0, -0.3),
        complex(0.3 * side, 0.02),
        complex(-0.2 * side, 0.26),
        complex(-0.72 * side, 0.4),
        complex(-0.5 * side, 0.72),
        complex(0.1 * side, 0.6),
        complex(0.66 * side, 0.56),
        complex(0.8 * side, 0.86),
        complex(0.4 * side, 0.98),
        complex(1.0 * side, 1.0),
    ]
    _river_of_scales(figure, spine, side)
    head, rx, ry = -0.38j, 0.44, 0.34
    top = head - complex(0, ry)
    _loong_mane_and_antlers(figure, head, rx, ry)
    _loong_face(figure, head, rx, ry)
    figure.neck, figure.face, figure.face_size = 0j, head - complex(0, ry * 0.2), rx * 0.96
    figure.hat, figure.hat_size = top + complex(0, ry * 0.1), rx * 0.62
    figure.shoulders, figure.arm, figure.reach = (-0.26 + 0.16j, 0.3 + 0.16j), (0.08, 0.06), 0.46
    _pearl(figure, complex(-0.62 * side, -0.1))
    figure.floats = True


def _river_of_scales(figure: Figure, spine: Points, side: int) -> None:
    line = smooth(spine, closed=False, steps=5)
    for k in range(3, len(line) - 2, 2):
        out = (line[k + 1] - line[k]) * -1j / max(abs(line[k + 1] - line[k]), 1e-6)
        figure.add(leaf(line[k], line[k] + out * 0.3, 0.6), "accent", "back", 0.7)
    figure.add(ribbon(spine, 0.22, 0.21, 0.2, 0.19, 0.17, 0.15, 0.12, 0.09, 0.06, 0.02), "body", "body", 1, 0.9)
    for k in range(4, len(line) - 4, 2):
        figure.add(ellipse(line[k], 0.055, 0.03), ("belly", "deep")[k % 4 == 0], "body", 0)
    end = line[-1]
    for lean in (-0.5, 0.0, 0.5):
        figure.add(turned(leaf(end, end + complex(0.24 * side, -0.1), 0.4), lean, end), "accent", "back", 0.8)


def _loong_mane_and_antlers(figure: Figure, head: complex, rx: float, ry: float) -> None:
    for k in range(7):
        a = math.pi * (0.92 + 1.16 * k / 6)
        root = head + complex(rx * 0.8 * math.cos(a), ry * 0.8 * math.sin(a))
        figure.add(leaf(root, head + (root - head) * 1.72, 0.6), "accent", "skull", 0.8)
    base = head - complex(0, ry) + complex(0.16, 0.08)
    figure.both(ribbon([base, base + 0.1 - 0.22j, base + 0.26 - 0.36j], 0.045, 0.035, 0.014), "metal", "horn", 1)
    figure.both(ribbon([base + 0.09 - 0.2j, base + 0.02 - 0.36j], 0.032, 0.012), "metal", "horn", 1)


def _loong_face(figure: Figure, head: complex, rx: float, ry: float) -> None:
    figure.add(box(head, rx, ry, 0.86), "body", "head", 1, 1)
    snout = head + complex(0, ry * 0.5)
    figure.add(box(snout, rx * 0.66, ry * 0.44, 0.8), "light", "head", 0.8, 0.5)
    figure.both(ellipse(snout + 0.11 - 0.04j, 0.04, 0.03), "deep", "head", 0)
    whisker = [snout + 0.24 - 0.02j, snout + 0.52 - 0.1j, snout + 0.66 + 0.14j, snout + 0.84 + 0.06j]
    figure.both(ribbon(whisker, 0.022, 0.018, 0.008), "metal", "face", 0.5)
    figure.lips = snout + 0.07j


def _pearl(figure: Figure, pearl: complex) -> None:
    figure.add(ellipse(pearl, 0.12, 0.12), "white", "back", 1, 0.6)
    figure.add(star(pearl, 0.24, 0.13, 9), "sun", "back", 0, 0, 0.4)
