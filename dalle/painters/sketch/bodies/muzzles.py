"""Noses and muzzles of fur-bearers, by kind."""

from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.shapes import Figure, box, egg, ellipse, leaf, ribbon, smooth, star


def _nose(figure: Figure, at: complex, size: float) -> None:
    figure.add(
        smooth(
            [
                at + complex(-0.085, -0.02) * size,
                at - 0.045j * size,
                at + complex(0.085, -0.02) * size,
                at + 0.055j * size,
            ]
        ),
        "ink",
        "head",
        0,
    )
    figure.add(ellipse(at + complex(-0.025, -0.022) * size, 0.022 * size, 0.011 * size), "white", "head", 0)


def _whiskers(figure: Figure, at: complex, rx: float) -> None:
    for y in (-0.015, 0.04):
        line = [at + complex(rx * 0.5, y), at + complex(rx * 1.02, y * 2.6 - 0.03)]
        figure.both(ribbon(line, 0.009, 0.004), "brow", "whisker", 0)


def muzzle(figure: Figure, dice: Dice, kind: str, head: complex, rx: float, ry: float) -> complex:
    """Draws the muzzle of a head and returns where the mouth belongs."""
    at = head + complex(0, ry * 0.48)
    size = dice.span("muzzle", 0.17, 0.23)
    if kind == "trunk":
        _trunk(figure, at)
    elif kind in ("broad", "narrow"):
        at = _broad_muzzle(figure, kind, head, rx, ry)
    elif kind == "pig":
        at = _pig_snout(figure, head + complex(0, ry * 0.34))
    elif kind == "bill":
        _flat_bill(figure, at)
    elif kind == "point":
        at = _pointed_snout(figure, dice, at, rx)
    elif kind == "koala":
        figure.add(egg(at - 0.1j, 0.13, 0.19, 0.1), "ink", "head", 0, 0)
        figure.add(ellipse(at - 0.04 - 0.18j, 0.03, 0.05, 0.3), "white", "head", 0)
        at += 0.06j
    elif kind == "star":
        figure.add(star(at - 0.02j, 0.2, 0.09, 11), "cheek", "head", 0.8)
        figure.both(ellipse(at + 0.03, 0.016, 0.02), "ink", "head", 0)
        at += 0.1j
    elif kind == "ape":
        figure.both(ellipse(head + complex(0.045, ry * 0.22), 0.024, 0.018, 0.5), "ink", "head", 0)
    else:
        _soft_muzzle(figure, kind, at, size, rx)
    return at


def _trunk(figure: Figure, at: complex) -> None:
    line = [at - 0.12j, at + 0.2j, at + complex(0.05, 0.4), at + complex(0.26, 0.42), at + complex(0.3, 0.3)]
    figure.add(ribbon(line, 0.15, 0.115, 0.09, 0.075, 0.06), "body", "face", 1, 0.5)
    for k in range(4):
        p = at + complex(0.005 * k, 0.02 + 0.085 * k)
        figure.add(ribbon([p - 0.08, p + 0.02j, p + 0.08], 0.008), "shade", "face", 0)
    figure.mouth = "none"


def _broad_muzzle(figure: Figure, kind: str, head: complex, rx: float, ry: float) -> complex:
    wide = rx * (0.86 if kind == "broad" else 0.62)
    low = head + complex(0, ry * 0.66)
    figure.add(egg(low, wide, ry * 0.42, 0.1), "belly", "head", 0.7, 0.7)
    figure.both(ellipse(low + complex(wide * 0.36, -ry * 0.14), 0.036, 0.05, -0.4), "ink", "head", 0)
    return low + complex(0, ry * 0.14)


def _pig_snout(figure: Figure, snout: complex) -> complex:
    figure.add(box(snout, 0.2, 0.135, 0.8), "cheek", "head", 1, 0.5)
    figure.both(ellipse(snout + 0.075, 0.032, 0.05), "ink", "head", 0)
    return snout + 0.22j


def _flat_bill(figure: Figure, at: complex) -> None:
    figure.add(box(at + 0.02j, 0.36, 0.13, 0.8), "deep", "face", 1, 0.5)
    figure.both(ellipse(at + 0.06 - 0.04j, 0.02, 0.014), "ink", "face", 0)
    figure.mouth = "none"


def _pointed_snout(figure: Figure, dice: Dice, at: complex, rx: float) -> complex:
    tip = at + complex(0.0, 0.16)
    figure.add(
        smooth([at - 0.2 - 0.1j, at - 0.14j, at + 0.2 - 0.1j, at + 0.08 + 0.1j, tip + 0.03j, at - 0.08 + 0.1j]),
        "belly",
        "head",
        0.7,
        0.6,
    )
    _nose(figure, tip, 1.0)
    _whiskers(figure, at + 0.04j, rx)
    figure.mouth = "none" if dice.chance("quiet", 0.3) else figure.mouth
    return tip + 0.12j


def _soft_muzzle(figure: Figure, kind: str, at: complex, size: float, rx: float) -> None:
    scale = {"small": 0.78, "button": 1.0, "long": 1.12, "big": 1.2, "teeth": 0.95}.get(kind, 1.0)
    if kind == "small":
        figure.both(ellipse(at + 0.09 + 0.01j, 0.115, 0.095), "belly", "head", 0.5, 0.4)
    else:
        figure.add(ellipse(at, size * 1.15 * scale, size * 0.8 * scale), "belly", "head", 0.6, 0.5)
    if kind == "long":
        figure.add(egg(at - 0.14j, size * 0.62, size * 0.8, 0.25), "belly", "head", 0)
    _nose(figure, at - complex(0, size * (0.5 if kind == "small" else 0.42) * scale), scale)
    if kind != "big":
        _whiskers(figure, at, rx)
    if kind == "teeth":
        for x in (-0.052, 0.004):
            figure.add(box(at + complex(x + 0.024, size * 0.86), 0.026, 0.055, 0.6), "white", "face", 0.7)


def trunk_tusks(figure: Figure, at: complex) -> None:
    """A pair of tusks beside a mouth."""
    figure.both(ribbon([at + 0.13 - 0.02j, at + 0.2 + 0.12j, at + 0.27 + 0.02j], 0.04, 0.03, 0.01), "white", "face")


def beard(figure: Figure, at: complex, fill: str = "light") -> None:
    """A pointed beard below a mouth."""
    for lean in (-0.1, 0.1, 0.0):
        figure.add(leaf(at + complex(lean * 0.6, 0.08), at + complex(lean, 0.38 - abs(lean)), 0.55), fill, "head", 0.6)
