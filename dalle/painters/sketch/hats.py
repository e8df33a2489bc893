"""Hats by the family of a trade."""

import math
from collections.abc import Callable

from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.shapes import Figure, Points, arc, box, ellipse, leaf, ribbon, smooth, star

BRIM = ellipse(0j, 1.0, 0.2)


def hat(figure: Figure, dice: Dice, trade: str) -> None:
    """A hat on top of the head."""
    put_on = HATS.get(trade)
    if put_on:
        put_on(figure)


def _put(figure: Figure, points: Points, fill: str, line: float = 1.0, volume: float = 0.4) -> None:
    """Adds a shape of a hat: 0 is where it meets the head, 1 half of the head's width."""
    figure.add([figure.hat + p * figure.hat_size for p in points], fill, "hat", line, volume)


def _crown(figure: Figure) -> None:
    spikes = [complex(-0.7 + 0.35 * k, -0.34 if k % 2 else -0.82) for k in range(5)]
    _put(figure, [-0.62 + 0.08j, *spikes, 0.62 + 0.08j], "metal")
    for k in range(3):
        _put(figure, ellipse(complex(-0.36 + 0.36 * k, -0.1), 0.09, 0.1), "cloth", 0.6)


def _sailor_cap(figure: Figure) -> None:
    _put(figure, smooth([-0.75 - 0.2j, -0.7 - 0.55j, -0.62j, 0.7 - 0.55j, 0.75 - 0.2j]), "white")
    _put(figure, box(-0.08j, 0.72, 0.17, 0.6), "cloth")


def _cooks_toque(figure: Figure) -> None:
    puff = [-0.5 - 0.3j, -0.85 - 0.75j, -0.4 - 1.1j, -1.0j, 0.45 - 1.1j, 0.85 - 0.7j, 0.5 - 0.3j]
    _put(figure, smooth(puff), "white")
    _put(figure, box(-0.15j, 0.56, 0.2, 0.5), "white")


def _knights_helmet(figure: Figure) -> None:
    _put(figure, arc(0.1j, 0.85, 0.85, 0.5, 1.0), "steel")
    _put(figure, box(0.04j, 0.9, 0.11, 0.5), "steel")
    _put(figure, smooth([-0.72j, 0.2 - 1.25j, -0.15 - 1.4j, -0.45 - 1.0j]), "cloth")


def _hard_hat(figure: Figure) -> None:
    _put(figure, arc(0.05j, 0.78, 0.72, 0.5, 1.0), "metal")
    _put(figure, box(0.05j, 0.98, 0.11, 0.6), "metal")
    _put(figure, box(-0.4j, 0.1, 0.36, 0.6), "metal")


def _mortarboard(figure: Figure) -> None:
    _put(figure, box(-0.1j, 0.55, 0.24, 0.6), "ink")
    _put(figure, [-1.0 - 0.34j, -0.62j, 1.0 - 0.34j, -0.06j], "cloth")
    _put(figure, ribbon([-0.34j, 0.75 - 0.3j, 0.78 + 0.12j], 0.03), "metal", 0.5)
    _put(figure, ellipse(0.78 + 0.16j, 0.07, 0.12), "metal", 0.6)


def _wizards_cone(figure: Figure) -> None:
    _put(figure, [-0.62 + 0.04j, complex(0.1, -1.5), 0.62 + 0.04j], "cloth")
    _put(figure, BRIM, "cloth")
    for p, size in ((-0.1 - 0.35j, 0.17), (0.16 - 0.75j, 0.13)):
        _put(figure, star(p, size, size * 0.45, 5), "metal", 0.4)


def _straw_hat(figure: Figure) -> None:
    _put(figure, ellipse(0j, 1.3, 0.24), "metal")
    _put(figure, arc(0j, 0.66, 0.62, 0.5, 1.0), "metal")
    _put(figure, box(-0.08j, 0.66, 0.1, 0.5), "cloth", 0.7)


def _beret(figure: Figure) -> None:
    _put(figure, smooth([-0.85 - 0.1j, -0.8 - 0.45j, 0.1 - 0.62j, 0.95 - 0.4j, 0.8 - 0.05j]), "cloth")
    _put(figure, ribbon([0.05 - 0.56j, 0.1 - 0.75j], 0.05), "cloth", 0.7)


def _top_hat(figure: Figure) -> None:
    _put(figure, BRIM, "ink")
    _put(figure, [-0.56 - 0.0j, -0.62 - 1.0j, 0.62 - 1.0j, 0.56 + 0j], "ink")
    _put(figure, box(-0.2j, 0.57, 0.12, 0.4), "cloth", 0.5)


def _peaked_cap(figure: Figure) -> None:
    _put(figure, arc(-0.02j, 0.76, 0.6, 0.5, 1.0), "cloth")
    _put(figure, smooth([-0.7 + 0j, 0.18j, 0.7 + 0j, -0.12j]), "ink")
    _put(figure, ellipse(-0.3j, 0.13, 0.13), "metal", 0.6)


def _goggles(figure: Figure) -> None:
    _put(figure, box(0.02j, 0.98, 0.09, 0.5), "wood")
    for x in (-0.36, 0.36):
        _put(figure, ellipse(complex(x, 0.0), 0.3, 0.27), "metal")
        _put(figure, ellipse(complex(x, 0.0), 0.2, 0.18), "sky", 0.6)


def _wreath(figure: Figure) -> None:
    for k in range(9):
        p = complex(-0.8 + 0.2 * k, -0.12 * math.sin(math.pi * k / 8))
        _put(figure, leaf(p, p + complex(0.12 * (k - 4) / 4, -0.34), 0.6), "leaf", 0.6)
        if k % 2:
            _put(figure, star(p - 0.04j, 0.14, 0.07, 5), "accent", 0.5)


def _knotted_band(figure: Figure) -> None:
    _put(figure, box(0.02j, 0.92, 0.13, 0.5), "cloth")
    _put(figure, smooth([0.6 - 0.02j, 1.0 - 0.4j, 1.05 + 0.02j]), "cloth")
    _put(figure, smooth([0.6 - 0.02j, 1.1 - 0.02j, 0.95 + 0.35j]), "cloth")


def _pith_helmet(figure: Figure) -> None:
    _put(figure, ellipse(0.04j, 1.1, 0.22), "belly")
    _put(figure, arc(0.02j, 0.72, 0.74, 0.5, 1.0), "belly")
    _put(figure, box(-0.1j, 0.72, 0.08, 0.5), "wood", 0.6)


HATS: dict[str, Callable[[Figure], None]] = {
    "crown": _crown,
    "sailor": _sailor_cap,
    "toque": _cooks_toque,
    "helmet": _knights_helmet,
    "hardhat": _hard_hat,
    "mortar": _mortarboard,
    "cone": _wizards_cone,
    "straw": _straw_hat,
    "beret": _beret,
    "tophat": _top_hat,
    "cap": _peaked_cap,
    "goggles": _goggles,
    "wreath": _wreath,
    "band": _knotted_band,
    "pith": _pith_helmet,
}
