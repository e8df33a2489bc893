"""Cells that only a lens shows: ciliates, flagellates, amoebas, shells and rays; rotifers."""

import cmath
import math

from dalle.painters.sketch.bodies.anatomy import face_at
from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.matching import has
from dalle.painters.sketch.shapes import Figure, Points, egg, ellipse, leaf, ribbon, smooth, star


def cell(figure: Figure, dice: Dice, outline: Points, rx: float, ry: float) -> None:
    """A clear cell with a rim, a nucleus and bubbles."""
    figure.add(outline, "shade", "body", 1, 0)
    figure.add([p * 0.9 for p in outline], "body", "body", 0, 0.8)
    figure.add(
        ellipse(complex(0.26 * dice.side("nucleus") * rx / 0.6, 0.38 * ry / 0.6), 0.17, 0.14),
        "accent",
        "body",
        0.6,
        0.6,
    )
    stream = dice.stream("vacuoles")
    for _ in range(dice.count("vacuoles", 7, 12)):
        a, far = math.tau * stream.random(), 0.45 + 0.34 * stream.random()
        p, size = complex(rx * far * math.cos(a), ry * far * math.sin(a)), 0.03 + 0.05 * stream.random()
        figure.add(ellipse(p, size, size), "light", "body", 0.5)
        figure.add(ellipse(p - size * 0.3 - size * 0.3j, size * 0.35, size * 0.3), "white", "body", 0)


def whip(figure: Figure, dice: Dice, root: complex, way: complex, long: float) -> None:
    """A flagellum that lashes from a root in a direction."""
    wave = [
        root + way * (long * j / 6) + way * 1j * 0.1 * math.sin(j * 1.7 + dice.span("lash", 0, 3)) for j in range(7)
    ]
    figure.add(ribbon(wave, 0.04, 0.035, 0.028, 0.01), "deep", "back", 0.8)


def microbe(figure: Figure, dice: Dice, text: str) -> None:
    """A protozoan by its class."""
    rx, ry = dice.span("width", 0.56, 0.66), dice.span("height", 0.56, 0.66)
    if has(text, ("foraminiferan",)):
        _shell(figure, dice)
        return
    if has(text, ("radiolarian",)):
        _radiolarian(figure)
    elif has(text, ("amoeba",)):
        _amoeba(figure, dice, rx, ry)
    elif has(text, ("dinoflagellate",)):
        _dinoflagellate(figure, dice, rx, ry)
    elif has(text, ("flagellate",)):
        _flagellate(figure, dice, rx, ry)
    else:
        _ciliate(figure, dice, text)
        rx = 0.6
    face_at(figure, -0.1j, 0.48, complex(0, -ry * 0.86), 0.38)
    figure.shoulders, figure.arm, figure.reach = (complex(-rx * 0.8, 0.2), complex(rx * 0.8, 0.2)), (0.06, 0.045), 0.42
    figure.arm_fill, figure.floats = "shade", True


def _radiolarian(figure: Figure) -> None:
    for i in range(20):
        a = math.tau * i / 20
        figure.add(leaf(cmath.rect(0.4, a), cmath.rect(1.02 if i % 2 else 0.82, a), 0.09), "accent", "back", 0.5)
    figure.add(ellipse(0j, 0.64, 0.62), "belly", "body", 1, 0.9)
    for k in range(30):
        p = cmath.rect(0.57 * math.sqrt((k + 4) / 34), 2.4 * k)
        figure.add([p + cmath.rect(0.062, math.tau * j / 6) for j in range(6)], "body", "body", 0.4)
    figure.add(ellipse(-0.02j, 0.44, 0.36), "body", "head", 0.6, 0.5)


def _amoeba(figure: Figure, dice: Dice, rx: float, ry: float) -> None:
    outline = [
        complex(rx * math.cos(a), ry * math.sin(a)) * (1 + 0.55 * (k % 2) * dice.span(f"foot {k}", 0.3, 1.0))
        for k, a in enumerate(math.tau * j / 14 for j in range(14))
    ]
    cell(figure, dice, smooth(outline), rx, ry)


def _dinoflagellate(figure: Figure, dice: Dice, rx: float, ry: float) -> None:
    for a, far in ((-1.9, 1.1), (-1.2, 0.95), (1.57, 1.1)):
        figure.add(leaf(cmath.rect(0.2, a), cmath.rect(far, a), 0.32), "shade", "back", 1, 0.4)
    whip(figure, dice, 0.3 + 0.4j, cmath.rect(1, 0.9), 0.9)
    cell(figure, dice, smooth([cmath.rect(0.64, math.tau * k / 7 - 1.57) for k in range(7)], steps=4), rx, ry)
    belt = [complex(-0.62, 0.26), complex(0, 0.36), complex(0.62, 0.26)]
    figure.add(ribbon(belt, 0.05), "accent", "body", 0.7)


def _flagellate(figure: Figure, dice: Dice, rx: float, ry: float) -> None:
    for k in range(dice.count("flagella", 1, 2)):
        whip(
            figure,
            dice,
            complex(0.06 * k, -0.6),
            cmath.rect(1, -1.57 + 0.7 * (k * 2 - 1 if k else dice.side("whip") * 0.5)),
            0.62,
        )
    drop = smooth(
        [
            -0.74j,
            0.42 - 0.46j,
            0.6 + 0.0j,
            0.42 + 0.5j,
            0.12 + 0.8j,
            0.98j,
            -0.12 + 0.8j,
            -0.42 + 0.5j,
            -0.6 + 0j,
            -0.42 - 0.46j,
        ]
    )
    cell(figure, dice, drop, rx, ry)
    for k in range(4):
        p = complex(0.3 * (-1) ** k, 0.3 + 0.1 * k)
        figure.add(ellipse(p, 0.09, 0.06, 0.6 * (-1) ** k), "leaf", "body", 0.5)


def _ciliate(figure: Figure, dice: Dice, text: str) -> None:
    if has(text, ("stentor", "vorticella", "folliculinid", "carchesium", "zoothamnium", "suctorian", "tokophrya")):
        outline = smooth(
            [
                complex(-0.74, -0.62),
                complex(0, -0.72),
                complex(0.74, -0.62),
                complex(0.6, -0.2),
                complex(0.4, 0.34),
                complex(0.12, 0.72),
                complex(-0.12, 0.72),
                complex(-0.4, 0.34),
                complex(-0.6, -0.2),
            ]
        )
        figure.add(
            ribbon([0.66j, complex(0.12 * dice.side("stalk"), 0.84), 1.02j], 0.06, 0.045, 0.07), "deep", "back", 0.9
        )
    else:
        lean = 0.14 * dice.side("slipper")
        outline = smooth(
            [
                complex(lean, -0.84),
                complex(0.5, -0.5),
                complex(0.64, 0.1),
                complex(0.46, 0.66),
                complex(-lean, 0.88),
                complex(-0.46, 0.66),
                complex(-0.64, 0.1),
                complex(-0.5, -0.5),
            ]
        )
    _cilia(figure, outline)
    cell(figure, dice, outline, 0.52, 0.66)
    figure.add(ribbon([complex(0.1, 0.34), complex(0.0, 0.5), complex(0.16, 0.66)], 0.03, 0.014), "deep", "body", 0)


def _cilia(figure: Figure, outline: Points) -> None:
    n = len(outline)
    for i in range(0, n, 2):
        p = outline[i]
        along = outline[(i + 1) % n] - outline[i - 1]
        out = -along * 1j / max(abs(along), 1e-6)
        out = out if (out * p.conjugate()).real > 0 else -out
        figure.add(
            ribbon([p * 0.98, p + out * 0.07 + 0.02, p + out * 0.14 + along * 0.4], 0.014, 0.007), "deep", "back", 0
        )


def _shell(figure: Figure, dice: Dice) -> None:
    side = dice.side("coil")
    for i in range(16):
        a = math.tau * i / 16
        figure.add(ribbon([cmath.rect(0.5, a), cmath.rect(1.0, a + 0.1)], 0.014, 0.006), "light", "back", 0)
    for k in range(9):
        a = side * (2.6 - 0.62 * k)
        far, size = 0.62 - 0.035 * k, 0.36 - 0.028 * k
        figure.add(ellipse(cmath.rect(far, a) + 0.02j, size, size), ("body", "light")[k % 2], "back", 1, 0.9)
    figure.add(ellipse(0j, 0.5, 0.48), "body", "body", 1, 0.9)
    stream = dice.stream("pores")
    for _ in range(24):
        p = cmath.rect(0.4 + 0.5 * stream.random(), math.tau * stream.random())
        figure.add(ellipse(p, 0.016, 0.016), "deep", "back", 0)
    face_at(figure, -0.02j, 0.45, -0.44j, 0.38)
    figure.shoulders, figure.floats, figure.arm = (-0.42 + 0.24j, 0.42 + 0.24j), True, (0.06, 0.045)


def rotifer(figure: Figure, dice: Dice, text: str) -> None:
    """Rotifers: a trumpet with two turning wheels on top and a forked foot; sessile ones live in a tube."""
    rx = dice.span("width", 0.44, 0.54)
    _wheels(figure)
    if has(text, ("sessile rotifer",)):
        _tube(figure)
    else:
        foot = complex(0.14 * dice.side("foot"), 0.9)
        figure.add(ribbon([0.4j, 0.75j, foot], 0.2, 0.1, 0.06), "shade", "tail", 1, 0.4)
        figure.both(ribbon([0.06 + 0.88j, 0.2 + 0.99j], 0.035, 0.012), "shade", "tail", 0.8)
        if has(text, ("swimming rotifer",)):
            figure.both(
                ribbon([complex(rx * 0.8, 0.0), complex(0.86, 0.3), complex(0.98, 0.66)], 0.035, 0.012),
                "accent",
                "back",
                0.7,
            )
    body = smooth([-0.3 - 0.6j, complex(-rx, -0.1), -0.36 + 0.42j, 0.62j, 0.36 + 0.42j, complex(rx, -0.1), 0.3 - 0.6j])
    figure.add(body, "body", "body", 1, 1)
    figure.add(ellipse(0.34j, 0.18, 0.15), "accent", "body", 0.6, 0.5)
    for k in range(3):
        figure.add(ribbon([complex(-0.24, 0.3 + 0.1 * k), complex(0.24, 0.3 + 0.1 * k)], 0.008), "shade", "body", 0)
    figure.add(star(complex(0, -0.5), 0.03, 0.02, 5), "cheek", "head", 0)
    face_at(figure, -0.12j, rx * 0.95, -0.62j, 0.32)
    figure.neck = 0.4j
    figure.shoulders, figure.arm = (complex(-rx * 0.8, 0.12), complex(rx * 0.8, 0.12)), (0.055, 0.04)
    figure.reach, figure.floats = 0.45, True
    figure.add(egg(0.34j, 0.05, 0.04), "light", "body", 0)


def _wheels(figure: Figure) -> None:
    for side in (-1, 1):
        hub = complex(0.32 * side, -0.6)
        for i in range(14):
            a = math.tau * i / 14
            blade = leaf(hub + cmath.rect(0.18, a), hub + cmath.rect(0.4, a + 0.25), 0.3)
            figure.add(blade, ("accent", "light")[i % 2], "back", 0.6)
        figure.add(ellipse(hub, 0.25, 0.22), "shade", "tail", 1, 0.6)


def _tube(figure: Figure) -> None:
    figure.add([-0.34 + 0.3j, 0.34 + 0.3j, 0.22 + 1.0j, -0.22 + 1.0j], "wood", "front", 1, 0.5)
    for k in range(4):
        figure.add(
            ribbon([complex(-0.3 + 0.02 * k, 0.44 + 0.14 * k), complex(0.3 - 0.02 * k, 0.44 + 0.14 * k)], 0.014),
            "ink",
            "front",
            0,
            0,
            0.6,
        )
