"""People of legend: maidens, elves, fairies, gnomes and goblins."""

import math

from dalle.painters.sketch.bodies.anatomy import legs
from dalle.painters.sketch.bodies.ears import ears
from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.matching import has
from dalle.painters.sketch.shapes import (
    Figure,
    arc,
    box,
    egg,
    ellipse,
    leaf,
    ribbon,
    smooth,
    star,
    turned,
)


def _hair(figure: Figure, dice: Dice, head: complex, rx: float, ry: float, long: bool) -> None:
    low = 1.5 if long else 0.5
    mane = smooth(
        [
            head + complex(-rx * 1.12, ry * low),
            head + complex(-rx * 1.16, -ry * 0.3),
            head + complex(-rx * 0.6, -ry * 1.14),
            head - complex(0, ry * 1.24),
            head + complex(rx * 0.6, -ry * 1.14),
            head + complex(rx * 1.16, -ry * 0.3),
            head + complex(rx * 1.12, ry * low),
            head + complex(rx * 0.6, ry * low * 0.9),
            head + complex(-rx * 0.6, ry * low * 0.9),
        ]
    )
    figure.add(mane, "accent", "skull", 1, 0.5)


def _fringe(figure: Figure, dice: Dice, head: complex, rx: float, ry: float) -> None:
    part = dice.span("parting", -0.4, 0.4)
    fringe = [
        *arc(head, rx * 1.0, ry * 1.0, 0.53, 0.97),
        head + complex(rx * 0.62, -ry * 0.42),
        head + complex(rx * part, -ry * 0.62),
        head + complex(-rx * 0.6, -ry * 0.42),
    ]
    figure.add(fringe, "accent", "head", 0.6)


def maiden(figure: Figure, dice: Dice, text: str) -> None:
    """Spirits of wood, wind and water, and the ones of the house: a robe, long hair, leaves or drops in it."""
    wide, waves = dice.span("girth", 0.38, 0.46), dice.count("waves", 3, 5)
    hem = [complex(-wide * 1.4 + 2.8 * wide * i / (waves * 2), 0.97 - 0.13 * (i % 2)) for i in range(waves * 2 + 1)]
    head, rx, ry = -0.3j, dice.span("head width", 0.38, 0.44), dice.span("head height", 0.37, 0.42)
    _hair(figure, dice, head, rx, ry, True)
    robe = smooth([-0.2 - 0.02j, complex(-wide * 0.9, 0.35), *hem, complex(wide * 0.9, 0.35), 0.2 - 0.02j], steps=5)
    figure.add(robe, "cloth", "body", 1, 0.8)
    figure.add(box(0.36j, wide * 0.86, 0.05, 0.6), "metal", "body", 0.7)
    for i in range(1, waves):
        x = -wide + 2 * wide * i / waves
        figure.add(ribbon([complex(x * 0.5, 0.46), complex(x * 1.1, 0.86)], 0.006, 0.018), "ink", "body", 0, 0, 0.5)
    figure.add(egg(head, rx, ry, -0.04), "body", "head", 1, 1)
    _fringe(figure, dice, head, rx, ry)
    for k in range(5):
        at = head + complex(rx * (-0.9 + 0.45 * k), -ry * (0.72 + 0.3 * math.sin(math.pi * k / 4)))
        if k % 2:
            figure.add(star(at, 0.08, 0.045, 5), "second", "horn", 0.7)
        else:
            figure.add(leaf(at + 0.05j, at - 0.15j, 0.5), "leaf", "horn", 0.7)
    figure.neck, figure.face, figure.face_size = 0.06j, head + complex(0, ry * 0.12), rx * 0.95
    figure.hat, figure.hat_size = head - complex(0, ry * 0.86), rx * 0.92
    figure.shoulders, figure.arm, figure.arm_fill = (
        (complex(-wide * 0.66, 0.16), complex(wide * 0.66, 0.16)),
        (0.1, 0.06),
        "cloth",
    )


def fairy(figure: Figure, dice: Dice, text: str) -> None:
    """Fairies: four wings of gauze, a skirt of petals, pointed ears."""
    figure.both(smooth([0.1 + 0.15j, 0.5 - 0.5j, 1.02 - 0.62j, 1.02 - 0.1j, 0.6 + 0.2j]), "light", "back", 0.8, 0.3)
    figure.both(smooth([0.1 + 0.25j, 0.62 + 0.24j, 0.9 + 0.5j, 0.66 + 0.76j, 0.32 + 0.55j]), "second", "back", 0.8, 0.3)
    for tip in (0.9 - 0.42j, 0.74 - 0.06j, 0.7 + 0.5j):
        figure.both(ribbon([0.16 + 0.16j, tip], 0.01), "deep", "back", 0)
    figure.both(ribbon([0.11 + 0.6j, 0.12 + 0.9j], 0.06, 0.05), "body", "tail", 1)
    figure.both(box(0.15 + 0.93j, 0.1, 0.05, 0.8), "cloth", "tail", 1)
    figure.add(egg(0.3j, 0.24, 0.3, 0.2), "cloth", "body", 1, 0.6)
    for k in range(7):
        figure.add(turned(leaf(0.32j, 0.82j, 0.5), (k - 3) * 0.24, 0.32j), ("cloth", "accent")[k % 2], "body", 0.9, 0.3)
    head, rx, ry = -0.3j, dice.span("head width", 0.38, 0.44), dice.span("head height", 0.37, 0.41)
    _hair(figure, dice, head, rx, ry, dice.chance("long hair", 0.4))
    figure.both(leaf(head + complex(rx * 0.8, 0.1), head + complex(rx * 1.5, -0.14), 0.5), "body", "horn", 1)
    figure.add(egg(head, rx, ry, -0.04), "body", "head", 1, 1)
    _fringe(figure, dice, head, rx, ry)
    figure.neck, figure.face, figure.face_size = 0.06j, head + complex(0, ry * 0.12), rx * 0.95
    figure.hat, figure.hat_size, figure.floats = head - complex(0, ry * 0.84), rx * 0.9, True
    figure.shoulders, figure.arm = (-0.2 + 0.16j, 0.2 + 0.16j), (0.07, 0.05)


def elf(figure: Figure, dice: Dice, text: str) -> None:
    """Elves: tall and lean in a tunic and hose, with ears that end in long points."""
    figure.both(ribbon([0.12 + 0.5j, 0.14 + 0.9j], 0.09, 0.07), "deep", "tail", 1)
    figure.both(smooth([0.04 + 0.88j, 0.26 + 0.86j, 0.42 + 0.9j, 0.3 + 0.98j, 0.04 + 0.98j]), "wood", "tail", 1, 0.4)
    skirt = [complex(-0.36 + 0.12 * k, 0.72 - 0.12 * (k % 2)) for k in range(7)]
    figure.add([-0.2 + 0.0j, *skirt, 0.2 + 0.0j], "cloth", "body", 1, 0.7)
    figure.add(box(0.4j, 0.29, 0.045, 0.6), "wood", "body", 0.8)
    figure.both(leaf(0.02 + 0.02j, 0.26 + 0.16j, 0.7), "leaf", "front", 0.8, 0.3)
    head, rx, ry = -0.3j, dice.span("head width", 0.36, 0.4), dice.span("head height", 0.37, 0.41)
    _hair(figure, dice, head, rx, ry, dice.chance("long hair", 0.6))
    ear = smooth([head + complex(rx * 0.8, 0.16), head + complex(rx * 1.1, -0.1), head + complex(rx * 2.0, -0.34)])
    figure.both(ear, "body", "horn", 1, 0.3)
    figure.add(egg(head, rx, ry, 0.02), "body", "head", 1, 1)
    _fringe(figure, dice, head, rx, ry)
    figure.neck, figure.face, figure.face_size = 0.06j, head + complex(0, ry * 0.12), rx * 0.95
    figure.hat, figure.hat_size = head - complex(0, ry * 0.84), rx * 0.9
    figure.shoulders, figure.arm, figure.arm_fill = (-0.22 + 0.12j, 0.22 + 0.12j), (0.08, 0.055), "cloth"


def gnome(figure: Figure, dice: Dice, text: str) -> None:
    """Gnomes: a barrel in a coat, a beard to the belt, boots."""
    figure.both(box(0.22 + 0.9j, 0.2, 0.09, 0.7), "wood", "tail", 1, 0.5)
    _belted_coat(figure, dice.span("girth", 0.46, 0.54))
    head, rx, ry = -0.24j, dice.span("head width", 0.4, 0.46), dice.span("head height", 0.36, 0.4)
    ears(figure, dice, "side", rx, ry, head - complex(0, ry))
    figure.add(egg(head, rx, ry, 0.02), "body", "head", 1, 1)
    _long_beard(figure, head, rx, ry)
    figure.add(arc(head, rx * 1.0, ry * 1.0, 0.55, 0.95), "white", "head", 0.6)
    figure.add(ellipse(head + complex(0, ry * 0.24), 0.1, 0.085), "cheek", "face", 0.8, 0.5)
    figure.neck, figure.face, figure.face_size = 0.1j, head - complex(0, ry * 0.06), rx * 0.92
    figure.lips = head + complex(0, ry * 0.66)
    figure.hat, figure.hat_size = head - complex(0, ry * 0.8), rx * 0.94
    figure.shoulders, figure.arm, figure.arm_fill = (complex(-0.34, 0.2), complex(0.34, 0.2)), (0.11, 0.08), "cloth"


def _belted_coat(figure: Figure, wide: float) -> None:
    coat = [
        complex(-0.3, 0.0),
        complex(0.3, 0.0),
        complex(wide, 0.5),
        complex(wide * 0.94, 0.84),
        complex(-wide * 0.94, 0.84),
        complex(-wide, 0.5),
    ]
    figure.add(smooth(coat), "cloth", "body", 1, 0.9)
    figure.add(box(0.62j, wide * 0.98, 0.06, 0.5), "wood", "body", 0.8)
    figure.add(box(0.62j, 0.1, 0.085, 0.6), "metal", "body", 0.8)


def _long_beard(figure: Figure, head: complex, rx: float, ry: float) -> None:
    beard = [
        head + complex(-rx * 0.98, 0.02),
        head + complex(-rx * 0.9, ry * 0.9),
        head + complex(-rx * 0.4, ry * 1.6),
        head + complex(0, ry * 2.1),
        head + complex(rx * 0.4, ry * 1.6),
        head + complex(rx * 0.9, ry * 0.9),
        head + complex(rx * 0.98, 0.02),
        head + complex(0, ry * 0.4),
    ]
    figure.add(smooth(beard), "white", "head", 1, 0.5)
    for k in range(-2, 3):
        strand = [head + complex(rx * 0.3 * k, ry * 0.9), head + complex(rx * 0.14 * k, ry * 1.6)]
        figure.add(ribbon(strand, 0.008), "steel", "head", 0)


def goblin(figure: Figure, dice: Dice, text: str) -> None:
    """Goblins and imps: a wide head, ears like sails, a long nose, a lean belly."""
    legs(figure, dice, 0.2, 0.17, 0.08)
    figure.add(egg(0.46j, 0.34, 0.42, 0.2), "body", "body", 1, 1)
    rags = [-0.34 + 0.56j, 0.34 + 0.56j, 0.26 + 0.86j, 0.12 + 0.76j, 0.9j, -0.12 + 0.76j, -0.26 + 0.86j]
    figure.add(smooth(rags), "wood", "body", 1, 0.3)
    if has(text, ("imp", "gremlin")):
        _barbed_tail(figure, dice.side("tail"))
    head, rx, ry = -0.22j, dice.span("head width", 0.48, 0.56), dice.span("head height", 0.34, 0.4)
    _sail_ears(figure, head, rx)
    for lean in (-0.3, 0.0, 0.3):
        figure.add(turned(leaf(head, head - complex(0, ry + 0.24), 0.22), lean, head), "ink", "skull", 0)
    if has(text, ("imp",)):
        horn = [head + complex(rx * 0.4, -ry * 0.8), head + complex(rx * 0.6, -ry * 1.4)]
        figure.both(ribbon(horn, 0.06, 0.012), "belly", "skull", 1)
    figure.add(egg(head, rx, ry, 0.05), "body", "head", 1, 1)
    at = head + complex(0, ry * 0.16)
    nose = [at - 0.08 - 0.1j, at + 0.06 - 0.1j, at + 0.13 + 0.16j, at + 0.02 + 0.24j, at - 0.1 + 0.1j]
    figure.add(smooth(nose), "shade", "face", 0.9, 0.4)
    figure.lips = head + complex(0, ry * 0.72)
    tooth = [head + complex(0.12, ry * 0.74), head + complex(0.18, ry * 0.74), head + complex(0.15, ry * 0.5)]
    figure.both(tooth, "white", "face", 0.5)
    figure.neck, figure.face, figure.face_size = 0.1j, head - complex(0, ry * 0.16), rx * 0.82
    figure.hat, figure.hat_size = head - complex(0, ry * 0.86), rx * 0.76
    figure.shoulders, figure.arm = (-0.28 + 0.26j, 0.28 + 0.26j), (0.075, 0.06)


def _barbed_tail(figure: Figure, side: int) -> None:
    tail = [0.7j, complex(0.6 * side, 0.8), complex(0.76 * side, 0.36)]
    figure.add(ribbon(tail, 0.04, 0.03, 0.025), "body", "tail", 1)
    figure.add(star(complex(0.77 * side, 0.3), 0.13, 0.06, 3), "body", "tail", 1)


def _sail_ears(figure: Figure, head: complex, rx: float) -> None:
    sail = smooth(
        [
            head + complex(rx * 0.7, -0.14),
            head + complex(rx * 1.3, -0.3),
            head + complex(rx * 1.95, -0.3),
            head + complex(rx * 1.4, 0.0),
            head + complex(rx * 0.8, 0.16),
        ]
    )
    figure.both(sail, "body", "skull", 1, 0.4)
    figure.both([head + complex(rx, 0) + (p - head - complex(rx, 0)) * 0.66 for p in sail], "cheek", "skull", 0)
