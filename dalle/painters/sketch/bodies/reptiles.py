"""Lizards, crocodiles, turtles and what flies or swims with scales."""

import math

from dalle.painters.sketch.bodies.anatomy import legs, spots
from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.matching import has
from dalle.painters.sketch.shapes import Figure, arc, box, egg, ellipse, leaf, ribbon, smooth, star

# the shields of a turtle's shell: middle and size
SHIELDS = (
    *((-0.12j, 0.22), (-0.44 + 0.04j, 0.2), (0.44 + 0.04j, 0.2)),
    *((-0.66 + 0.36j, 0.15), (0.66 + 0.36j, 0.15), (-0.22 + 0.3j, 0.2), (0.22 + 0.3j, 0.2)),
)


def great_tail(figure: Figure, dice: Dice, side: int, fill: str = "deep") -> None:
    """A strong tail that swings up beside the body, spotted along its back."""
    tail = [
        complex(0.1 * side, 0.72),
        complex(0.6 * side, 0.9),
        complex(0.98 * side, 0.7),
        complex(0.9 * side, 0.34),
        complex(dice.span("tail tip", 0.72, 1.0) * side, 0.12),
    ]
    figure.add(ribbon(tail, 0.2, 0.14, 0.09, 0.05, 0.015), "body", "tail", 1, 0.4)
    for spot in smooth(tail, closed=False, steps=2)[3:]:
        figure.add(ellipse(spot, 0.035, 0.02), fill, "tail", 0)


def upright(figure: Figure, dice: Dice, wide: float) -> None:
    """A scaly body on two feet with a ribbed belly."""
    figure.add(egg(0.42j, wide, 0.5, 0.14), "body", "body", 1, 1)
    legs(figure, dice, wide * 0.72, 0.18, 0.12)
    figure.add(egg(0.48j, wide * 0.64, 0.4, 0.1), "belly", "body", 0.5)
    for i in range(5):
        y = 0.24 + 0.13 * i
        half = wide * 0.6 * math.sqrt(max(0.05, 1 - ((y - 0.48) / 0.42) ** 2))
        figure.add(ribbon([complex(-half, y), complex(0, y + 0.03), complex(half, y)], 0.009), "shade", "body", 0)
    figure.shoulders, figure.arm = (complex(-wide * 0.8, 0.2), complex(wide * 0.8, 0.2)), (0.1, 0.075)


def scaly_head(figure: Figure, dice: Dice, head: complex, rx: float, ry: float) -> None:
    """A broad low head with nostrils and a pale jaw."""
    figure.add(box(head, rx, ry, 0.86), "body", "head", 1, 1)
    figure.add(egg(head + complex(0, ry * 0.5), rx * 0.84, ry * 0.46, -0.1), "light", "head", 0)
    figure.both(ellipse(head + complex(0.05, ry * 0.26), 0.018, 0.025), "ink", "face", 0)
    spots(figure, dice, head - complex(0, ry * 0.62), rx * 0.6, ry * 0.2, "deep", "head")
    figure.neck, figure.face, figure.face_size = head + complex(0, ry), head - complex(0, ry * 0.16), rx * 0.98
    figure.hat, figure.hat_size = head - complex(0, ry * 0.86), rx * 0.8


def long_snout(figure: Figure, head: complex, rx: float, ry: float, long: float) -> None:
    """A snout towards the viewer with nostrils at its end and teeth along it."""
    tip = head + complex(0, ry * 0.5 + long)
    jaw = smooth(
        [
            head + complex(-rx * 0.72, ry * 0.3),
            head + complex(rx * 0.72, ry * 0.3),
            tip + complex(rx * 0.5, -0.02),
            tip + complex(rx * 0.34, 0.09),
            tip + complex(-rx * 0.34, 0.09),
            tip + complex(-rx * 0.5, -0.02),
        ]
    )
    figure.add(jaw, "body", "face", 1, 0.6)
    figure.both(ellipse(tip + complex(rx * 0.2, -0.04), 0.03, 0.022, 0.4), "ink", "face", 0)
    for k in range(4):
        p = tip + complex(rx * (0.5 + 0.05 * k), -0.04 - 0.075 * k)
        figure.both([p - 0.03, p + 0.03 - 0.02j, p + 0.025 + 0.07j], "white", "face", 0.5)
    for k in (-1, 0, 1):
        p = tip + complex(rx * 0.2 * k, 0.09)
        figure.add([p - 0.035, p + 0.035, p + 0.07j], "white", "face", 0.5)
    figure.mouth = "none"


def lizard(figure: Figure, dice: Dice, text: str) -> None:
    """Lizards, geckos, iguanas and chameleons, upright, with a crest of spines."""
    side, wide = dice.side("tail side"), dice.span("girth", 0.34, 0.42)
    if has(text, ("chameleon",)):
        curl = [complex(0.1 * side, 0.75), complex(0.6 * side, 0.92)] + [
            complex(0.76 * side, 0.62)
            + 0.26 * (1 - k / 9) * complex(math.cos(0.9 - side * 0 + k * 0.9) * side, math.sin(0.9 + k * 0.9))
            for k in range(8)
        ]
        figure.add(ribbon(curl, 0.17, 0.12, 0.08, 0.05, 0.02), "body", "tail", 1, 0.4)
    else:
        great_tail(figure, dice, side)
    if has(text, ("iguana", "dragon", "devil", "tuatara", "basilisk")) or dice.chance("spines", 0.4):
        for i in range(9):
            a = math.pi * (1.08 + 0.84 * i / 8)
            root = -0.26j + complex(0.4 * math.cos(a), 0.3 * math.sin(a))
            figure.add(leaf(root, root + complex(0.26 * math.cos(a), 0.26 * math.sin(a)), 0.5), "accent", "skull", 0.8)
    upright(figure, dice, wide)
    if has(text, ("frilled",)):
        frill = [
            -0.24j + complex(0.74 * math.cos(a) * (1 + 0.06 * (k % 2)), 0.56 * math.sin(a) * (1 + 0.06 * (k % 2)))
            for k, a in enumerate(math.tau * j / 26 for j in range(26))
        ]
        figure.add(smooth(frill, steps=3), "accent", "skull", 1, 0.5)
    scaly_head(figure, dice, -0.26j, dice.span("head width", 0.42, 0.5), dice.span("head height", 0.3, 0.36))
    if has(text, ("gecko", "chameleon", "anole")):
        figure.both(ellipse(0.3 - 0.44j, 0.2, 0.19), "body", "skull", 1, 0.5)
    figure.mouth = "wide"


def crocodile(figure: Figure, dice: Dice, text: str) -> None:
    """Crocodiles: the eyes on bumps, the snout full of teeth, scutes down the tail."""
    side, wide = dice.side("tail side"), dice.span("girth", 0.38, 0.46)
    great_tail(figure, dice, side)
    for i, p in enumerate(
        smooth([complex(0.3 * side, 0.72), complex(0.8 * side, 0.72), complex(0.96 * side, 0.3)], closed=False, steps=4)
    ):
        figure.add(leaf(p, p + complex(0.1 * side, -0.16), 0.8), "accent", "back", 0.8)
        if i > 7:
            break
    upright(figure, dice, wide)
    rx, ry = 0.44, 0.3
    head = -0.36j
    figure.both(ellipse(head + complex(rx * 0.5, -ry * 0.62), 0.19, 0.18), "body", "skull", 1, 0.6)
    figure.add(box(head, rx, ry, 0.86), "body", "head", 1, 1)
    long_snout(figure, head, rx, ry, 0.3 if has(text, ("gharial",)) else 0.2)
    figure.neck, figure.face, figure.face_size = 0.02j, head - complex(0, ry * 0.2), rx * 0.98
    figure.hat, figure.hat_size = head - complex(0, ry * 1.05), rx * 0.66


def turtle(figure: Figure, dice: Dice, text: str) -> None:
    """Turtles and tortoises: the head before a domed shell of shields."""
    wide = dice.span("shell", 0.76, 0.86)
    _shell(figure, wide, dice.span("dome", 0.74, 0.9))
    if has(text, ("sea", "leatherback")):
        figure.both(leaf(0.5 + 0.68j, 1.05 + 0.98j, 0.42), "body", "back", 1, 0.4)
    else:
        figure.both(box(0.5 + 0.8j, 0.17, 0.18, 0.8), "body", "tail", 1, 0.5)
        for k in range(3):
            figure.both(ellipse(complex(0.42 + 0.08 * k, 0.95), 0.035, 0.03), "belly", "tail", 0.5)
    figure.add(egg(0.68j, 0.36, 0.26, 0.0), "belly", "body", 1, 0.6)
    figure.add(ribbon([0.7j, 0.2j], 0.2, 0.18), "body", "front", 1, 0.5)
    for k in range(3):
        fold = [complex(-0.16, 0.5 + 0.08 * k), complex(0, 0.54 + 0.08 * k), complex(0.16, 0.5 + 0.08 * k)]
        figure.add(ribbon(fold, 0.009), "shade", "front", 0)
    figure.add(egg(0.12j, dice.span("head width", 0.36, 0.42), 0.33, -0.04), "body", "head", 1, 1)
    figure.add(smooth([-0.05 + 0.2j, 0.14j, 0.05 + 0.2j, 0.24j]), "shade", "face", 0)
    figure.lips = 0.3j
    figure.neck, figure.face, figure.face_size = 0.4j, 0.08j, 0.38
    figure.hat, figure.hat_size = -0.16j, 0.34
    figure.shoulders, figure.arm, figure.reach = (-0.3 + 0.62j, 0.3 + 0.62j), (0.1, 0.085), 0.5


def _shell(figure: Figure, wide: float, tall: float) -> None:
    dome = [*arc(0.5j, wide, tall, 0.5, 1.0, 24), complex(wide * 1.08, 0.6), complex(-wide * 1.08, 0.6)]
    figure.add(dome, "accent", "back", 1, 0.9)
    for at, size in SHIELDS:
        corners = (math.tau * k / 6 for k in range(6))
        shield = [at + complex(size * math.cos(a), size * 0.9 * math.sin(a)) for a in corners]
        figure.add(shield, "accent shade", "back", 0.7, 0.3)
        figure.add([at + (p - at) * 0.55 for p in shield], "accent", "back", 0)
    figure.add(box(0.62j, wide * 1.06, 0.09, 0.7), "light", "tail", 1, 0.4)


def pterosaur(figure: Figure, dice: Dice, text: str) -> None:
    """Pterosaurs: wings of skin on a finger, a crest behind and a long beak in front."""
    figure.both(
        [
            *smooth([0.15 + 0.1j, 0.55 - 0.6j, 1.2 - 0.66j], closed=False),
            *smooth([1.1 - 0.3j, 0.82 + 0.06j, 0.62 + 0.34j, 0.2 + 0.6j], closed=False),
        ],
        "accent",
        "back",
        1,
        0.5,
    )
    figure.both(ribbon([0.15 + 0.1j, 0.55 - 0.58j, 1.2 - 0.66j], 0.05, 0.035, 0.012), "body", "back", 0.8)
    figure.add(egg(0.4j, 0.28, 0.44, 0.02), "body", "body", 1, 1)
    figure.add(egg(0.44j, 0.18, 0.32, 0.02), "belly", "body", 0)
    figure.both(ribbon([0.12 + 0.7j, 0.17 + 0.95j], 0.06, 0.04), "body", "tail", 1)
    head, side = -0.34j, dice.side("crest")
    figure.add(
        smooth(
            [
                head - 0.1j,
                head + complex(0.35 * side, -0.5),
                head + complex(0.72 * side, -0.62),
                head + complex(0.4 * side, -0.06),
            ]
        ),
        "accent",
        "skull",
        1,
        0.4,
    )
    figure.add(egg(head, 0.4, 0.33, 0.02), "body", "head", 1, 1)
    figure.add([head - 0.16 + 0.04j, head + 0.16 + 0.04j, head + complex(-0.06 * side, 0.58)], "metal", "face", 1, 0.4)
    figure.add(ribbon([head + 0.06j, head + complex(-0.05 * side, 0.5)], 0.008), "wood", "face", 0)
    figure.mouth = "none"
    figure.neck, figure.face, figure.face_size = 0j, head - 0.06j, 0.39
    figure.hat, figure.hat_size, figure.floats = head - 0.28j, 0.32, True
    figure.shoulders, figure.arm, figure.reach = (-0.22 + 0.24j, 0.22 + 0.24j), (0.06, 0.045), 0.42


def swimmer(figure: Figure, dice: Dice, text: str) -> None:
    """Plesiosaurs and the monsters of lakes: a long neck out of the water, humps behind."""
    side = dice.side("tail side")
    for k, x in enumerate((0.42, 0.84)):
        hump = arc(complex(x * side, 0.78), 0.26 - 0.06 * k, 0.36 - 0.12 * k, 0.5, 1.0, 14)
        figure.add(hump, "body", "back", 1, 0.6)
    tip = [complex(x * side, y) for x, y in ((1.0, 0.78), (1.08, 0.4), (1.2, 0.36), (1.1, 0.78))]
    figure.add(smooth(tip), "body", "back", 1)
    figure.add([*arc(0.78j, 0.5, 0.46, 0.5, 1.0, 20), 0.4 + 0.84j, -0.4 + 0.84j], "body", "body", 1, 0.9)
    neck = [0.6j, complex(-0.24 * side, 0.2), complex(-0.05 * side, -0.14), complex(-0.14 * side, -0.42)]
    for k, p in enumerate(smooth(neck, closed=False, steps=3)[1:9]):
        figure.add(leaf(p, p + complex((0.34 - 0.012 * k) * side, -0.1), 0.6), "accent", "tail", 0.8)
    figure.add(ribbon(neck, 0.28, 0.2, 0.17, 0.2), "body", "body", 1, 0.7)
    for k, p in enumerate(smooth(neck, closed=False, steps=4)[1:11]):
        figure.add(ellipse(p - complex(0.05 * side, 0), 0.09 - 0.003 * k, 0.03), "belly", "body", 0)
    for k in range(3):
        _ripple(figure, k)
    scaly_head(figure, dice, complex(-0.14 * side, -0.46), 0.4, 0.3)
    figure.hand = complex(0.5 * side, 0.3)
    figure.add(star(complex(-0.14 * side, -0.74), 0.07, 0.05, 5), "accent", "skull", 0)


def _ripple(figure: Figure, k: int) -> None:
    """The k-th wave from the body outwards, on the water before it."""
    y = 0.82 + 0.06 * k
    wave = [complex(-0.95 + 0.12 * k, y), complex(-0.3, y + 0.03), complex(0.3, y - 0.02), complex(1.0 - 0.12 * k, y)]
    figure.add(ribbon(wave, 0.03, 0.024), ("second", "light")[k % 2], "front", 0.4)
