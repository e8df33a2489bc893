"""Fish: three quarters to the viewer, round, long, flat, spined or with a lantern."""

import math

from dalle.painters.sketch.bodies.fins import back_fin, belly_fins, lure, side_fin, spines, sword, tail, whiskers
from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.matching import has
from dalle.painters.sketch.shapes import Figure, arc, egg, ellipse, ribbon, smooth, star

LONG_FISH = (
    "eel",
    "pike",
    "gar",
    "barracuda",
    "lamprey",
    "hagfish",
    "oarfish",
    "viperfish",
    "lungfish",
    "wolffish",
    "remora",
    "burbot",
    "bichir",
    "sturgeon",
)
SPINED = ("pufferfish", "porcupinefish", "lumpsucker", "boxfish", "cowfish")
TALL = ("angelfish", "discus", "moorish idol", "butterflyfish", "opah", "john dory", "sunfish", "hatchetfish", "tang")
VEILED = ("goldfish", "siamese fighting fish", "guppy", "lionfish", "koi", "paradise fish", "swordtail", "flying fish")
# the body of an eel, from its throat to its tail
WAVE = (
    (-0.34, -0.16),
    (0.12, -0.2),
    (0.62, 0.06),
    (0.5, 0.48),
    (-0.06, 0.46),
    (-0.42, 0.6),
    (-0.36, 0.9),
    (0.1, 0.94),
)


def fish(figure: Figure, dice: Dice, text: str) -> None:
    """A fish of the reef, the river or the deep."""
    if has(text, LONG_FISH):
        eel(figure, dice, text)
        return
    side = dice.side("tail side")
    rx, ry = _size(dice, text)
    _fins(figure, dice, text, ry)
    if has(text, SPINED):
        spines(figure, rx, ry)
    _trunk(figure, rx, ry, side)
    _skin(figure, dice, text, rx, ry, side)
    if has(text, ("anglerfish", "frogfish", "lanternfish")):
        lure(figure, ry, side)
    if has(text, ("swordfish", "sailfish", "swordtail", "paddlefish")):
        sword(figure, rx, side)
    if has(text, ("catfish", "carp", "koi", "sturgeon")):
        whiskers(figure, rx, side)
    side_fin(figure, side)
    _fish_face(figure, complex(-rx * 0.42 * side, -0.07), 0.4, -ry * 0.86)
    figure.heading = -side
    if has(text, ("deep sea fish",)):
        figure.mouth = "wide"
        fangs(figure, complex(-rx * 0.34 * side, 0.13), 0.17)
    figure.shoulders = (complex(-0.46, 0.3), complex(0.42, 0.32))


def _size(dice: Dice, text: str) -> tuple[float, float]:
    """Half the length and half the height of the body."""
    if has(text, TALL):
        return 0.54, 0.58
    if has(text, SPINED):
        return 0.6, 0.55
    return dice.span("length", 0.58, 0.68), dice.span("height", 0.42, 0.5)


def _fins(figure: Figure, dice: Dice, text: str, ry: float) -> None:
    """The tail, and the fins on the back and below; a spined fish has only the tail."""
    side = dice.side("tail side")
    tall, spined, veil = has(text, TALL), has(text, SPINED), has(text, VEILED)
    spread = dice.span("tail", 0.3, 0.44) * (1.3 if veil else 0.9 if spined else 1.0)
    tail(figure, complex(0.48 * side, 0.04), side, spread, veil)
    if not spined:
        back_fin(figure, ry, dice.span("dorsal", 0.28, 0.4) * (1.5 if tall or veil else 1.0))
        belly_fins(figure, ry, side, veil)


def _trunk(figure: Figure, rx: float, ry: float, side: int) -> None:
    """The body, pale below."""
    outline = smooth(
        [
            complex(-rx * side, 0.06),
            complex(-rx * 0.74 * side, -ry * 0.7),
            complex(0, -ry),
            complex(rx * 0.75 * side, -ry * 0.5),
            complex(rx * 1.1 * side, 0.06),
            complex(rx * 0.75 * side, ry * 0.62),
            complex(0, ry),
            complex(-rx * 0.75 * side, ry * 0.76),
        ]
    )
    figure.add(outline, "body", "body", 1, 1)
    belly = [p * 0.985 for p in outline if p.imag > ry * 0.3]
    figure.add(lower_rim(belly), "belly", "body", 0)


def _skin(figure: Figure, dice: Dice, text: str, rx: float, ry: float, side: int) -> None:
    """Stripes, scales or spots, in the half away from the face."""
    if has(text, ("clownfish", "zebrafish", "perch", "moorish idol", "angelfish")) or dice.chance("banded", 0.3):
        _stripes(figure, rx, ry, side)
    elif has(text, ("salmonid", "pufferfish", "boxfish", "moray", "koi", "cod")) or dice.chance("spotted", 0.25):
        _speckles(figure, dice, rx, ry, side)
    else:
        _scales(figure, rx, ry, side)


def _stripes(figure: Figure, rx: float, ry: float, side: int) -> None:
    for k in range(3):
        x = (0.06 + 0.29 * k) * rx * side
        half = ry * math.sqrt(1 - min(0.96, (abs(x) / (rx * 1.1)) ** 2)) * 0.93
        stripe = [complex(x, -half), complex(x + 0.05 * side, 0), complex(x, half)]
        figure.add(ribbon(stripe, 0.055 - 0.01 * k), "accent", "body", 0)


def _speckles(figure: Figure, dice: Dice, rx: float, ry: float, side: int) -> None:
    stream = dice.stream("spots")
    for _ in range(12):
        p = complex((0.05 + 0.75 * stream.random()) * rx * side, (-0.66 + 0.9 * stream.random()) * ry)
        if (p.real / rx) ** 2 + (p.imag / ry) ** 2 < 0.62:
            size = 0.025 + 0.03 * stream.random()
            figure.add(ellipse(p, size, size), "deep", "body", 0)


def _scales(figure: Figure, rx: float, ry: float, side: int) -> None:
    turn = (-0.25, 0.25) if side > 0 else (0.25, 0.75)
    for row in range(5):
        for k in range(6):
            p = complex((0.03 + 0.12 * k + 0.06 * (row % 2)) * side, (-0.52 + 0.24 * row) * ry)
            if (p.real / rx) ** 2 + (p.imag / ry) ** 2 < 0.72:
                figure.add(ribbon(arc(p, 0.05, 0.055, *turn, 5), 0.01, steps=2), "shade", "body", 0)


def _fish_face(figure: Figure, face: complex, size: float, hat: float) -> None:
    figure.neck, figure.face, figure.face_size = 0j, face, size
    figure.hat, figure.hat_size = complex(face.real * 0.9, hat), 0.3
    figure.arm, figure.arm_fill, figure.reach = (0.07, 0.1), "accent", 0.4
    figure.floats = True


def fangs(figure: Figure, at: complex, wide: float) -> None:
    """A row of small teeth below a mouth."""
    for k in (-2, -1, 0, 1, 2):
        p = at + complex(wide * k / 2.2, 0.03)
        figure.add([p - 0.03, p + 0.03, p + (0.07 + 0.02 * (k % 2)) * 1j], "white", "face", 0.4)


def lower_rim(points: list[complex]) -> list[complex]:
    """Points of a lower rim from left to right, closed by a hanging line."""
    rim = sorted(points, key=lambda p: p.real)
    if len(rim) < 3:
        return points
    left, right = rim[0], rim[-1]
    return [*rim, (left + right) / 2 + 0.1j * abs(right - left) * 0.4]


def eel(figure: Figure, dice: Dice, text: str) -> None:
    """Long fish: one great wave of a body, a fin along it."""
    side = dice.side("tail side")
    spine = [complex(x * side, y) for x, y in WAVE]
    figure.add(ribbon(spine, 0.34, 0.3, 0.26, 0.24, 0.2, 0.16, 0.1, 0.03), "accent", "back", 1, 0.4)
    figure.add(ribbon(spine, 0.27, 0.24, 0.19, 0.17, 0.14, 0.11, 0.06, 0.015), "body", "body", 1, 0.9)
    _eel_skin(figure, dice, spine)
    figure.add(egg(complex(-0.4 * side, -0.18), 0.44, 0.36, 0.04), "body", "head", 1, 1)
    chin = [*arc(complex(-0.4 * side, -0.14), 0.4, 0.3, 0.05, 0.45, 9), complex(-0.4 * side, -0.1)]
    figure.add(smooth(chin, steps=6), "belly", "head", 0)
    if has(text, ("pike", "gar", "barracuda", "viperfish", "moray", "wolffish", "lamprey")):
        fangs(figure, complex(-0.4 * side, 0.02), 0.2)
    if has(text, ("oarfish", "lionfish")):
        for k in range(4):
            streamer = [complex(-0.4 * side, -0.46), complex((-0.6 + 0.14 * k) * side, -0.92)]
            figure.add(ribbon(streamer, 0.016), "cloth", "skull", 0.6)
    _fish_face(figure, complex(-0.4 * side, -0.2), 0.4, -0.46)
    figure.heading = -side
    figure.mouth = "wide"
    figure.shoulders = (-0.66 + 0.06j, -0.06 + 0.06j) if side > 0 else (0.06 + 0.06j, 0.66 + 0.06j)
    figure.arm, figure.reach = (0.05, 0.09), 0.34


def _eel_skin(figure: Figure, dice: Dice, spine: list[complex]) -> None:
    """Bands across the body, or a row of dots along it."""
    line = smooth(spine, closed=False, steps=4)
    banded = dice.chance("banded", 0.5)
    for k in range(5, 26, 2):
        p, q = line[k], line[k + 1]
        if banded:
            across = (q - p) * 1j / max(abs(q - p), 1e-6) * (0.15 * (1 - k / 32))
            figure.add(ribbon([p - across, p + across], 0.022), "deep", "body", 0)
        else:
            figure.add(ellipse(p, 0.045 * (1.2 - k / 32), 0.04), ("deep", "light")[k % 4 == 1], "body", 0)


def flatfish(figure: Figure, dice: Dice, text: str) -> None:
    """Plaice and turbots: an oval edged with one long fin."""
    rim = [
        complex(0.86 * math.cos(a) * (1 + 0.03 * (k % 2)), 0.66 * math.sin(a) * (1 + 0.05 * (k % 2)) + 0.1)
        for k, a in enumerate(math.tau * j / 48 for j in range(48))
    ]
    side = dice.side("tail side")
    tail(figure, complex(0.7 * side, 0.1), side, 0.2, False)
    figure.add(rim, "accent", "back", 1, 0.3)
    figure.add(ellipse(0.1j, 0.74, 0.54), "body", "body", 1, 1)
    stream = dice.stream("spots")
    for _ in range(18):
        a, far = math.tau * stream.random(), math.sqrt(stream.random())
        figure.add(
            ellipse(complex(0.64 * far * math.cos(a), 0.1 + 0.44 * far * math.sin(a)), 0.045, 0.04), "second", "body", 0
        )
    figure.add(
        ribbon([complex(-0.1 * side, 0.04), complex(0.3 * side, 0.14), complex(0.68 * side, 0.1)], 0.012),
        "deep",
        "body",
        0,
    )
    figure.add(star(complex(0.3 * side, 0.3), 0.05, 0.03, 6), "light", "body", 0)
    _fish_face(figure, complex(-0.3 * side, 0.0), 0.4, -0.4)
    figure.shoulders = (-0.5 + 0.44j, 0.4 + 0.46j)
