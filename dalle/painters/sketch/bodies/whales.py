"""Mammals of the sea: whales and dolphins, seals and manatees."""

import math

from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.matching import has
from dalle.painters.sketch.shapes import Figure, Place, Points, drop, egg, ellipse, leaf, ribbon, smooth


def whale(figure: Figure, dice: Dice, text: str) -> None:
    """Whales and dolphins: a great round head, flukes in the air, a fountain; narwhals carry their lance."""
    side = dice.side("tail side")
    small = has(text, ("dolphin", "porpoise", "encantado"))

    def at(x: float, y: float) -> complex:
        return complex(x * side, y)

    _flukes(figure, at)
    hull = _whale_hull(at)
    if small:
        _dolphin_fin_and_snout(figure, at)
    _hull_and_belly(figure, at, hull)
    if not small:
        _throat_grooves(figure, at)
    if has(text, ("orca",)):
        figure.add(ellipse(at(-0.16, -0.2), 0.16, 0.09), "white", "body", 0)
    if has(text, ("narwhal",)):
        figure.add(ribbon([at(-0.7, -0.2), at(-1.2, -0.66)], 0.055, 0.01), "belly", "back", 1, 0.4)
    elif not small:
        _fountain(figure, at(-0.2, -0.54))
    figure.neck, figure.face, figure.face_size, figure.heading = 0j, at(-0.4, -0.06), 0.42, -side
    figure.mouth = "wide"
    figure.hat, figure.hat_size, figure.floats = at(-0.42, -0.5), 0.32, True
    figure.shoulders, figure.arm, figure.arm_fill, figure.reach = (
        (at(-0.1, 0.36) - 0.36, at(-0.1, 0.36) + 0.36),
        (0.1, 0.06),
        "shade",
        0.42,
    )


def _flukes(figure: Figure, at: Place) -> None:
    for turn in (-1, 1):
        fluke = smooth(
            [at(0.88, -0.5), at(0.9 + 0.34 * turn - 0.02, -0.86 + 0.04 * turn), at(0.92 + 0.2 * turn, -0.58)], steps=6
        )
        figure.add(fluke, "body", "back", 1, 0.4)


def _whale_hull(at: Place) -> Points:
    return smooth(
        [
            at(-0.84, 0.1),
            at(-0.72, -0.34),
            at(-0.3, -0.56),
            at(0.2, -0.44),
            at(0.58, -0.2),
            at(0.82, -0.54),
            at(0.98, -0.5),
            at(0.86, 0.1),
            at(0.5, 0.46),
            at(0.0, 0.6),
            at(-0.5, 0.5),
        ]
    )


def _dolphin_fin_and_snout(figure: Figure, at: Place) -> None:
    figure.add(smooth([at(-0.05, -0.4), at(0.22, -0.86), at(0.3, -0.3)], steps=6), "body", "back", 1, 0.3)
    figure.add(
        smooth([at(-0.66, -0.02), at(-1.02, 0.12), at(-1.04, 0.24), at(-0.66, 0.3)], steps=6),
        "body",
        "back",
        1,
        0.5,
    )


def _hull_and_belly(figure: Figure, at: Place, hull: Points) -> None:
    figure.add(hull, "body", "body", 1, 1)
    belly = smooth(
        [at(-0.82, 0.16), at(-0.4, 0.22), at(0.2, 0.24), at(0.74, 0.18), at(0.46, 0.44), at(0.0, 0.58), at(-0.5, 0.48)],
        steps=6,
    )
    figure.add(belly, "belly", "body", 0)


def _throat_grooves(figure: Figure, at: Place) -> None:
    for k in range(5):
        figure.add(
            ribbon(
                [at(-0.5 + 0.03 * k, 0.3 + 0.045 * k), at(0.0, 0.32 + 0.05 * k), at(0.44 - 0.08 * k, 0.28 + 0.05 * k)],
                0.009,
            ),
            "shade",
            "body",
            0,
        )


def _fountain(figure: Figure, spout: complex) -> None:
    for lean in (-0.34, -0.14, 0.14, 0.34):
        line = [
            spout,
            spout + complex(lean * 0.4, -0.24),
            spout + complex(lean, -0.34 + 0.1 * abs(lean)),
            spout + complex(lean * 1.3, -0.2),
        ]
        figure.add(ribbon(line, 0.04, 0.045, 0.04, 0.02), "light", "back", 0.6)
    for k in range(3):
        figure.add(drop(spout + complex(-0.3 + 0.3 * k, -0.46 - 0.05 * (k % 2)), 0.055), "light", "back", 0.6)


def seal(figure: Figure, dice: Dice, text: str) -> None:
    """Seals, walruses and manatees: propped up on flippers, the tail round to one side."""
    side = dice.side("tail side")
    _seal_tail(figure, text, side)
    wide = dice.span("girth", 0.46, 0.56)
    _seal_trunk(figure, dice, wide)
    head, rx, ry = -0.3j, dice.span("head width", 0.4, 0.47), dice.span("head height", 0.36, 0.41)
    figure.add(egg(head, rx, ry, 0.1), "body", "head", 1, 1)
    snout = head + complex(0, ry * 0.46)
    _seal_snout(figure, snout)
    if has(text, ("walrus",)):
        figure.both(ribbon([snout + 0.1 + 0.1j, snout + 0.13 + 0.42j], 0.05, 0.015), "white", "face", 1, 0.4)
    figure.lips = snout + 0.16j
    figure.neck, figure.face, figure.face_size = 0.05j, head - complex(0, ry * 0.1), rx * 0.98
    figure.hat, figure.hat_size = head - complex(0, ry * 0.86), rx * 0.86
    figure.shoulders, figure.arm, figure.reach = (
        (complex(-wide * 0.82, 0.34), complex(wide * 0.82, 0.34)),
        (0.11, 0.1),
        0.48,
    )


def _seal_tail(figure: Figure, text: str, side: int) -> None:
    tail = [complex(0.1 * side, 0.7), complex(0.66 * side, 0.86), complex(0.92 * side, 0.62)]
    figure.add(ribbon(tail, 0.3, 0.2, 0.1), "body", "tail", 1, 0.7)
    tip = complex(0.95 * side, 0.58)
    if has(text, ("sirenian",)):
        figure.add(ellipse(tip - 0.08j, 0.2, 0.17), "shade", "back", 1, 0.4)
    else:
        for lean in (-0.7, 0.5):
            reach = complex(math.sin(lean) * 0.3 + 0.1 * side, -math.cos(lean) * 0.34)
            figure.add(leaf(tip, tip + reach, 0.5), "shade", "back", 1, 0.3)


def _seal_trunk(figure: Figure, dice: Dice, wide: float) -> None:
    trunk = smooth(
        [
            complex(-0.28, -0.3),
            complex(0.28, -0.3),
            complex(wide * 0.9, 0.3),
            complex(wide * 1.1, 0.8),
            complex(0, 0.95),
            complex(-wide * 1.1, 0.8),
            complex(-wide * 0.9, 0.3),
        ]
    )
    figure.add(trunk, "body", "body", 1, 1)
    figure.add(egg(0.54j, wide * 0.66, 0.36, 0.12), "belly", "body", 0)
    stream = dice.stream("spots")
    for _ in range(10):
        p = complex(
            wide * (0.5 + 0.4 * stream.random()) * (-1 if stream.random() < 0.5 else 1), 0.3 + 0.5 * stream.random()
        )
        figure.add(ellipse(p, 0.04, 0.034), "deep", "body", 0)


def _seal_snout(figure: Figure, snout: complex) -> None:
    figure.both(ellipse(snout + 0.12 + 0.03j, 0.16, 0.13), "belly", "head", 0.7, 0.5)
    for k in range(3):
        figure.both(ellipse(snout + complex(0.08 + 0.05 * k, 0.03 + 0.02 * (k % 2)), 0.011, 0.011), "ink", "head", 0)
        figure.both(
            ribbon([snout + complex(0.16, 0.0 + 0.04 * k), snout + complex(0.44, -0.04 + 0.09 * k)], 0.007),
            "ink",
            "face",
            0,
        )
    figure.add(smooth([snout - 0.1 - 0.1j, snout - 0.13j, snout + 0.1 - 0.1j, snout - 0.01j]), "ink", "head", 0)
