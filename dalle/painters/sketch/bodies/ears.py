"""Ears, horns and antlers."""

from collections.abc import Callable

from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.shapes import Figure, Points, egg, ellipse, leaf, ribbon, smooth

Pair = tuple[Points, Points]
"""An ear and its inside."""


def ears(figure: Figure, dice: Dice, kind: str, rx: float, ry: float, top: complex, fill: str = "body") -> None:
    """A pair of ears of a kind on a head of those half-axes, whose crown is at top; "none" has none."""
    wide = dice.span("ear width", 0.85, 1.2)
    if kind in HORNS:
        HORNS[kind](figure, dice, rx, ry, top)
        kind = "leaf"
    if kind not in PAIRS:
        return
    pair = PAIRS[kind](dice, rx, ry, top, wide)
    figure.both(pair[0], fill, "skull", 1, 0.3)
    inner = "cheek" if kind in ("long", "fan", "point", "tall", "tassel", "flap") else "belly"
    figure.both(pair[1], inner, "skull", 0)
    if kind == "tassel":
        tip = pair[0][len(pair[0]) * 2 // 5]
        for lean in (-0.05, 0.0, 0.05):
            figure.both(leaf(tip + 0.05j, tip + complex(lean, -0.16), 0.4), "deep", "skull", 0)


def _long(dice: Dice, rx: float, ry: float, top: complex, wide: float) -> Pair:
    lean = dice.span("ear lean", 0.05, 0.28)
    root, middle = top + complex(rx * 0.35, ry * 0.35), top + complex(rx * 0.5, -0.25)
    return (
        ribbon([root, middle, top + complex(rx * 0.5 + lean, -0.62)], 0.09 * wide, 0.13 * wide, 0.05),
        ribbon([top + complex(rx * 0.42, 0.02), middle, top + complex(rx * 0.5 + lean * 0.9, -0.52)], 0.03, 0.07, 0.02),
    )


def _pointed(dice: Dice, rx: float, ry: float, top: complex, wide: float) -> Pair:
    tip = top + complex(rx * dice.span("ear out", 0.75, 0.95), -dice.span("ear up", 0.2, 0.36))
    base = top + complex(rx * 0.55, ry * 0.35)
    return (
        smooth([base - 0.2 * wide, tip - 0.05 + 0.05j, tip, tip + 0.02 + 0.06j, base + 0.17 * wide + 0.12j]),
        [base - 0.09 * wide, tip + 0.07j, base + 0.09 * wide + 0.06j],
    )


def _tall(dice: Dice, rx: float, ry: float, top: complex, wide: float) -> Pair:
    base, tip = top + complex(rx * 0.62, ry * 0.4), top + complex(rx * 1.15, -dice.span("ear up", 0.42, 0.56))
    return (
        smooth([base - 0.2, base + complex(-0.06, -0.4), tip, base + complex(0.32, -0.2), base + 0.2 + 0.12j]),
        smooth([base - 0.08, base + complex(0.0, -0.34), tip + 0.1j - 0.02, base + complex(0.22, -0.16), base + 0.1]),
    )


def _fan(dice: Dice, rx: float, ry: float, top: complex, wide: float) -> Pair:
    size, centre = dice.span("ear size", 0.2, 0.28), top + complex(rx * 0.88, ry * 0.3)
    return egg(centre, size * wide, size * 1.1, 0.1), egg(centre + 0.02j, size * wide * 0.62, size * 0.7, 0.1)


def _flap(dice: Dice, rx: float, ry: float, top: complex, wide: float) -> Pair:
    at = top + complex(rx * 1.18, ry * 0.75)
    flap = smooth(
        [at - 0.28 - 0.25j, at - 0.36j, at + 0.3 - 0.28j, at + 0.4 + 0.1j, at + 0.18 + 0.42j, at - 0.18 + 0.25j]
    )
    return flap, [at + 0.02 + (p - at) * 0.74 for p in flap]


def _leaf(dice: Dice, rx: float, ry: float, top: complex, wide: float) -> Pair:
    root = top + complex(rx * 0.72, ry * 0.52)
    return leaf(root, root + complex(rx * 0.2 + 0.24, -0.08), 0.55), leaf(
        root + 0.04, root + complex(rx * 0.2 + 0.16, -0.05), 0.4
    )


def _up(dice: Dice, rx: float, ry: float, top: complex, wide: float) -> Pair:
    root, tip = top + complex(rx * 0.58, ry * 0.3), top + complex(rx * 0.82, -dice.span("ear up", 0.26, 0.36))
    return leaf(root + 0.1j, tip, 0.5 * wide), leaf(root + 0.06j, tip + 0.08j, 0.32)


def _drop(dice: Dice, rx: float, ry: float, top: complex, wide: float) -> Pair:
    base = top + complex(rx * 0.6, ry * 0.24)
    return (
        ribbon([base, base + 0.2 - 0.02j, base + 0.25 + 0.26j, base + 0.2 + 0.42j], 0.08, 0.12 * wide, 0.12, 0.05),
        ribbon([base + 0.2 + 0.06j, base + 0.23 + 0.32j], 0.03, 0.05),
    )


def _side(dice: Dice, rx: float, ry: float, top: complex, wide: float) -> Pair:
    size, centre = dice.span("ear size", 0.15, 0.2), top + complex(rx * 1.04, ry * 0.95)
    return ellipse(centre, size * 0.9, size), ellipse(centre + 0.01, size * 0.55, size * 0.65)


def _round(dice: Dice, rx: float, ry: float, top: complex, wide: float) -> Pair:
    size = dice.span("ear size", 0.12, 0.17)
    centre = top + complex(rx * 0.74, ry * 0.24)
    return ellipse(centre, size * wide, size), ellipse(centre + 0.01j, size * wide * 0.58, size * 0.58)


def _small(dice: Dice, rx: float, ry: float, top: complex, wide: float) -> Pair:
    size, centre = dice.span("ear size", 0.08, 0.11), top + complex(rx * 0.74, ry * 0.24)
    return ellipse(centre, size * wide, size), ellipse(centre + 0.01j, size * wide * 0.58, size * 0.58)


PAIRS: dict[str, Callable[[Dice, float, float, complex, float], Pair]] = {
    "long": _long,
    "point": _pointed,
    "tassel": _pointed,
    "tall": _tall,
    "fan": _fan,
    "flap": _flap,
    "leaf": _leaf,
    "up": _up,
    "drop": _drop,
    "side": _side,
    "round": _round,
    "small": _small,
}


def _horns(figure: Figure, dice: Dice, rx: float, ry: float, top: complex) -> None:
    base, curl = top + complex(rx * 0.5, ry * 0.18), dice.span("horn curl", -0.1, 0.2)
    line = [base, base + 0.2 - 0.08j, base + complex(0.3 + curl * 0.3, -0.28), base + complex(0.1 + curl, -0.44)]
    figure.both(ribbon(line, 0.085, 0.065, 0.012), "belly", "skull", 1, 0.4)


def _lyre(figure: Figure, dice: Dice, rx: float, ry: float, top: complex) -> None:
    base, tall = top + complex(rx * 0.32, ry * 0.16), dice.span("horn", 0.5, 0.66)
    line = [base, base + complex(0.12, -tall * 0.4), base + complex(0.26, -tall * 0.75), base + complex(0.16, -tall)]
    figure.both(ribbon(line, 0.07, 0.055, 0.012), "wood", "skull", 1, 0.4)
    for p in smooth(line, closed=False, steps=3)[1:7]:
        figure.both(ribbon([p - 0.05 - 0.01j, p + 0.05 + 0.01j], 0.011), "belly", "skull", 0)


def _ram(figure: Figure, dice: Dice, rx: float, ry: float, top: complex) -> None:
    at = top + complex(rx * 0.95, ry * 0.6)
    spiral = [
        at + complex(-0.24, -0.16),
        at + complex(-0.02, -0.32),
        at + 0.24 - 0.1j,
        at + 0.2 + 0.2j,
        at + 0.24j,
        at - 0.04 + 0.06j,
    ]
    figure.both(ribbon(spiral, 0.11, 0.11, 0.1, 0.08, 0.02), "wood", "horn", 1, 0.4)
    for p in smooth(spiral, closed=False, steps=2)[1:9]:
        figure.both(ribbon([p, p + (at + 0.03 - p) * 0.34], 0.014), "belly", "horn", 0)


def _antlers(figure: Figure, dice: Dice, rx: float, ry: float, top: complex) -> None:
    base = top + complex(rx * 0.38, ry * 0.15)
    beam = [base, base + 0.1 - 0.2j, base + 0.32 - 0.3j, base + 0.42 - 0.52j]
    figure.both(ribbon(beam, 0.048, 0.038, 0.015), "wood", "skull")
    for root, tip in ((0.09 - 0.19j, 0.04 - 0.42j), (0.28 - 0.29j, 0.22 - 0.54j), (0.38 - 0.42j, 0.54 - 0.5j)):
        figure.both(ribbon([base + root, base + tip], 0.036, 0.012), "wood", "skull")


def _ossicones(figure: Figure, dice: Dice, rx: float, ry: float, top: complex) -> None:
    base = top + complex(rx * 0.34, ry * 0.2)
    figure.both(ribbon([base, base + 0.05 - 0.24j], 0.045), "body", "skull")
    figure.both(ellipse(base + 0.055 - 0.27j, 0.075, 0.07), "deep", "skull", 1, 0.4)


HORNS = {"horn": _horns, "lyre": _lyre, "ram": _ram, "antler": _antlers, "ossicone": _ossicones}
