"""Insects, rearing up before the viewer: beetles, bees, ants, dragonflies, mantises, hoppers."""

import math

from dalle.painters.sketch.bodies.anatomy import feelers, round_head
from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.matching import has
from dalle.painters.sketch.shapes import Figure, arc, egg, ellipse, leaf, ribbon, turned

# the outline of a mantis's head, in parts of its half-width and half-height
HEART = (
    *((-1, -0.62), (-0.5, -0.86), (0, -0.62), (0.5, -0.86), (1, -0.62)),
    *((0.8, 0.1), (0.3, 0.86), (0, 1.0), (-0.3, 0.86), (-0.8, 0.1)),
)


def six_legs(figure: Figure, thick: float = 0.045, fill: str = "deep") -> None:
    """Three pairs of jointed legs."""
    for i in range(3):
        y = 0.22 + 0.2 * i
        line = [complex(0.25, y), complex(0.62 + 0.05 * i, y - 0.1), complex(0.72 + 0.06 * i, y + 0.3)]
        figure.both(ribbon(line, thick, thick * 0.75, thick * 0.45), fill, "back", 0.8)


def _arms(figure: Figure) -> None:
    figure.shoulders, figure.arm, figure.arm_fill = (-0.3 + 0.14j, 0.3 + 0.14j), (0.05, 0.035), "deep"


def beetle(figure: Figure, dice: Dice, text: str) -> None:
    """Beetles and bugs: two wing cases with dots or stripes, jaws or a horn."""
    six_legs(figure)
    wide = dice.span("girth", 0.4, 0.5)
    bug = has(text, ("bug",))
    if bug:
        figure.both(leaf(0.1 + 0.2j, complex(0.42, 1.0), 0.5), "light", "body", 0.9, 0.3)
    figure.add(egg(0.46j, wide, 0.5, -0.1 if bug else 0.02), "accent", "body", 1, 1)
    figure.both([0.015 + 0.06j, *arc(0.015 + 0.46j, wide * 1.02, 0.52, -0.24, 0.245)], "accent", "front", 1, 0.9)
    _marks(figure, dice, wide)
    figure.both(ellipse(complex(wide * 0.44, 0.2), 0.05, 0.1, 0.5), "light", "front", 0)
    feelers(figure, dice, -0.5j, 0.22, dice.chance("knob", 0.6))
    round_head(figure, dice, -0.22j, dice.span("head width", 0.38, 0.45), dice.span("head height", 0.32, 0.37))
    if has(text, ("rhinoceros", "hercules")):
        figure.add(ribbon([-0.4j, 0.06 - 0.72j, 0.26 - 0.98j], 0.1, 0.07, 0.02), "deep", "skull", 1, 0.4)
    elif has(text, ("stag",)):
        figure.both(ribbon([0.18 - 0.46j, 0.3 - 0.74j, 0.12 - 0.96j], 0.06, 0.05, 0.014), "deep", "skull", 1, 0.3)
    elif has(text, ("earwig",)):
        figure.both(ribbon([0.08 + 0.9j, 0.24 + 1.02j, 0.05 + 1.16j], 0.045, 0.04, 0.012), "deep", "back", 0.9)
    elif has(text, ("weevil",)):
        figure.add(ribbon([-0.14j, 0.02 + 0.1j, 0.0 + 0.24j], 0.07, 0.05), "deep", "face", 0.9)
    _arms(figure)


def _marks(figure: Figure, dice: Dice, wide: float) -> None:
    """What the wing cases of a beetle bear: dots, stripes, bands or nothing but their sheen."""
    mark = dice.pick("mark", ("dots", "stripes", "sheen", "band"))
    if mark == "dots":
        for k in range(dice.count("dots", 2, 4)):
            at = complex(wide * (0.34 + 0.26 * (k % 2)), 0.26 + 0.17 * k)
            figure.both(ellipse(at, 0.075, 0.07), "ink", "front", 0)
    elif mark == "stripes":
        for k in range(2):
            x = wide * (0.3 + 0.34 * k)
            stripe = [complex(x * 0.8, 0.1 + 0.06 * k), complex(x, 0.46), complex(x * 0.7, 0.84 - 0.08 * k)]
            figure.both(ribbon(stripe, 0.03), "accent shade", "front", 0)
    elif mark == "band":
        for y in (0.34, 0.58):
            half = wide * math.sqrt(1 - ((y - 0.46) / 0.52) ** 2)
            band = [complex(0.03, y), complex(half * 0.6, y + 0.03), complex(half * 0.92, y - 0.02)]
            figure.both(ribbon(band, 0.05), "ink", "front", 0)


def bee(figure: Figure, dice: Dice, text: str) -> None:
    """Bees, wasps and flies: glassy wings, a banded body, a sting or great eyes."""
    fly = has(text, ("fly",))
    six_legs(figure)
    for low in (0, 1):
        wing = turned(leaf(0.1 + 0.12j, complex(0.98 - 0.16 * low, -0.36), 0.46), 0.55 * low, 0.1 + 0.12j)
        figure.both(wing, "light", "back", 0.8, 0.3)
        figure.both(ribbon([0.15 + 0.1j, complex(0.72, -0.18 + 0.48 * low)], 0.008), "deep", "back", 0)
    wide = dice.span("girth", 0.27, 0.34) if has(text, ("wasp",)) or fly else dice.span("girth", 0.36, 0.46)
    if not fly:
        figure.add(leaf(0.86j, 1.08j, 0.5), "ink", "back", 0.6)
    honey = has(text, ("bee", "wasp")) and dice.chance("honey", 0.5)
    figure.add(egg(0.46j, wide, 0.48, 0.0), "metal" if honey else "accent", "body", 1, 1)
    for i in range(4):
        y = -0.28 + 0.22 * i
        half = wide * math.sqrt(1 - (y / 0.48) ** 2) * 0.98
        band = [complex(-half, 0.44 + y), complex(0, 0.48 + y), complex(half, 0.44 + y)]
        figure.add(ribbon(band, 0.045), "accent shade" if fly else "ink", "body", 0)
    if has(text, ("bumblebee", "carpenter bee", "bee fly", "orchid bee")):
        _fur_collar(figure)
    feelers(figure, dice, -0.5j, 0.2, not fly)
    round_head(figure, dice, -0.22j, dice.span("head width", 0.38, 0.44), dice.span("head height", 0.34, 0.38))
    if has(text, ("bee fly", "midge")):
        figure.add(ribbon([-0.06j, 0.24j], 0.025, 0.008), "ink", "skull", 0)
    _arms(figure)
    figure.floats = True


def _fur_collar(figure: Figure) -> None:
    for k in range(13):
        a = math.tau * k / 13
        root = 0.1j + complex(0.3 * math.cos(a), 0.14 * math.sin(a))
        tuft = leaf(root, 0.1j + complex(0.42 * math.cos(a), 0.24 * math.sin(a)), 0.7)
        figure.add(tuft, "belly", "front", 0.5)
    figure.add(ellipse(0.1j, 0.36, 0.17), "belly", "front", 0)


def dragonfly(figure: Figure, dice: Dice, text: str) -> None:
    """Dragonflies, lacewings, mayflies and their like: a thin jewelled body between four long wings."""
    for low in (0, 1):
        root = complex(0.08, 0.06 + 0.14 * low)
        wing = leaf(root, complex(1.16 - 0.1 * low, -0.26 + 0.44 * low), 0.26)
        figure.both(wing, "light", "back", 0.8, 0.3)
        for t in (0.3, 0.55, 0.8):
            p = root + (complex(1.16 - 0.1 * low, -0.26 + 0.44 * low) - root) * t
            figure.both(ribbon([p - 0.08j * (1 - t), p + 0.08j * (1 - t)], 0.007), "deep", "back", 0)
        figure.both(
            ellipse(complex(1.02 - 0.1 * low, -0.22 + 0.4 * low), 0.05, 0.02, -0.3 + 0.6 * low), "cloth", "back", 0
        )
    figure.add(
        ribbon([0.2j, 0.6j, complex(0.1 * dice.side("tail"), 1.02)], 0.13, 0.09, 0.055), "accent", "body", 1, 0.6
    )
    for k in range(6):
        figure.add(
            ribbon([complex(-0.1 + 0.005 * k, 0.4 + 0.09 * k), complex(0.1 - 0.005 * k, 0.4 + 0.09 * k)], 0.016),
            "ink",
            "body",
            0,
        )
    tip = complex(0.1 * dice.side("tail"), 1.0)
    if has(text, ("mayfly", "stonefly")):
        for lean in (-0.3, 0.0, 0.3):
            figure.add(ribbon([tip, tip + complex(lean * 0.5, 0.14), tip + complex(lean, 0.2)], 0.02, 0.008), "deep")
    elif has(text, ("scorpionfly",)):
        figure.add(ribbon([tip, tip + 0.2 + 0.02j, tip + 0.26 - 0.2j], 0.06, 0.07, 0.02), "cloth", "body", 1, 0.5)
    figure.add(egg(0.16j, 0.22, 0.22, 0.0), "accent", "body", 1, 0.8)
    if not has(text, ("odonate",)):
        feelers(figure, dice, -0.48j, 0.2, False)
    round_head(figure, dice, -0.22j, 0.42, 0.32)
    figure.shoulders, figure.arm, figure.arm_fill, figure.reach = (
        (-0.14 + 0.2j, 0.14 + 0.2j),
        (0.04, 0.028),
        "deep",
        0.46,
    )
    figure.floats = True


def bristletail(figure: Figure, dice: Dice, text: str) -> None:
    """Silverfish: a tapering coat of scales, and three threads for a tail."""
    six_legs(figure, 0.035)
    for lean in (-0.34, 0.0, 0.34):
        figure.add(ribbon([0.7j, complex(lean * 0.4, 1.0), complex(lean, 1.2)], 0.035, 0.025, 0.008), "deep", "back")
    for k in range(7):
        wide = 0.14 + 0.045 * k
        figure.add(egg(complex(0, 0.86 - 0.11 * k), wide, 0.15, 0.1), ("body", "light")[k % 2], "body", 1, 0.7)
    feelers(figure, dice, -0.46j, 0.34, False)
    round_head(figure, dice, -0.2j, dice.span("head width", 0.4, 0.46), dice.span("head height", 0.32, 0.36))
    _arms(figure)


def ant(figure: Figure, dice: Dice, text: str) -> None:
    """Ants: three beads and a pair of nippers."""
    six_legs(figure, 0.04)
    pot = has(text, ("honeypot",))
    figure.add(egg(0.7j, 0.4 if pot else 0.32, 0.32 if pot else 0.3, 0.0), "metal" if pot else "body", "tail", 1, 1)
    for k in range(3):
        figure.add(
            ribbon([complex(-0.26, 0.62 + 0.1 * k), complex(0, 0.65 + 0.1 * k), complex(0.26, 0.62 + 0.1 * k)], 0.014),
            "deep",
            "tail",
            0,
        )
    figure.add(egg(0.26j, 0.22, 0.2, 0.0), "body", "body", 1, 0.8)
    elbow = -0.5j + 0.16
    figure.both(
        ribbon([elbow + 0.1j, elbow + 0.22 - 0.16j, elbow + 0.5 - 0.1j], 0.026, 0.022, 0.02), "deep", "skull", 0.6
    )
    figure.both(ribbon([0.2 + 0.02j, 0.34 + 0.1j, 0.14 + 0.2j], 0.05, 0.045, 0.012), "deep", "skull", 0.8)
    round_head(figure, dice, -0.2j, dice.span("head width", 0.42, 0.48), 0.36)
    if has(text, ("leafcutter",)):
        figure.add(turned(leaf(0.3j, complex(0.0, -0.7), 0.8), 0.7 * dice.side("leaf"), 0.3j), "leaf", "back", 1, 0.4)
    _arms(figure)


def mantis(figure: Figure, dice: Dice, text: str) -> None:
    """Mantises and stick insects: a stalk, a heart-shaped head, arms folded in prayer."""
    for i in range(2):
        knee = complex(0.5 + 0.1 * i, 0.3 + 0.1 * i)
        leg = [complex(0.08, 0.5 + 0.1 * i), knee, complex(0.66 + 0.12 * i, 0.96)]
        figure.both(ribbon(leg, 0.04, 0.032, 0.018), "shade", "back", 0.9)
    if has(text, ("stick insect",)):
        twig = [-0.2j, 0.3j, complex(0.12 * dice.side("lean"), 1.0)]
        figure.add(ribbon(twig, 0.1, 0.09, 0.05), "wood", "body", 1, 0.5)
        for k in range(4):
            p = complex(0.0, 0.1 + 0.2 * k)
            figure.add(leaf(p, p + complex(0.26 * (-1) ** k, -0.12), 0.5), "leaf", "tail", 0.8)
        figure.shoulders, figure.arm, figure.arm_fill = (-0.06 + 0.14j, 0.06 + 0.14j), (0.04, 0.028), "wood"
    else:
        figure.add(leaf(0.3j, 1.0j, 0.62), "accent" if has(text, ("orchid",)) else "body", "tail", 1, 0.7)
        figure.add(ribbon([-0.1j, 0.44j], 0.11, 0.13), "body", "body", 1, 0.6)
        for side in (-1, 1):
            _praying_arm(figure, side)
    figure.both(ribbon([0.1 - 0.5j, 0.24 - 0.8j, 0.42 - 0.92j], 0.018, 0.012), "deep", "skull", 0.5)
    heart = [complex(0.46 * x, -0.3 + 0.34 * y) for x, y in HEART]
    figure.add(heart, "body", "head", 1, 0.9)
    figure.neck, figure.face, figure.face_size = 0j, -0.3j, 0.44
    figure.hat, figure.hat_size = -0.52j, 0.34
    figure.hand = 0.5 + 0.24j


def _praying_arm(figure: Figure, side: int) -> None:
    """A folded arm with spines along its inner edge."""
    knee, tip = complex(0.52 * side, 0.02), complex(0.26 * side, 0.42)
    figure.add(ribbon([complex(0.1 * side, 0.2), knee], 0.05, 0.085), "body", "front", 1, 0.3)
    figure.add(ribbon([knee, tip], 0.075, 0.02), "body", "front", 1, 0.3)
    for k in range(4):
        p = knee + (tip - knee) * (0.2 + 0.2 * k)
        figure.add(leaf(p, p + complex(-0.09 * side, -0.04), 0.5), "belly", "front", 0.5)


def hopper(figure: Figure, dice: Dice, text: str) -> None:
    """Crickets, grasshoppers and locusts: hind legs like a bridge, folded wings."""
    for side in (-1, 1):
        figure.add(ribbon([complex(0.16 * side, 0.7), complex(0.72 * side, -0.1)], 0.15, 0.06), "body", "back", 1, 0.4)
        figure.add(ribbon([complex(0.72 * side, -0.1), complex(0.66 * side, 0.96)], 0.045, 0.028), "shade", "back", 0.9)
        figure.add(ribbon([complex(0.64 * side, 0.96), complex(0.86 * side, 0.98)], 0.03, 0.02), "shade", "back", 0.8)
        for k in range(5):
            p = complex((0.3 + 0.09 * k) * side, 0.5 - 0.13 * k)
            figure.add(ribbon([p, p + complex(0.08 * side, 0.05)], 0.012), "deep", "back", 0)
    figure.add(egg(0.42j, 0.31, 0.5, 0.1), "body", "body", 1, 1)
    for k in range(5):
        y = 0.26 + 0.13 * k
        figure.add(ribbon([complex(-0.2, y), complex(0, y + 0.03), complex(0.2, y)], 0.02), "belly", "body", 0)
    figure.both(leaf(0.22 + 0.06j, 0.3 + 0.94j, 0.24), "accent", "body", 1, 0.3)
    figure.both(ribbon([0.1 - 0.5j, 0.34 - 0.84j, 0.7 - 0.78j], 0.02, 0.015, 0.008), "deep", "skull", 0.5)
    figure.add(egg(-0.2j, dice.span("head width", 0.36, 0.41), 0.4, 0.12), "body", "head", 1, 1)
    figure.neck, figure.face, figure.face_size = 0.16j, -0.26j, 0.38
    figure.hat, figure.hat_size = -0.54j, 0.32
    figure.shoulders, figure.arm, figure.arm_fill = (-0.26 + 0.18j, 0.26 + 0.18j), (0.05, 0.035), "shade"
