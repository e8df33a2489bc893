"""Crabs, lobsters, shrimps, woodlice and the little ones of the plankton."""

import math

from dalle.painters.sketch.bodies.anatomy import spots
from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.matching import has
from dalle.painters.sketch.shapes import Figure, Place, Points, arc, box, egg, leaf, ribbon, smooth, turned


def crab(figure: Figure, dice: Dice, text: str) -> None:
    """Crabs: a shell as wide as a table, walking legs, claws for hands."""
    spider = has(text, ("spider crab", "king crab"))
    _walking_legs(figure, spider)
    rx, ry = dice.span("shell", 0.58, 0.7), dice.span("shell height", 0.38, 0.46)
    body = 0.26j
    if has(text, ("hermit",)):
        _borrowed_shell(figure)
    for k in range(7 if not spider else 11):
        a = math.pi * (1.06 + 0.88 * k / (6 if not spider else 10))
        root = body + complex(rx * math.cos(a), ry * math.sin(a)) * 0.94
        figure.add(leaf(root, root + complex(0.13 * math.cos(a), 0.13 * math.sin(a)), 0.8), "body", "tail", 0.8)
    figure.add(egg(body, rx, ry, -0.14), "body", "body", 1, 1)
    spots(figure, dice, body - complex(0, ry * 0.5), rx * 0.6, ry * 0.24, "shade")
    figure.add(
        smooth([*arc(body + 0.08j, rx * 0.8, ry * 0.78, 0.05, 0.45, 9), body + 0.02j], steps=6), "belly", "body", 0
    )
    figure.face, figure.face_size, figure.neck = body - 0.04j, rx * 0.86, body
    figure.mouth = "wide" if dice.chance("wide", 0.4) else "mouth"
    figure.hat, figure.hat_size = body - complex(0, ry * 0.84), rx * 0.62
    figure.shoulders, figure.arm, figure.reach = (complex(-rx * 0.85, 0.2), complex(rx * 0.85, 0.2)), (0.07, 0.075), 0.5
    figure.arm_fill = "claw"


def _walking_legs(figure: Figure, spider: bool) -> None:
    for i in range(3):
        y, far = 0.42 + 0.13 * i, 0.3 if spider else 0.0
        line = [
            complex(0.16, y - 0.06),
            complex(0.86 - 0.06 * i + far * 0.4, y - 0.1 - far * 0.6),
            complex(0.94 - 0.1 * i + far * 0.5, y + 0.32),
        ]
        figure.both(ribbon(line, 0.055, 0.045, 0.015), "shade", "back", 0.9)


def _borrowed_shell(figure: Figure) -> None:
    figure.add(egg(0.24 - 0.1j, 0.56, 0.6, 0.1), "accent", "back", 1, 0.9)
    figure.add(
        ribbon(
            [
                0.24 - 0.1j + complex(0.46 * (1 - k / 20) * math.cos(0.6 * k), 0.46 * (1 - k / 20) * math.sin(0.6 * k))
                for k in range(17)
            ],
            0.03,
            0.012,
            steps=3,
        ),
        "accent shade",
        "back",
        0,
    )


def lobster(figure: Figure, dice: Dice, text: str) -> None:
    """Lobsters and crayfish: a jointed tail with a fan, whips before, claws for hands."""
    for i in range(3):
        y = 0.34 + 0.13 * i
        figure.both(
            ribbon(
                [complex(0.16, y), complex(0.62 - 0.04 * i, y - 0.04), complex(0.7 - 0.06 * i, y + 0.24)],
                0.045,
                0.036,
                0.014,
            ),
            "shade",
            "back",
            0.9,
        )
    for i in range(5):
        figure.add(turned(leaf(0.74j, 1.06j, 0.5), (i - 2) * 0.5, 0.8j), ("body", "shade")[i % 2], "back", 0.9, 0.2)
    for i in range(4):
        figure.add(box(complex(0, 0.8 - 0.13 * i), 0.22 + 0.035 * i, 0.12, 0.8), "body", "tail", 1, 0.5)
        figure.add(
            ribbon([complex(-0.16 - 0.03 * i, 0.8 - 0.13 * i), complex(0.16 + 0.03 * i, 0.8 - 0.13 * i)], 0.02),
            "accent",
            "tail",
            0,
        )
    figure.both(ribbon([0.14 - 0.3j, 0.5 - 0.75j, 0.98 - 0.6j], 0.024, 0.016, 0.008), "deep", "skull", 0.5)
    figure.both(ribbon([0.08 - 0.34j, 0.16 - 0.66j], 0.02, 0.008), "deep", "skull", 0.5)
    body, rx, ry = 0.1j, dice.span("shell", 0.4, 0.46), 0.46
    figure.add(egg(body, rx, ry, -0.06), "body", "body", 1, 1)
    figure.add([complex(-0.08, -0.28), complex(0, -0.56), complex(0.08, -0.28)], "body", "body", 0.8)
    spots(figure, dice, body - complex(0, ry * 0.55), rx * 0.5, 0.1, "shade")
    figure.add(egg(body + 0.26j, rx * 0.7, 0.17, 0.1), "belly", "body", 0)
    figure.face, figure.face_size, figure.neck = body - 0.06j, rx * 0.96, body
    figure.hat, figure.hat_size = body - complex(0, ry * 0.84), rx * 0.72
    figure.shoulders, figure.arm, figure.reach = (complex(-rx * 0.8, 0.1), complex(rx * 0.8, 0.1)), (0.075, 0.07), 0.55
    figure.arm_fill = "claw"


def shrimp(figure: Figure, dice: Dice, text: str) -> None:
    """Shrimps and krill: a comma of rings with a fan at the end, whiskers that wave, many small feet."""
    side = dice.side("tail side")

    def at(x: float, y: float) -> complex:
        return complex(x * side, y)

    spine = smooth(
        [at(-0.1, -0.26), at(0.34, -0.26), at(0.68, 0.02), at(0.68, 0.42), at(0.36, 0.68), at(-0.02, 0.7)],
        closed=False,
        steps=5,
    )
    _swimming_feet_and_tail_fan(figure, spine, at, side)
    for k in range(len(spine) - 2, 0, -2):
        t = k / len(spine)
        figure.add(egg(spine[k], 0.29 - 0.13 * t, 0.28 - 0.12 * t), ("body", "light")[k % 4 == 3], "body", 1, 0.8)
    _front_feet_and_whiskers(figure, at)
    figure.add([at(-0.36, -0.5), at(-0.72, -0.74), at(-0.2, -0.62)], "body", "skull", 0.9)
    head = at(-0.24, -0.26)
    figure.add(egg(head, dice.span("head width", 0.42, 0.48), 0.39, 0.08), "body", "head", 1, 1)
    chin = [*arc(head + 0.04j, 0.38, 0.33, 0.05, 0.45, 9), head + 0.06j]
    figure.add(smooth(chin, steps=6), "belly", "head", 0)
    if has(text, ("cleaner", "mantis shrimp")) or dice.chance("banded", 0.4):
        _bands(figure, spine)
    figure.neck, figure.face, figure.face_size = head + 0.3j, head - 0.02j, 0.43
    figure.hat, figure.hat_size, figure.floats = head - 0.34j, 0.34, True
    figure.shoulders, figure.arm, figure.reach = (
        (head + complex(-0.3, 0.3), head + complex(0.26, 0.34)),
        (0.055, 0.045),
        0.46,
    )


def _swimming_feet_and_tail_fan(figure: Figure, spine: Points, at: Place, side: int) -> None:
    for k in range(6, 22, 3):
        root = spine[k] + (at(0.16, 0.2) - spine[k]) * 0.42
        figure.add(ribbon([root, root + (at(0.08, 0.24) - root) * 0.5 + 0.06j], 0.035, 0.012), "accent", "back", 0.8)
    end = spine[-1]
    for lean in (-0.55, -0.15, 0.25, 0.65):
        figure.add(
            turned(leaf(end, end + at(-0.4, 0.06), 0.42), lean * side, end),
            ("accent", "shade")[lean > 0],
            "back",
            0.9,
            0.3,
        )


def _front_feet_and_whiskers(figure: Figure, at: Place) -> None:
    for k in range(3):
        figure.add(
            ribbon(
                [at(-0.1 + 0.14 * k, 0.1), at(-0.14 + 0.16 * k, 0.4), at(-0.26 + 0.16 * k, 0.56)], 0.03, 0.024, 0.012
            ),
            "shade",
            "tail",
            0.8,
        )
    for k, (x, y) in enumerate(((-0.95, -0.86), (-1.12, -0.4), (0.5, -1.0), (0.9, -0.74))):
        figure.add(
            ribbon([at(-0.3, -0.42), at(-0.3 + x * 0.42, -0.5 + y * 0.42 - 0.14), at(x, y)], 0.024, 0.016, 0.006),
            ("accent", "deep")[k % 2],
            "skull",
            0.5,
        )


def _bands(figure: Figure, spine: Points) -> None:
    for k in (8, 12, 16, 20):
        out = (spine[k + 1] - spine[k]) * 1j / abs(spine[k + 1] - spine[k]) * 0.2
        figure.add(ribbon([spine[k] - out, spine[k] + out], 0.03), "cloth", "body", 0)


def woodlouse(figure: Figure, dice: Dice, text: str) -> None:
    """Woodlice, barnacles and water fleas: a vault of plates over many feet."""
    for k in range(6):
        x = 0.12 + 0.11 * k
        figure.both(ribbon([complex(x, 0.6), complex(x + 0.1, 0.96)], 0.035, 0.018), "deep", "back", 0.7)
    feel = dice.span("feeler", 0.3, 0.44)
    figure.both(
        ribbon([0.14 - 0.3j, complex(0.4, -0.5 - feel * 0.4), complex(0.72, -0.42 - feel * 0.5)], 0.03, 0.022, 0.014),
        "deep",
        "skull",
        0.6,
    )
    for k in range(6):
        wide, y = 0.86 - 0.05 * k, 0.34 - 0.1 * k
        figure.add(
            [
                *arc(complex(0, y + 0.3), wide, 0.5, 0.5, 1.0, 24),
                complex(wide * 0.92, y + 0.42),
                complex(-wide * 0.92, y + 0.42),
            ],
            ("body", "shade")[k % 2],
            "body",
            1,
            0.5,
        )
    figure.add(egg(0.3j, 0.46, 0.4, 0.04), "light", "head", 0.8, 0.6)
    figure.neck, figure.face, figure.face_size = 0.6j, 0.26j, 0.46
    figure.hat, figure.hat_size = -0.5j, 0.4
    figure.shoulders, figure.arm, figure.reach, figure.arm_fill = (
        (-0.5 + 0.56j, 0.5 + 0.56j),
        (0.05, 0.035),
        0.44,
        "deep",
    )
