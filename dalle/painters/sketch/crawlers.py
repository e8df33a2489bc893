"""Bodies of the small and of the sea: insects, butterflies, spiders, crabs, snails, fish, squids, jellies, stars."""

import cmath
import math

from dalle.painters.sketch.beasts import bands, has, spots
from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.shapes import Figure, arc, box, egg, ellipse, leaf, ribbon, smooth, star, turned


def _feelers(figure: Figure, dice: Dice, top: complex, spread: float, knob: bool) -> None:
    up = dice.span("feeler", 0.26, 0.42)
    tip = top + complex(spread + 0.12, -up)
    figure.both(
        ribbon([top + complex(spread * 0.4, 0.08), top + complex(spread * 0.7, -up * 0.7), tip], 0.02, 0.016),
        "deep",
        "skull",
        0.6,
    )
    if knob:
        figure.both(ellipse(tip, 0.05, 0.05), "accent", "skull", 0.8)


def _round_head(figure: Figure, dice: Dice, head: complex, rx: float, ry: float, fill: str = "body") -> None:
    figure.add(egg(head, rx, ry, dice.span("jaw", -0.04, 0.08)), fill, "head", 1, 1)
    figure.neck, figure.face, figure.face_size = head + complex(0, ry), head, rx * 0.98
    figure.hat, figure.hat_size = head - complex(0, ry * 0.86), rx * 0.84


def insect(figure: Figure, dice: Dice, text: str) -> None:
    """Beetles, bees, ants, flies and their kin, seen from the front, rearing up."""
    bee = has(text, ("bee", "wasp", "hornet", "fly", "hymenopteran", "mosquito"))
    dragonfly = has(text, ("dragonfly", "damselfly", "lacewing", "mayfly", "odonate"))
    for i in range(3):
        y = 0.22 + 0.2 * i
        figure.both(
            ribbon(
                [complex(0.25, y), complex(0.62 + 0.05 * i, y - 0.1), complex(0.72 + 0.06 * i, y + 0.3)],
                0.045,
                0.035,
                0.02,
            ),
            "deep",
            "back",
            0.8,
        )
    if bee or dragonfly:
        long = 1.12 if dragonfly else 0.92
        for low in (0, 1):
            wing = turned(leaf(0.1 + 0.15j, complex(long - 0.12 * low, -0.3), 0.42), 0.5 * low, 0.1 + 0.15j)
            figure.both(wing, "light", "back", 0.8, 0.3)
            figure.both(ribbon([0.15 + 0.13j, complex(0.75 * long, -0.16 + 0.5 * low)], 0.008), "deep", "back", 0)
    wide = 0.2 if dragonfly else dice.span("girth", 0.34, 0.44)
    figure.add(egg(0.46j, wide, 0.5, 0.02), "accent", "body", 1, 1)
    if bee or dragonfly:
        for i in range(4):
            y = -0.3 + 0.24 * i
            half = wide * math.sqrt(1 - (y / 0.5) ** 2) * 0.98
            figure.add(
                ribbon([complex(-half, 0.46 + y), complex(0, 0.5 + y), complex(half, 0.46 + y)], 0.045),
                "ink",
                "body",
                0,
            )
    else:
        figure.both([0.02 + 0.1j, *arc(0.02 + 0.46j, wide * 1.04, 0.52, -0.22, 0.24)], "accent", "front", 1, 0.8)
        for k in range(dice.count("dots", 2, 4)):
            figure.both(
                ellipse(complex(wide * (0.34 + 0.26 * (k % 2)), 0.28 + 0.18 * k), 0.07, 0.07), "ink", "front", 0
            )
    _feelers(figure, dice, -0.5j, 0.22, dice.chance("knob", 0.6))
    if has(text, ("stag beetle", "rhinoceros", "hercules", "ant")) and dice.chance("jaws", 0.8):
        figure.both(ribbon([0.16 - 0.06j, 0.36 + 0.06j, 0.18 + 0.2j], 0.05, 0.045, 0.012), "deep", "skull")
    _round_head(figure, dice, -0.22j, dice.span("head width", 0.38, 0.45), dice.span("head height", 0.33, 0.38))
    figure.shoulders, figure.arm, figure.arm_fill = (-0.3 + 0.14j, 0.3 + 0.14j), (0.05, 0.035), "deep"
    figure.floats = bee or dragonfly


def butterfly(figure: Figure, dice: Dice, text: str) -> None:
    """Butterflies and moths: four painted wings."""
    moth = "moth" in text
    tip = complex(dice.span("wing out", 0.95, 1.15), -dice.span("wing up", 0.5, 0.75))
    fore = smooth([0.08 + 0.1j, 0.4 - 0.45j, tip, complex(1.02, -0.08), 0.62 + 0.16j, 0.2 + 0.25j])
    tail = complex(dice.span("tail out", 0.5, 0.8), dice.span("tail low", 0.8, 1.0))
    hind = smooth([0.1 + 0.2j, 0.6 + 0.16j, 0.88 + 0.36j, tail + 0.08 - 0.18j, tail, 0.32 + 0.7j])
    for wing, centre, fill in ((hind, 0.5 + 0.45j, "accent"), (fore, complex(0.62, -0.2), "body")):
        figure.both(wing, "ink" if dice.chance("dark rim", 0.5) else "deep", "back", 1)
        inner = [centre + (p - centre) * 0.86 for p in wing]
        figure.both(inner, fill, "back", 0, 0.4)
        for k in range(4):
            turn = -1.1 + 0.62 * k
            end = centre + cmath.rect(0.24, turn)
            figure.both(ribbon([0.12 + 0.18j, end], 0.008), "deep", "back", 0)
        for k in range(dice.count("eyes", 1, 3)):
            spot = centre + cmath.rect(0.04 + 0.13 * k, dice.span(f"spot {k}", -1.2, 1.2))
            size = 0.12 - 0.025 * k
            figure.both(ellipse(spot, size, size), "belly", "back", 0)
            figure.both(ellipse(spot, size * 0.68, size * 0.68), "second", "back", 0)
            figure.both(ellipse(spot, size * 0.34, size * 0.34), "ink", "back", 0)
    figure.add(egg(0.44j, 0.13 + 0.06 * moth, 0.46, -0.1), "shade", "body", 1, 0.8)
    for i in range(4):
        figure.add(ribbon([complex(-0.1, 0.36 + 0.13 * i), complex(0.1, 0.36 + 0.13 * i)], 0.018), "light", "body", 0)
    if moth:
        for k in range(4):
            root = complex(0.12 + 0.05 * k, -0.42 - 0.06 * k)
            figure.both(leaf(root, root + 0.14 - 0.03j, 0.4), "deep", "skull", 0)
    _feelers(figure, dice, -0.48j, 0.16, not moth)
    _round_head(figure, dice, -0.22j, 0.31, 0.29)
    figure.shoulders, figure.arm, figure.arm_fill, figure.reach = (
        (-0.1 + 0.22j, 0.1 + 0.22j),
        (0.032, 0.025),
        "deep",
        0.42,
    )
    figure.floats = True


def spider(figure: Figure, dice: Dice, text: str) -> None:
    """Spiders, scorpions, mites: eight legs around a round body, small eyes above the great ones."""
    scorpion = "scorpion" in text
    for i in range(4):
        knee = cmath.rect(0.86, -0.75 + 0.36 * i) + 0.2j
        foot = complex(0.78 + 0.1 * (i % 2) + 0.04 * i, 0.45 + 0.16 * i)
        figure.both(ribbon([complex(0.25, 0.25), knee * 0.95, foot], 0.065, 0.05, 0.02), "body", "back", 1, 0.2)
    if scorpion:
        tail = [0.2 + 0.7j, 0.85 + 0.75j, 1.0 + 0.05j, 0.62 - 0.5j, 0.34 - 0.55j]
        figure.add(ribbon(tail, 0.16, 0.12, 0.1, 0.1, 0.02), "body", "back", 1, 0.4)
    wide = dice.span("girth", 0.46, 0.56)
    figure.add(egg(0.5j, wide, 0.44, 0.04), "accent", "body", 1, 1)
    if dice.chance("banded", 0.5):
        bands(figure, dice, 0.5j, wide, 0.42, "accent shade")
    else:
        spots(figure, dice, 0.55j, wide * 0.8, 0.3, "accent shade")
    _round_head(figure, dice, -0.12j, dice.span("head width", 0.42, 0.5), dice.span("head height", 0.34, 0.4))
    for x, size in ((0.07, 0.035), (0.18, 0.028)):
        figure.both(ellipse(complex(x, -0.4 + x * 0.3), size, size), "ink", "face", 0)
        figure.both(ellipse(complex(x - 0.008, -0.41 + x * 0.3), size * 0.35, size * 0.35), "white", "face", 0)
    figure.both(leaf(0.06 + 0.2j, 0.04 + 0.34j, 0.6), "white", "head", 0.6)
    figure.shoulders, figure.arm = (-0.34 + 0.16j, 0.34 + 0.16j), (0.07, 0.05)


def crab(figure: Figure, dice: Dice, text: str) -> None:
    """Crustaceans: a shell as wide as a table, claws for hands; shrimps and lobsters raise a tail fan."""
    long = has(text, ("shrimp", "lobster", "prawn", "krill", "crayfish", "copepod", "isopod", "barnacle", "amphipod"))
    for i in range(3):
        y = 0.42 + 0.13 * i
        figure.both(
            ribbon(
                [complex(0.16, y - 0.06), complex(0.86 - 0.06 * i, y - 0.02), complex(0.92 - 0.1 * i, y + 0.32)],
                0.055,
                0.045,
                0.015,
            ),
            "shade",
            "back",
            0.9,
        )
    if long:
        for i in range(5):
            figure.add(turned(leaf(0.6j, 1.1j, 0.4), (i - 2) * 0.42, 0.66j), ("body", "shade")[i % 2], "back", 0.9, 0.2)
        for i in range(4):
            figure.add(box(complex(0, 0.78 - 0.13 * i), 0.3 + 0.035 * i, 0.13, 0.8), "body", "tail", 1, 0.5)
        figure.both(ribbon([0.14 - 0.3j, 0.5 - 0.75j, 0.95 - 0.72j], 0.02, 0.008), "deep", "skull", 0.5)
    rx = dice.span("shell", 0.42, 0.5) if long else dice.span("shell", 0.6, 0.7)
    ry = 0.42 if long else dice.span("shell height", 0.38, 0.46)
    body = complex(0, 0.26)
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


def snail(figure: Figure, dice: Dice, text: str) -> None:
    """Molluscs: a snail under its spiral, a slug with a fringed back, a shell with two halves."""
    side = dice.side("shell side")
    if has(text, ("clam", "oyster", "mussel", "scallop", "bivalve", "cockle", "chiton", "abalone", "limpet")):
        for lower in (False, True):
            rim = [
                complex(0.78 * math.cos(a), 0.52 * math.sin(a) - 0.1)
                for a in (math.pi * (1 + k / 16) for k in range(17))
            ]
            shell = [p.conjugate() + 0.62j if lower else p for p in rim]
            figure.add(smooth([*shell, complex(0, 0.1 if lower else -0.02)], steps=4), "accent", "body", 1, 0.9)
            for k in range(5):
                far = shell[4 + 2 * k]
                figure.add(
                    ribbon([complex(0, 0.28), 0.28j + (far - 0.28j) * 0.86], 0.006, 0.014), "accent shade", "body", 0
                )
        figure.add(box(0.28j, 0.66, 0.28, 0.8), "body", "front", 1, 0.8)
        figure.face, figure.face_size, figure.neck, figure.hat, figure.hat_size = 0.26j, 0.46, 0.3j, -0.5j, 0.36
        figure.shoulders, figure.arm = (-0.6 + 0.4j, 0.6 + 0.4j), (0.07, 0.05)
        return
    foot = smooth(
        [
            complex(-0.5 * side, 0.6),
            complex(-0.5 * side, 0.94),
            complex(0.5 * side, 0.96),
            complex(1.0 * side, 0.98),
            complex(0.75 * side, 0.8),
            complex(0.2 * side, 0.66),
        ]
    )
    figure.add(foot, "body", "body", 1, 0.5)
    figure.add(ribbon([complex(-0.45 * side, 0.94), complex(0.9 * side, 0.96)], 0.04, 0.02), "belly", "body", 0)
    if has(text, ("slug", "nudibranch")):
        for k in range(9):
            root = complex((-0.3 + 0.15 * k) * side, 0.74 + 0.012 * k)
            figure.add(
                turned(leaf(root, root - (0.36 - 0.02 * k) * 1j, 0.55), side * (0.1 * k - 0.3), root),
                "accent",
                "tail",
                0.8,
                0.3,
            )
    else:
        hub = complex(0.3 * side, 0.28)
        size = dice.span("shell", 0.48, 0.58)
        figure.add(ellipse(hub, size, size * 0.96), "accent", "body", 1, 1)
        spiral = [hub + cmath.rect(size * 0.86 * (1 - k / 26), side * (0.5 + 0.62 * k)) for k in range(25)]
        figure.add(ribbon(spiral, 0.045, 0.035, 0.02, steps=4), "accent shade", "body", 0)
        spots(figure, dice, hub, size * 0.9, size * 0.9, "belly")
    neck = complex(-0.42 * side, 0.7)
    head = complex(-0.46 * side, -0.02)
    figure.add(ribbon([neck + 0.1j, (neck + head) / 2, head], 0.25, 0.22, 0.26), "body", "front", 1, 0.5)
    for lean in (-0.2, 0.2):
        tip = head + complex(lean * 1.3, -0.58)
        figure.add(ribbon([head + complex(lean * 0.7, -0.2), tip], 0.035, 0.025), "body", "skull", 0.8)
        figure.add(ellipse(tip, 0.06, 0.06), "accent", "skull", 0.9)
    _round_head(figure, dice, head, dice.span("head width", 0.34, 0.4), 0.33)
    figure.hat = head - 0.27j
    figure.hand = head + complex(-0.25 * side, 0.55)
    figure.shoulders, figure.arm, figure.reach = (neck - 0.2 - 0.15j, neck + 0.2 - 0.15j), (0.06, 0.045), 0.4


def fish(figure: Figure, dice: Dice, text: str) -> None:
    """Fish, sharks and whales: three quarters to the viewer, the tail swung to one side."""
    side = dice.side("tail side")
    shark = has(text, ("shark", "ray", "whale", "dolphin", "porpoise", "orca", "narwhal", "skate", "manta"))
    rx, ry = dice.span("length", 0.56, 0.68), dice.span("height", 0.42, 0.54)
    root = complex(0.5 * side, 0.12)
    tip = dice.span("tail", 0.34, 0.52)
    fan = smooth(
        [
            root,
            complex(0.86 * side, -tip),
            complex(1.12 * side, -tip - 0.12),
            complex(0.95 * side, 0.1),
            complex(1.1 * side, tip + 0.28),
            complex(0.84 * side, tip + 0.18),
        ]
    )
    figure.add(fan, "accent" if not shark else "shade", "back", 1, 0.4)
    for k in (-1, 0, 1):
        figure.add(
            ribbon([complex(0.66 * side, 0.1 + 0.04 * k), complex(0.96 * side, 0.1 + 0.27 * k)], 0.012, 0.008),
            "accent shade" if not shark else "deep",
            "back",
            0,
        )
    if shark:
        figure.add(
            smooth(
                [complex(-0.12, -0.3), complex(0.06 * side, -0.9), complex(0.22 * side, -0.92), complex(0.34, -0.2)]
            ),
            "body",
            "back",
            1,
            0.4,
        )
    else:
        crest = [
            complex(x, -0.3 - dice.span("dorsal", 0.3, 0.5) * (1 - abs(x) * 1.3) - 0.06 * (k % 2))
            for k, x in enumerate(i / 10 - 0.5 for i in range(11))
        ]
        figure.add(smooth([*crest, complex(0.5, 0), complex(-0.5, 0)], steps=4), "accent", "back", 1, 0.4)
    figure.add(
        leaf(complex(0.02 * side, 0.2), complex(0.34 * side, 0.86), 0.62), "accent" if not shark else "shade", "back", 1
    )
    spine = [complex(-rx + 1.9 * rx * t, 0) for t in (0.0, 1.0)]
    outline = smooth(
        [
            complex(-rx * side, 0.06),
            complex(-rx * 0.72 * side, -ry * 0.7),
            complex(0, -ry),
            complex(rx * 0.75 * side, -ry * 0.5),
            complex(rx * 1.12 * side, 0.06),
            complex(rx * 0.75 * side, ry * 0.62),
            complex(0, ry),
            complex(-rx * 0.75 * side, ry * 0.76),
        ]
    )
    figure.add(outline, "body", "body", 1, 1)
    lower = [p for p in outline if p.imag > ry * 0.34]
    figure.add(sorted_round([p * 0.985 for p in lower]), "belly", "body", 0)
    if shark:
        for k in range(3):
            x = complex((0.24 + 0.08 * k) * side, 0.02)
            figure.add(ribbon([x - 0.1j, x + 0.03 * side, x + 0.1j], 0.012), "deep", "body", 0)
    elif dice.chance("banded", 0.45) or "clown" in text:
        for k in range(3):
            x = (0.08 + 0.26 * k) * rx * side
            half = ry * math.sqrt(1 - min(0.95, (abs(x) / (rx * 1.12)) ** 2)) * 0.9
            figure.add(
                ribbon([complex(x, -half), complex(x + 0.06 * side, 0), complex(x, half)], 0.05 - 0.008 * k),
                "accent",
                "body",
                0,
            )
    else:
        for row in range(4):
            for k in range(5):
                p = complex((0.02 + 0.13 * k + 0.065 * (row % 2)) * side, -0.2 + 0.13 * row)
                if abs(p.real) < rx * 0.9 and abs(p.imag) < ry * 0.62 * (1 - abs(p.real) / rx * 0.5):
                    figure.add(
                        ribbon(
                            arc(p, 0.055, 0.06, -0.25, 0.25, 5) if side > 0 else arc(p, 0.055, 0.06, 0.25, 0.75, 5),
                            0.01,
                            steps=2,
                        ),
                        "shade",
                        "body",
                        0,
                    )
    if "hammerhead" in text:
        figure.add(box(complex(-0.3 * side, -0.12), 0.5, 0.16, 0.7), "body", "body", 1, 0.5)
    face = complex(-rx * 0.36 * side, -0.04)
    figure.neck, figure.face, figure.face_size = spine[0] * 0, face, 0.42
    figure.mouth = "wide" if shark else "mouth"
    figure.hat, figure.hat_size = complex(-rx * 0.3 * side, -ry * 0.84), 0.32
    figure.shoulders = (complex(-0.5, 0.28), complex(0.45, 0.3))
    figure.arm, figure.arm_fill, figure.reach = (0.08, 0.11), "shade" if shark else "accent", 0.4
    figure.floats = True


def sorted_round(points: list[complex]) -> list[complex]:
    """Points of a lower rim from left to right, closed by a hanging line."""
    rim = sorted(points, key=lambda p: p.real)
    if len(rim) < 3:
        return points
    left, right = rim[0], rim[-1]
    return [*rim, (left + right) / 2 + 0.1j * abs(right - left) * 0.4]


def octopus(figure: Figure, dice: Dice, text: str) -> None:
    """Cephalopods: a dome of a head and eight restless arms; squids have fins, nautiluses a shell."""
    squid = has(text, ("squid", "cuttlefish"))
    for i in range(4):
        out = 0.28 + 0.24 * i
        curl = dice.side(f"curl {i}") * 0.16
        spine = [
            complex(0.08 + 0.1 * i, 0.25),
            complex(out * 0.9, 0.6 - 0.04 * i),
            complex(out, 0.9 - 0.05 * i),
            complex(out + curl, 0.97 - 0.1 * i),
            complex(out + curl * 1.3, 0.84 - 0.1 * i),
        ]
        figure.both(ribbon(spine, 0.12, 0.1, 0.07, 0.045, 0.015), ("body", "shade")[i % 2], "tail", 1, 0.5)
        for k in range(5):
            p = smooth(spine, closed=False, steps=3)[4 + k]
            figure.both(ellipse(p, 0.03 - 0.003 * k, 0.024), "belly", "tail", 0)
    if squid:
        figure.both(smooth([0.3 - 0.7j, 0.72 - 0.6j, 0.42 - 0.3j]), "accent", "back", 1, 0.3)
    rx, ry = dice.span("head width", 0.46, 0.56), dice.span("head height", 0.52, 0.62)
    head = -0.2j
    if "nautilus" in text or "ammonite" in text:
        figure.add(ellipse(0.36 - 0.35j, 0.6, 0.58), "accent", "back", 1, 1)
        figure.add(
            ribbon([0.36 - 0.35j + cmath.rect(0.5 * (1 - k / 22), 0.5 * k) for k in range(20)], 0.04, 0.015, steps=3),
            "accent shade",
            "back",
            0,
        )
    figure.add(egg(head, rx, ry, -0.14 if not squid else -0.05), "body", "head", 1, 1)
    spots(figure, dice, head - complex(0, ry * 0.56), rx * 0.6, ry * 0.26, "light", "head")
    figure.neck, figure.face, figure.face_size = 0.3j, head + complex(0, ry * 0.3), rx * 0.92
    figure.hat, figure.hat_size = head - complex(0, ry * 0.86), rx * 0.8
    figure.shoulders, figure.arm, figure.reach = (complex(-rx * 0.7, 0.22), complex(rx * 0.7, 0.22)), (0.09, 0.04), 0.6
    figure.floats = squid


def jelly(figure: Figure, dice: Dice, text: str) -> None:
    """Jellyfish: a glowing bell, frilled arms, long threads."""
    stream = dice.stream("threads")
    for i in range(9):
        x = -0.5 + 0.125 * i
        sway = 0.12 * (stream.random() - 0.5)
        end = 0.75 + 0.22 * stream.random()
        figure.add(
            ribbon(
                [complex(x, 0.1), complex(x + sway, 0.35), complex(x - sway, 0.6), complex(x + sway * 1.6, end)],
                0.026,
                0.02,
                0.012,
            ),
            ("accent", "light")[i % 2],
            "back",
            0.5,
        )
    for i in (-1, 0, 1):
        frill = [complex(0.2 * i + 0.07 * (-1) ** k, 0.12 + 0.1 * k) for k in range(7)]
        figure.add(ribbon(frill, 0.09, 0.08, 0.02), "second" if i else "belly", "tail", 0.8, 0.3)
    rx, ry = dice.span("bell", 0.6, 0.72), dice.span("bell height", 0.62, 0.76)
    count = dice.count("lappets", 5, 8)
    hem = [complex(rx - 2 * rx * k / (2 * count), 0.12 + (0.1 if k % 2 else 0.0)) for k in range(2 * count + 1)]
    dome = arc(0.08j, rx, ry, 0.5, 1.0, 24)
    figure.add([*dome, *smooth(hem, closed=False, steps=4)], "body", "head", 1, 1)
    figure.add(
        [*arc(0.02j, rx * 0.8, ry * 0.82, 0.55, 0.95, 20), *arc(-0.1j, rx * 0.7, ry * 0.6, 0.95, 0.55, 20)],
        "light",
        "head",
        0,
    )
    for k in range(count):
        x = rx * 0.85 - 1.7 * rx * k / (count - 1)
        figure.add(ellipse(complex(x, 0.1), 0.035, 0.045), "accent", "head", 0)
    figure.neck, figure.face, figure.face_size = 0.1j, -0.16j, rx * 0.74
    figure.hat, figure.hat_size = complex(0, 0.12 - ry), rx * 0.6
    figure.shoulders, figure.arm, figure.reach = (complex(-rx * 0.8, 0.1), complex(rx * 0.8, 0.1)), (0.05, 0.03), 0.45
    figure.arm_fill, figure.floats = "accent", True


def starfish(figure: Figure, dice: Dice, text: str) -> None:
    """Echinoderms: stars, urchins in their spines, cucumbers of the sea."""
    if has(text, ("urchin", "sand dollar", "echinoid")):
        for i in range(38):
            a = math.tau * i / 38
            far = 0.86 + 0.16 * (i % 2)
            figure.add(
                leaf(0.25j + cmath.rect(0.4, a), 0.25j + cmath.rect(far * 0.86, a), 0.13),
                ("accent", "deep")[i % 2],
                "back",
                0.6,
            )
        figure.add(ellipse(0.25j, 0.58, 0.56), "body", "head", 1, 1)
        figure.face, figure.face_size = 0.22j, 0.5
        figure.hat, figure.hat_size = -0.25j, 0.42
    else:
        arms = dice.count("arms", 5, 8) if not has(text, ("cucumber",)) else 9
        inner = 0.44 if arms < 7 else 0.56
        corners = star(0.2j, 0.95, inner, arms, dice.span("turn", -0.12, 0.12))
        outline = smooth(corners, steps=8)
        figure.add(outline, "body", "head", 1, 0.9)
        for k in range(0, 2 * arms, 2):
            for t in (0.5, 0.64, 0.77, 0.88):
                spot = 0.2j + (corners[k] - 0.2j) * t
                figure.add(ellipse(spot, 0.055 * (1.3 - t), 0.055 * (1.3 - t)), "accent", "head", 0)
        figure.face, figure.face_size = 0.16j, 0.4
        figure.hat, figure.hat_size = complex(0, -0.16 if arms > 6 else -0.5), 0.3
    figure.neck = 0.3j


def serpent(figure: Figure, dice: Dice, text: str) -> None:
    """Snakes, worms, eels and serpents: coils, and a head that rises out of them."""
    side = dice.side("coil side")
    thick = dice.span("thick", 0.15, 0.2)
    worm = has(text, ("worm", "leech", "annelid", "nematode"))
    for row, (wide, y) in enumerate(((0.86, 0.82), (0.68, 0.6))):
        figure.add(egg(complex(0.05 * side * row, y), wide, 0.2, 0.0), "body", "tail", 1, 0.9)
        for k in range(9):
            x = -wide * 0.8 + 1.6 * wide * k / 8
            p = complex(x, y + 0.1 * math.sqrt(1 - (x / wide) ** 2))
            if worm:
                figure.add(ribbon([p - 0.16j, p + 0.06j], 0.014), "shade", "tail", 0)
            else:
                figure.add([p - 0.06, p - 0.06j, p + 0.06, p + 0.06j], ("accent", "belly")[k % 2], "tail", 0)
    figure.add(
        ribbon([complex(0.8 * side, 0.8), complex(1.05 * side, 0.62), complex(1.0 * side, 0.36)], 0.1, 0.06, 0.012),
        "body",
        "back",
        1,
        0.3,
    )
    neck = [0.55j, complex(-0.34 * side, 0.32), complex(-0.1 * side, 0.02), -0.3j]
    figure.add(ribbon(neck, thick * 1.2, thick * 1.1, thick), "body", "body", 1, 0.8)
    for k, p in enumerate(smooth(neck, closed=False, steps=5)[2:14]):
        figure.add(
            ribbon([p - thick * 0.5, p + thick * 0.5], 0.016 if worm else 0.024),
            "shade" if worm else "belly",
            "body",
            0,
        )
        if k % 3 == 0 and not worm:
            figure.add(ellipse(p, 0.03, 0.03), "accent", "body", 0)
    head = -0.4j
    rx, ry = dice.span("head width", 0.36, 0.44), dice.span("head height", 0.29, 0.34)
    if "cobra" in text or "naga" in text:
        figure.add(egg(-0.2j, 0.56, 0.5, -0.1), "accent", "back", 1, 0.8)
    if has(text, ("serpent", "dragon", "hydra", "basilisk", "quetzal", "feather", "mythical")) and not worm:
        for k in range(5):
            figure.add(turned(leaf(head - 0.1j, head - 0.62j, 0.34), (k - 2) * 0.5, head), "accent", "skull", 0.8)
    figure.add(egg(head, rx, ry, 0.12), "body", "head", 1, 1)
    if not worm:
        figure.both(ellipse(head + 0.045 + 0.07j, 0.014, 0.018), "ink", "face", 0)
        tongue = ribbon([head + 0.24j, head + 0.36j], 0.018)
        figure.add(tongue, "cheek", "skull", 0.5)
    figure.neck, figure.face, figure.face_size = -0.1j, head - 0.04j, rx * 0.95
    figure.hat, figure.hat_size = head - complex(0, ry * 0.86), rx * 0.84
    figure.hand = complex(0.5 * side, 0.2)
