"""Kelp and reeds, climbers and cacti: plants that are recognised by their whole figure."""

import cmath
import math

from dalle.painters.sketch.bodies.anatomy import face_at
from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.matching import has
from dalle.painters.sketch.shapes import Figure, box, egg, ellipse, leaf, lobes, ribbon, smooth, star, turned

# the joints of a prickly pear: middle, size and lean
PADS = ((-0.48 - 0.24j, 0.3, -0.4), (0.5 - 0.2j, 0.32, 0.45), (-0.2 - 0.62j, 0.26, -0.15), (0.62 - 0.66j, 0.2, 0.3))


def pot(figure: Figure, top: float = 0.62, fill: str = "cloth") -> None:
    """A clay pot with a pattern."""
    figure.add([complex(-0.4, top), complex(0.4, top), 0.3 + 0.98j, -0.3 + 0.98j], fill, "front", 1, 0.5)
    figure.add(box(complex(0, top), 0.46, 0.075, 0.5), fill, "front", 1, 0.5)
    for k in range(5):
        x = -0.24 + 0.12 * k
        figure.add(
            [complex(x - 0.05, 0.84), complex(x, 0.76), complex(x + 0.05, 0.84), complex(x, 0.92)], "belly", "front", 0
        )


def alga(figure: Figure, dice: Dice, text: str) -> None:
    """Seaweeds: ribbons that sway from a holdfast, with bladders and bubbles; volvox is a ball of balls."""
    if has(text, ("volvox", "desmid", "water net")):
        figure.add(ellipse(0.05j, 0.9, 0.88), "light", "back", 1, 0.3, 0.8)
        for k in range(26):
            p = 0.05j + cmath.rect(0.2 + 0.62 * math.sqrt((k + 3) / 29), 2.4 * k)
            figure.add(ellipse(p, 0.08, 0.08), ("leaf", "body")[k % 2], "back", 0.7, 0.6)
        figure.add(ellipse(0.05j, 0.54, 0.52), "body", "body", 1, 1)
        face_at(figure, 0.03j, 0.48, -0.42j, 0.36)
        figure.shoulders, figure.floats, figure.arm = (-0.46 + 0.24j, 0.46 + 0.24j), True, (0.06, 0.045)
        return
    count = dice.count("ribbons", 6, 8)
    for i in range(count):
        t = (i - (count - 1) / 2) / ((count - 1) / 2)
        sway = 0.16 * dice.side(f"sway {i}")
        line = [
            complex(0.2 * t, 0.86),
            complex(0.46 * t + sway, 0.4),
            complex(0.62 * t - sway, -0.1),
            complex(0.82 * t + sway, -0.55),
            complex(0.9 * t - sway * 0.4, -0.98 + 0.3 * abs(t)),
        ]
        figure.add(ribbon(line, 0.06, 0.12, 0.14, 0.1, 0.02), ("leaf", "body", "shade")[i % 3], "back", 1, 0.4)
        figure.add(ribbon(line, 0.012, 0.014, 0.012, 0.008), "deep", "back", 0)
        if i % 2:
            figure.add(ellipse(line[2] + 0.1, 0.08, 0.1), "accent", "back", 0.9, 0.6)
    figure.add(egg(0.34j, 0.42, 0.46, 0.06), "body", "body", 1, 1)
    for k in range(7):
        x = -0.36 + 0.12 * k
        figure.add(ribbon([complex(x * 0.7, 0.74), complex(x * 1.4, 0.98)], 0.06, 0.025), "wood", "front", 0.9, 0.3)
    figure.add(lobes(0.98j, 0.6, 0.07, 8, 0.3), "steel", "front", 0.9, 0.3)
    face_at(figure, 0.3j, 0.42, -0.08j, 0.36)
    figure.shoulders, figure.arm, figure.arm_fill = (-0.38 + 0.46j, 0.38 + 0.46j), (0.06, 0.04), "leaf"


def vine(figure: Figure, dice: Dice, text: str) -> None:
    """Climbers: a trellis, a winding stem with leaves and flowers, tendrils for arms."""
    for x in (-0.5, 0.5):
        figure.add(ribbon([complex(x, -0.95), complex(x * 0.8, 0.95)], 0.035), "wood", "back", 0.9)
    for k in range(4):
        figure.add(
            ribbon([complex(-0.56, -0.7 + 0.42 * k), complex(0.56, -0.7 + 0.42 * k)], 0.028), "wood", "back", 0.9
        )
    stem = [complex(0.56 * math.sin(k * 1.25), 0.95 - 0.19 * k) for k in range(11)]
    figure.add(ribbon(stem, 0.06, 0.055, 0.05, 0.03), "leaf", "back", 0.9)
    broad = has(text, ("monstera", "ivy", "hop", "passionflower", "grapevine"))
    for k, p in enumerate(smooth(stem, closed=False, steps=2)[1:]):
        a = (0.5 if k % 2 else 2.6) + 0.3 * math.sin(k)
        size = 0.34 if broad else 0.26
        figure.add(
            leaf(p, p + cmath.rect(size, a), 0.8 if broad else 0.5), ("leaf", "body", "shade")[k % 3], "back", 0.8, 0.4
        )
        if k % 4 == 2:
            figure.add(star(p + cmath.rect(0.14, a + 1.2), 0.16, 0.09, 5), "accent", "back", 0.8)
            figure.add(ellipse(p + cmath.rect(0.14, a + 1.2), 0.05, 0.05), "metal", "back", 0)
    figure.add(lobes(0.12j, 0.5, 0.48, 9, 0.1), "body", "body", 1, 0.9)
    pot(figure, 0.7)
    face_at(figure, 0.1j, 0.44, -0.34j, 0.36)
    figure.shoulders, figure.arm, figure.arm_fill = (-0.42 + 0.34j, 0.42 + 0.34j), (0.045, 0.03), "leaf"


def cactus(figure: Figure, dice: Dice, text: str) -> None:
    """Cacti: ribbed columns with arms, pads of the prickly pear, barrels; a flower on top."""
    if has(text, ("prickly pear", "christmas cactus")):
        _pads(figure)
        figure.add(egg(0.16j, 0.5, 0.6, -0.08), "body", "body", 1, 1)
        rx, top, face = 0.5, -0.4, 0.1j
    elif has(text, ("barrel",)):
        figure.add(egg(0.12j, 0.64, 0.6, 0.02), "body", "body", 1, 1)
        rx, top, face = 0.64, -0.44, 0.08j
    else:
        figure.add(box(-0.02j, 0.42, 0.82, 0.78), "body", "body", 1, 1)
        rx, top, face = 0.42, -0.8, -0.14j
    for k in range(-2, 3):
        _rib(figure, k, rx, top)
    figure.add(egg(face, min(rx * 0.86, 0.44), 0.3), "body", "head", 0)
    _blossom(figure, top)
    pot(figure)
    face_at(figure, face, 0.4, complex(0, top + 0.04), 0.36)
    figure.shoulders = (complex(-rx * 0.86, 0.22), complex(rx * 0.86, 0.22))
    figure.arm, figure.reach = (0.12, 0.11), 0.5


def _pads(figure: Figure) -> None:
    """The flat joints of a prickly pear, each with a flower at its end."""
    for at, size, lean in PADS:
        pad = turned(egg(at, size * 0.8, size, -0.1), lean, at)
        figure.add(pad, "shade", "back", 1, 0.6)
        figure.add(star(complex(at.real + 0.2 * lean, at.imag - size), 0.1, 0.05, 6), "accent", "back", 0.8)


def _rib(figure: Figure, k: int, rx: float, top: float) -> None:
    """The k-th rib from the middle of a cactus, with its spines in tufts."""
    height = 0.62 - top
    rib = [
        complex(rx * 0.34 * k, top + 0.08 + 0.05 * abs(k)),
        complex(rx * 0.42 * k, top + height * 0.5),
        complex(rx * 0.36 * k, 0.6),
    ]
    figure.add(ribbon(rib, 0.01), "deep", "body", 0)
    for j in range(6):
        p = complex(rx * 0.4 * k, top + 0.16 + height * 0.15 * j)
        for lean in (-0.05, 0.0, 0.05):
            figure.add(ribbon([p, p + complex(lean, -0.04)], 0.006), "white", "body", 0)


def _blossom(figure: Figure, top: float) -> None:
    """A fan of petals on top of a cactus."""
    for k in range(8):
        tip = complex(0, top + 0.02) + cmath.rect(0.22, -math.pi * (0.08 + 0.84 * k / 7))
        figure.add(leaf(complex(0, top + 0.06), tip, 0.5), ("accent", "second")[k % 2], "skull", 0.8)


def fern(figure: Figure, dice: Dice, text: str) -> None:
    """Ferns: feathered fronds around a fiddlehead that unrolls."""
    trunk = has(text, ("tree fern",))
    base = complex(0, 0.1 if trunk else 0.6)
    if trunk:
        _fern_trunk(figure)
    count = dice.count("fronds", 7, 9)
    for i in range(count):
        t = (i - (count - 1) / 2) / ((count - 1) / 2)
        _frond(figure, base, t, ("leaf", "body")[i % 2])
    for side in (-1, 1):
        _fiddlehead(figure, base, side)
    face = base + complex(0, -0.12)
    figure.add(lobes(face, 0.46, 0.42, 9, 0.1), "body", "body", 1, 0.9)
    figure.add(egg(face, 0.38, 0.32), "light", "head", 0)
    if not trunk:
        figure.add(lobes(0.92j, 0.66, 0.1, 9, 0.3), "wood", "front", 0.9, 0.4)
    face_at(figure, face, 0.42, face - 0.42j, 0.36)
    figure.shoulders = (face + complex(-0.4, 0.2), face + complex(0.4, 0.2))
    figure.arm, figure.arm_fill = (0.05, 0.035), "leaf"


def _fern_trunk(figure: Figure) -> None:
    """The trunk of a tree fern, ringed by the scars of old fronds."""
    figure.add(ribbon([0.97j, 0.1j], 0.26, 0.2), "wood", "tail", 1, 0.7)
    for k in range(5):
        y = 0.4 + 0.12 * k
        scar = [complex(-0.2, y), complex(0, 0.46 + 0.12 * k), complex(0.2, y)]
        figure.add(ribbon(scar, 0.014), "ink", "tail", 0)


def _frond(figure: Figure, base: complex, t: float, fill: str) -> None:
    """A feathered frond; t is its place in the fan, from -1 on the left to 1 on the right."""
    tip = base + complex(1.0 * t, -1.3 + 0.85 * abs(t) ** 1.6)
    bend = (base + tip) / 2 + complex(-0.1 * t, -0.24 * abs(t))
    spine = smooth([base, bend, tip], closed=False, steps=8)
    for k in range(2, 16):
        along = spine[min(k + 1, 16)] - spine[k - 1]
        turn = along / max(abs(along), 1e-6)
        for s in (-1, 1):
            leaflet = leaf(spine[k], spine[k] + turn * cmath.rect(0.2 * (1 - k / 19), s * 1.1), 0.36)
            figure.add(leaflet, fill, "back", 0.4)
    figure.add(ribbon([base, bend, tip], 0.02, 0.008), "deep", "back", 0)


def _fiddlehead(figure: Figure, base: complex, side: int) -> None:
    """A young frond that is still rolled up."""
    hub = base + complex(0.5 * side, -0.1)
    coil = [base + complex(0.1 * side, 0.1)] + [
        hub + cmath.rect(0.17 * (1 - k / 12), math.pi * (0.5 - 0.5 * side) + side * (2.4 - 0.75 * k)) for k in range(10)
    ]
    figure.add(ribbon(coil, 0.05, 0.045, 0.03, 0.015, steps=4), "leaf", "tail", 0.9)


def grass(figure: Figure, dice: Dice, text: str) -> None:
    """Grasses, cereals, reeds and bamboo: blades and ears around a sheaf that is tied in the middle."""
    bamboo, cereal = has(text, ("bamboo",)), has(text, ("cereal", "wild grass", "sedge"))
    count = 5 if bamboo else dice.count("blades", 11, 15)
    for i in range(count):
        t = (i - (count - 1) / 2) / ((count - 1) / 2)
        root, tip = complex(0.26 * t, 0.7), complex((0.7 if bamboo else 0.9) * t, -0.95 + 0.5 * t * t + 0.14 * (i % 2))
        if bamboo:
            figure.add(ribbon([root, tip], 0.075, 0.06), ("leaf", "body")[i % 2], "back", 1, 0.5)
            for k in range(1, 6):
                p = root + (tip - root) * k / 6
                figure.add(ribbon([p - 0.085, p + 0.085], 0.018), "deep", "back", 0)
                figure.add(leaf(p, p + complex(0.3 * (-1) ** (k + i), -0.2), 0.26), "leaf", "back", 0.7)
        else:
            bend = (root + tip) / 2 + complex(-0.12 * t, -0.12)
            figure.add(ribbon([root, bend, tip], 0.05, 0.045, 0.01), ("leaf", "shade", "body")[i % 3], "back", 0.9, 0.3)
            if cereal and i % 2 == 0:
                along = (tip - bend) / max(abs(tip - bend), 1e-6)
                for k in range(5):
                    p = tip - along * (0.06 + 0.075 * k)
                    for s in (-1, 1):
                        figure.add(leaf(p, p + along * cmath.rect(0.15, 0.5 * s), 0.5), "metal", "back", 0.6, 0.3)
    figure.add(egg(0.34j, 0.44, 0.46, 0.02), "body", "body", 1, 0.9)
    for k in range(-3, 4):
        figure.add(
            ribbon([complex(0.1 * k, 0.02), complex(0.13 * k, 0.36), complex(0.11 * k, 0.74)], 0.007),
            "shade",
            "body",
            0,
        )
    figure.add(egg(0.26j, 0.36, 0.3), "body", "head", 0)
    figure.add(ribbon([-0.42 + 0.62j, 0.68j, 0.42 + 0.62j], 0.045), "cloth", "front", 0.9)
    for k in range(7):
        figure.add(leaf(complex(-0.24 + 0.08 * k, 0.72), complex(-0.36 + 0.12 * k, 0.98), 0.4), "leaf", "tail", 0.8)
    face_at(figure, 0.26j, 0.4, -0.12j, 0.36)
    figure.shoulders, figure.arm, figure.arm_fill = (-0.4 + 0.44j, 0.4 + 0.44j), (0.05, 0.035), "leaf"
