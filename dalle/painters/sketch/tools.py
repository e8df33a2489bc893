"""Tools by the family of a trade."""

from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.shapes import Figure, Points, box, ellipse, leaf, ribbon, smooth, star


def tool(figure: Figure, dice: Dice, trade: str, at: complex) -> None:
    """The tool of the trade, held at a hand."""
    s = 0.26

    def put(points: Points, fill: str, line: float = 1.0, volume: float = 0.3) -> None:
        figure.add([at + p * s for p in points], fill, "tool", line, volume)

    if trade == "helmet":
        shield = [-0.6 - 0.6j, -0.75j, 0.6 - 0.6j, 0.55 + 0.1j, 0.75j, -0.55 + 0.1j]
        put(smooth(shield), "steel")
        put(smooth([p * 0.76 for p in shield]), "cloth", 0.5)
        put(star(-0.08j, 0.3, 0.13, 5), "metal", 0.4)
    elif trade == "pith":
        put(ellipse(-0.2j, 0.56, 0.56), "metal")
        put(ellipse(-0.2j, 0.42, 0.42), "white", 0.6)
        put([-0.2j - 0.1, -0.55j, -0.2j + 0.1], "cheek", 0)
        put([-0.2j - 0.1, 0.15j, -0.2j + 0.1], "ink", 0)
    elif trade == "sailor":
        put(ribbon([0.5j, -0.6j], 0.07), "wood")
        put(box(-0.95j, 0.34, 0.4, 0.6), "metal")
        put(box(-0.95j, 0.2, 0.26, 0.7), "white", 0.5)
    elif trade in ("toque", "wreath"):
        put(ribbon([0.8j, -0.6j], 0.07), "wood")
        put(ellipse(-0.85j, 0.3, 0.36), "wood")
    elif trade == "hardhat":
        put(ribbon([0.8j, -0.7j], 0.09), "wood")
        put(box(-0.8j, 0.55, 0.24, 0.4), "steel")
    elif trade == "mortar":
        for side in (-1, 1):
            put([0.4j, complex(0.85 * side, 0.2), complex(0.85 * side, -0.75), -0.55j], "white")
            for k in range(3):
                put(
                    ribbon([complex(0.18 * side, -0.3 + 0.22 * k), complex(0.68 * side, -0.42 + 0.22 * k)], 0.03),
                    "ink",
                    0,
                )
    elif trade in ("cone", "crown"):
        put(ribbon([0.9j, -0.7j], 0.06), "wood")
        put(star(-0.95j, 0.46, 0.2, 5), "metal")
    elif trade == "straw":
        for lean in (-0.4, 0.0, 0.4):
            put(ribbon([0.7j, complex(lean, -0.8)], 0.04), "leaf", 0.5)
            put(star(complex(lean, -0.9), 0.26, 0.13, 6), "accent", 0.8)
    elif trade == "beret":
        put(ribbon([0.8j, -0.4j], 0.07), "wood")
        put(leaf(-0.35j, -1.1j, 0.4), "accent")
    elif trade == "tophat":
        put(ellipse(-0.1 + 0.3j, 0.26, 0.2), "ink")
        put(ribbon([0.14 + 0.3j, 0.14 - 0.9j], 0.05), "ink", 0)
        put(leaf(0.14 - 0.9j, 0.6 - 0.4j, 0.5), "ink", 0)
    elif trade == "cap":
        put(box(-0.1j, 0.66, 0.44, 0.4), "white")
        put(ribbon([-0.6 - 0.45j, 0.05j, 0.6 - 0.45j], 0.04), "cloth", 0)
    elif trade == "goggles":
        put(star(-0.2j, 0.62, 0.44, 8), "steel")
        put(ellipse(-0.2j, 0.2, 0.2), "ground")
    else:
        put(ellipse(-0.2j, 0.46, 0.46), "cloth")
        put(ribbon([-0.4 - 0.3j, 0.4 - 0.1j], 0.04), "light", 0)
        put(ribbon([-0.35 - 0.05j, 0.35 + 0.1j], 0.04), "light", 0)
