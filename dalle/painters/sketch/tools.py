"""Tools by the family of a trade."""

from collections.abc import Callable

from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.shapes import Figure, Points, box, ellipse, leaf, ribbon, smooth, star

SIZE = 0.26


def tool(figure: Figure, dice: Dice, trade: str, at: complex) -> None:
    """The tool of the trade, held at a hand."""
    TOOLS.get(trade, _ball_of_wool)(figure, at)


def _put(figure: Figure, at: complex, points: Points, fill: str, line: float = 1.0, volume: float = 0.3) -> None:
    """Adds a shape of a tool: 0 is where the hand holds it, -1j above."""
    figure.add([at + p * SIZE for p in points], fill, "tool", line, volume)


def _shield(figure: Figure, at: complex) -> None:
    shield = [-0.6 - 0.6j, -0.75j, 0.6 - 0.6j, 0.55 + 0.1j, 0.75j, -0.55 + 0.1j]
    _put(figure, at, smooth(shield), "steel")
    _put(figure, at, smooth([p * 0.76 for p in shield]), "cloth", 0.5)
    _put(figure, at, star(-0.08j, 0.3, 0.13, 5), "metal", 0.4)


def _compass(figure: Figure, at: complex) -> None:
    _put(figure, at, ellipse(-0.2j, 0.56, 0.56), "metal")
    _put(figure, at, ellipse(-0.2j, 0.42, 0.42), "white", 0.6)
    _put(figure, at, [-0.2j - 0.1, -0.55j, -0.2j + 0.1], "cheek", 0)
    _put(figure, at, [-0.2j - 0.1, 0.15j, -0.2j + 0.1], "ink", 0)


def _lantern(figure: Figure, at: complex) -> None:
    _put(figure, at, ribbon([0.5j, -0.6j], 0.07), "wood")
    _put(figure, at, box(-0.95j, 0.34, 0.4, 0.6), "metal")
    _put(figure, at, box(-0.95j, 0.2, 0.26, 0.7), "white", 0.5)


def _spoon(figure: Figure, at: complex) -> None:
    _put(figure, at, ribbon([0.8j, -0.6j], 0.07), "wood")
    _put(figure, at, ellipse(-0.85j, 0.3, 0.36), "wood")


def _hammer(figure: Figure, at: complex) -> None:
    _put(figure, at, ribbon([0.8j, -0.7j], 0.09), "wood")
    _put(figure, at, box(-0.8j, 0.55, 0.24, 0.4), "steel")


def _open_book(figure: Figure, at: complex) -> None:
    for side in (-1, 1):
        page = [0.4j, complex(0.85 * side, 0.2), complex(0.85 * side, -0.75), -0.55j]
        _put(figure, at, page, "white")
        for k in range(3):
            row = [complex(0.18 * side, -0.3 + 0.22 * k), complex(0.68 * side, -0.42 + 0.22 * k)]
            _put(figure, at, ribbon(row, 0.03), "ink", 0)


def _wand(figure: Figure, at: complex) -> None:
    _put(figure, at, ribbon([0.9j, -0.7j], 0.06), "wood")
    _put(figure, at, star(-0.95j, 0.46, 0.2, 5), "metal")


def _bunch_of_flowers(figure: Figure, at: complex) -> None:
    for lean in (-0.4, 0.0, 0.4):
        _put(figure, at, ribbon([0.7j, complex(lean, -0.8)], 0.04), "leaf", 0.5)
        _put(figure, at, star(complex(lean, -0.9), 0.26, 0.13, 6), "accent", 0.8)


def _paintbrush(figure: Figure, at: complex) -> None:
    _put(figure, at, ribbon([0.8j, -0.4j], 0.07), "wood")
    _put(figure, at, leaf(-0.35j, -1.1j, 0.4), "accent")


def _musical_note(figure: Figure, at: complex) -> None:
    _put(figure, at, ellipse(-0.1 + 0.3j, 0.26, 0.2), "ink")
    _put(figure, at, ribbon([0.14 + 0.3j, 0.14 - 0.9j], 0.05), "ink", 0)
    _put(figure, at, leaf(0.14 - 0.9j, 0.6 - 0.4j, 0.5), "ink", 0)


def _letter(figure: Figure, at: complex) -> None:
    _put(figure, at, box(-0.1j, 0.66, 0.44, 0.4), "white")
    _put(figure, at, ribbon([-0.6 - 0.45j, 0.05j, 0.6 - 0.45j], 0.04), "cloth", 0)


def _cogwheel(figure: Figure, at: complex) -> None:
    _put(figure, at, star(-0.2j, 0.62, 0.44, 8), "steel")
    _put(figure, at, ellipse(-0.2j, 0.2, 0.2), "ground")


def _ball_of_wool(figure: Figure, at: complex) -> None:
    _put(figure, at, ellipse(-0.2j, 0.46, 0.46), "cloth")
    _put(figure, at, ribbon([-0.4 - 0.3j, 0.4 - 0.1j], 0.04), "light", 0)
    _put(figure, at, ribbon([-0.35 - 0.05j, 0.35 + 0.1j], 0.04), "light", 0)


TOOLS: dict[str, Callable[[Figure, complex], None]] = {
    "helmet": _shield,
    "pith": _compass,
    "sailor": _lantern,
    "toque": _spoon,
    "wreath": _spoon,
    "hardhat": _hammer,
    "mortar": _open_book,
    "cone": _wand,
    "crown": _wand,
    "straw": _bunch_of_flowers,
    "beret": _paintbrush,
    "tophat": _musical_note,
    "cap": _letter,
    "goggles": _cogwheel,
}
