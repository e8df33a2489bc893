"""Spiders, scorpions, harvestmen and mites."""

from dalle.painters.sketch.bodies.anatomy import bands, round_head, spots
from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.matching import has
from dalle.painters.sketch.shapes import Figure, box, egg, ellipse, leaf, ribbon, star


def _extra_eyes(figure: Figure, y: float) -> None:
    for x, size in ((0.07, 0.035), (0.18, 0.028)):
        figure.both(ellipse(complex(x, y + x * 0.3), size, size), "ink", "face", 0)
        figure.both(ellipse(complex(x - 0.008, y - 0.01 + x * 0.3), size * 0.35, size * 0.35), "white", "face", 0)


def spider(figure: Figure, dice: Dice, text: str) -> None:
    """Spiders and their kin: eight legs around a round body, small eyes above the great ones."""
    long = has(text, ("harvestman", "golden silk", "whip scorpion"))
    mite = has(text, ("mite",))
    for i in range(4):
        knee = complex(0.6 + 0.06 * i + 0.2 * long, -0.52 + 0.3 * i - 0.3 * long)
        foot = complex(0.82 + 0.08 * (i % 2) + 0.04 * i + 0.12 * long, 0.45 + 0.16 * i)
        thick = 0.028 if long else 0.085 if has(text, ("tarantula", "wolf", "solifuge")) else 0.055
        if mite:
            knee, foot, thick = complex(0.6, 0.1 + 0.2 * i), complex(0.8, 0.3 + 0.2 * i), 0.05
        figure.both(ribbon([complex(0.25, 0.25), knee, foot], thick, thick * 0.8, thick * 0.4), "body", "back", 1, 0.2)
        figure.both(ellipse(knee, thick * 0.9, thick * 0.9), "accent", "back", 0.7)
    if has(text, ("vinegaroon",)):
        figure.add(
            ribbon(
                [0.8j, complex(0.3 * dice.side("whip"), 1.0), complex(0.8 * dice.side("whip"), 0.9)], 0.03, 0.02, 0.008
            ),
            "deep",
            "back",
            0.8,
        )
    wide = 0.26 if long else dice.span("girth", 0.44, 0.54)
    figure.add(egg(0.5j, wide, 0.46, 0.04), "accent", "body", 1, 1)
    mark = dice.pick("mark", ("bands", "spots", "cross", "hourglass"))
    if mark == "bands":
        bands(figure, dice, 0.5j, wide, 0.42, "accent shade")
    elif mark == "spots":
        spots(figure, dice, 0.55j, wide * 0.8, 0.3, "accent shade")
    elif mark == "cross":
        figure.add(star(0.58j, 0.22, 0.06, 4), "belly", "body", 0)
    else:
        figure.add([-0.12 + 0.4j, 0.12 + 0.4j, -0.12 + 0.76j, 0.12 + 0.76j], "cheek", "body", 0)
    round_head(figure, dice, -0.12j, dice.span("head width", 0.42, 0.48), dice.span("head height", 0.34, 0.39))
    _extra_eyes(figure, -0.4)
    figure.both(leaf(0.06 + 0.2j, 0.04 + 0.34j, 0.6), "white", "head", 0.6)
    figure.shoulders, figure.arm = (-0.34 + 0.16j, 0.34 + 0.16j), (0.055, 0.04)


def scorpion(figure: Figure, dice: Dice, text: str) -> None:
    """Scorpions: pincers for hands, a tail of beads that ends in a sting above the head."""
    side = dice.side("tail side")
    for i in range(4):
        y = 0.3 + 0.15 * i
        figure.both(
            ribbon([complex(0.2, y), complex(0.56, y - 0.06), complex(0.66 + 0.03 * i, y + 0.24)], 0.045, 0.036, 0.016),
            "shade",
            "back",
            0.9,
        )
    if not has(text, ("pseudoscorpion",)):
        beads = [
            complex(x * side, y)
            for x, y in ((0.3, 0.86), (0.62, 0.8), (0.9, 0.56), (1.0, 0.22), (0.98, -0.14), (0.86, -0.46))
        ]
        for k, p in enumerate(beads):
            figure.add(ellipse(p, 0.18 - 0.014 * k, 0.165 - 0.012 * k), ("body", "shade")[k % 2], "back", 1, 0.7)
        tip = complex(0.62 * side, -0.72)
        figure.add(ellipse(tip, 0.15, 0.13), "accent", "back", 1, 0.6)
        figure.add(
            ribbon(
                [tip + complex(-0.06 * side, 0.02), tip + complex(-0.24 * side, 0.06), tip + complex(-0.3 * side, 0.2)],
                0.06,
                0.04,
                0.008,
            ),
            "deep",
            "back",
            0.8,
        )
    for k in range(4):
        figure.add(box(complex(0, 0.82 - 0.13 * k), 0.26 + 0.05 * k, 0.12, 0.8), "body", "body", 1, 0.6)
    round_head(figure, dice, 0.06j, dice.span("head width", 0.46, 0.52), 0.38)
    _extra_eyes(figure, -0.2)
    figure.shoulders, figure.arm, figure.reach = (-0.4 + 0.24j, 0.4 + 0.24j), (0.075, 0.07), 0.56
    figure.arm_fill = "claw"
