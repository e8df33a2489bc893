"""Places: mountains, sea, dunes, woods and towns; the deep, and the field of a lens."""

import cmath
import math

from dalle.painters.sketch.ground import Ground
from dalle.painters.sketch.matching import begins
from dalle.painters.sketch.shapes import Points, ellipse, leaf, lobes, ribbon, smooth

WATER = (
    "lake",
    "sea",
    "bay",
    "river",
    "island",
    "reef",
    "ocean",
    "falls",
    "fjord",
    "lagoon",
    "coast",
    "beach",
    "harbour",
    "water",
    "atoll",
    "delta",
    "strait",
    "cape",
    "archipelago",
    "sound",
    "shore",
)
PEAKS = (
    "mount",
    "peak",
    "alps",
    "volcano",
    "canyon",
    "cliff",
    "ridge",
    "himalaya",
    "andes",
    "pass",
    "glacier",
    "gorge",
    "mesa",
    "rock",
    "highland",
    "range",
    "tower",
    "massif",
    "summit",
)
SANDS = ("desert", "dune", "sahara", "sand", "plain", "steppe", "salt", "savanna", "oasis", "wadi")
WOODS = ("forest", "park", "garden", "wood", "jungle", "valley", "grove", "meadow", "reserve", "swamp", "hill")


def ridge(g: Ground, base: float, tall: float, name: str, sharp: bool = False) -> Points:
    """The outline of a range of hills or, sharp, of mountains; heights in parts of the frame."""
    points = [complex(-10, g.h + 10)]
    n = 9 if sharp else 25
    phase, beat = g.dice.span(f"{name} phase", 0, 6), g.dice.span(f"{name} beat", 1.2, 2.6)
    for i in range(n + 1):
        t = i / n
        if sharp:
            y = g.dice.unit(f"{name} {i}") * (1 if i % 2 else 0.3)
        else:
            y = 0.5 + 0.35 * math.sin(t * math.tau * beat / 2 + phase) + 0.15 * math.sin(t * 9 + phase * 2)
        points.append(complex(-10 + t * (g.w + 20), g.h * (base - tall * y)))
    return [*points, complex(g.w + 10, g.h + 10)]


def land(g: Ground, place: str, kind: str) -> None:
    """What is seen of a place above and below the horizon."""
    base = g.stage.horizon
    if begins(place, WATER) or kind == "waves":
        if begins(place, PEAKS) or g.dice.chance("island", 0.5):
            g.fill(ridge(g, base + 0.01, 0.2, "island", begins(place, PEAKS)), "far")
        _sea(g)
        return
    if begins(place, PEAKS):
        _mountains(g)
    elif begins(place, SANDS):
        _dunes(g)
    elif begins(place, WOODS):
        g.fill(ridge(g, base, 0.2, "hills"), "far")
        _trees(g)
    elif g.dice.chance("town", 0.6):
        g.fill(ridge(g, base, 0.2, "hills"), "far")
        _town(g)
    else:
        for k, role in enumerate(("far", "mid", "far", "mid")):
            g.fill(ridge(g, base + 0.07 * k, 0.16, f"field {k}"), role)
    front = ridge(g, base + 0.2, 0.08, "front")
    g.fill(front, "near")
    _tufts(g, front)


def _mountains(g: Ground) -> None:
    for name, base, tall, role in (("peaks", 0.0, 0.46, "far"), ("lower", 0.05, 0.26, "mid")):
        points = ridge(g, g.stage.horizon + base, tall, name, True)
        g.fill(points, role)
        for i in range(2, len(points) - 2):
            before, top, after = points[i - 1], points[i], points[i + 1]
            if name == "peaks" and top.imag < min(before.imag, after.imag) - 0.08 * g.h:
                left, right = top + (before - top) * 0.3, top + (after - top) * 0.3
                cap = [
                    top,
                    right,
                    right + (left - right) * 0.3 - 0.02j * g.h,
                    right + (left - right) * 0.55 + 0.02j * g.h,
                    left,
                ]
                g.fill(cap, "sun" if g.palette.dark else "paper", 220)


def _dunes(g: Ground) -> None:
    for k in range(3):
        base, at = g.stage.horizon + 0.07 * k, g.w * g.dice.span(f"dune {k}", 0.1, 0.9)
        crest = complex(at, g.h * (base - 0.12))
        lit = smooth(
            [complex(-0.3 * g.w, g.h * base + 9), complex(at - 0.3 * g.w, g.h * (base - 0.05)), crest], closed=False
        )
        lee = smooth(
            [
                crest,
                complex(at + 0.1 * g.w, g.h * (base - 0.03)),
                complex(at + 0.5 * g.w, g.h * base),
                complex(1.3 * g.w, g.h * (base + 0.02)),
            ],
            closed=False,
        )
        g.fill([*lit, *lee, complex(1.3 * g.w, g.h + 9), complex(-0.3 * g.w, g.h + 9)], ("far", "mid", "far")[k])
        g.fill([*lee, complex(1.3 * g.w, g.h + 9), complex(at - 0.05 * g.w, g.h + 9)], ("mid", "near", "mid")[k], 110)


def _trees(g: Ground) -> None:
    g.fill(ridge(g, g.stage.horizon + 0.08, 0.1, "middle"), "mid")
    for k in range(11):
        p = complex(g.w * (0.01 + 0.1 * k), g.horizon + 0.04 * g.h)
        tall = g.dice.span(f"tree {k}", 0.12, 0.28) * g.h
        g.bar(p.real - 0.006 * g.unit, p.imag - tall * 0.4, 0.012 * g.unit, tall * 0.5, "near")
        role = ("mid", "near")[g.dice.chance(f"dark {k}", 0.35)]
        if g.dice.chance(f"pine {k}", 0.5):
            for j in range(3):
                y, half = p.imag - tall * (0.2 + 0.26 * j), tall * (0.24 - 0.05 * j)
                g.fill([complex(p.real - half, y), complex(p.real + half, y), complex(p.real, y - tall * 0.38)], role)
        else:
            g.fill(lobes(complex(p.real, p.imag - tall * 0.62), tall * 0.3, tall * 0.38, 7, 0.16, k), role)


def _town(g: Ground) -> None:
    dice, w, h = g.dice, g.w, g.h
    for k in range(9):
        x, wide = w * (0.115 * k - 0.01), w * dice.span(f"house wide {k}", 0.075, 0.115)
        roof = g.horizon - h * dice.span(f"house {k}", 0.03, 0.19)
        shape = dice.pick(f"roof {k}", ("flat", "gable", "tower", "dome"))
        walls = [complex(x, h), complex(x, roof), complex(x + wide, roof), complex(x + wide, h)]
        g.fill(walls, ("far", "mid")[k % 2])
        middle = complex(x + wide / 2, roof)
        if shape == "gable":
            g.fill([complex(x - 0.01 * w, roof), middle - 0.08j * h, complex(x + wide + 0.01 * w, roof)], "near")
        elif shape == "tower":
            g.bar(middle.real - wide * 0.2, roof - 0.08 * h, wide * 0.4, 0.09 * h, ("far", "mid")[k % 2])
            g.fill([middle - wide * 0.26 - 0.08j * h, middle - 0.16j * h, middle + wide * 0.26 - 0.08j * h], "near")
        elif shape == "dome":
            g.fill(
                [
                    middle + complex(wide * 0.42 * math.cos(a), -0.07 * h * math.sin(a))
                    for a in (math.pi * j / 14 for j in range(15))
                ],
                "near",
            )
        for pane in range(6):
            lit = dice.chance(f"lit {k} {pane}", 0.45)
            px, py = x + wide * (0.2 + 0.36 * (pane % 2)), roof + h * (0.022 + 0.048 * (pane // 2))
            g.bar(px, py, wide * 0.22, h * 0.026, "sun" if lit else "near")
    g.fill(ridge(g, g.stage.horizon + 0.1, 0.07, "middle"), "mid")


def _tufts(g: Ground, front: Points) -> None:
    stream = g.dice.stream("tufts")
    blossoms = g.dice.chance("blossoms", 0.6)
    for _ in range(16):
        x, y = stream.random(), stream.random()
        edge = front[1 + int(x * (len(front) - 3))].imag
        p = complex(x * g.w, edge + (g.h - edge) * (0.1 + 0.85 * y))
        size = g.unit * (0.018 + 0.02 * y)
        for lean in (-0.5, 0.0, 0.5):
            g.fill(leaf(p, p + cmath.rect(size, lean - math.pi / 2), 0.3), "mid")
        if blossoms and stream.random() < 0.5:
            g.fill(ellipse(p - size * 1j, size * 0.3, size * 0.3, n=12), "sun")


def _sea(g: Ground) -> None:
    g.bar(-9, g.horizon, g.w + 18, g.h, "mid")
    rows = 7
    for row in range(rows):
        y = g.horizon + (g.h - g.horizon) * (row + 0.3) / rows
        swell = g.unit * (0.012 + 0.012 * row)
        shift = g.dice.span(f"swell {row}", 0, 6)
        crest = [
            complex(-9 + (g.w + 18) * k / 60, y + swell * 0.4 * math.sin(k * 60 / 60 / (1 + 0.25 * row) + shift))
            for k in range(61)
        ]
        g.fill([*crest, complex(g.w + 9, g.h + 9), complex(-9, g.h + 9)], ("mid", "near")[row % 2], 90)
        g.brush.line(crest, g.palette["far"], g.unit * 0.003, 170)
    for k in range(6):
        p = complex(
            g.w * g.dice.unit(f"glint {k}"), g.horizon + (g.h - g.horizon) * g.dice.span(f"glint low {k}", 0.05, 0.8)
        )
        g.fill(ellipse(p, g.unit * 0.07, g.unit * 0.005), "sun", 160)


def deep_sea(g: Ground, place: str) -> None:
    """Under water: shafts of light, weeds and corals, sand, bubbles."""
    _shafts(g)
    g.fill(ridge(g, 0.8, 0.2, "reef", begins(place, PEAKS)), "far")
    for k in range(9):
        _weed(g, k)
    for k in range(4):
        _coral(g, complex(g.w * g.dice.span(f"coral {k}", 0.04, 0.96), g.h * 0.92), ("accent", "second")[k % 2])
    g.fill(ridge(g, 0.93, 0.05, "sand"), "near")
    for k in range(12):
        _bubble(g, k)


def _shafts(g: Ground) -> None:
    w, low = g.w, g.h + 9
    lean = g.dice.span("shaft", -0.3, 0.3) * g.h
    for k in range(5):
        x, wide = w * g.dice.span(f"shaft {k}", -0.1, 1.0), w * g.dice.span(f"shaft wide {k}", 0.05, 0.12)
        foot = [complex(x + wide * 2.2 + lean, low), complex(x - wide + lean, low)]
        g.fill([complex(x, -9), complex(x + wide, -9), *foot], "sun", 26)


def _weed(g: Ground, k: int) -> None:
    x = g.w * (g.dice.span(f"weed {k}", 0.0, 0.3) + (0.7 if k % 2 else 0.0))
    tall, sway = g.h * g.dice.span(f"weed tall {k}", 0.16, 0.42), g.unit * 0.03 * g.dice.side(f"weed sway {k}")
    line = [complex(x + sway * math.sin(j * 1.7), g.h * 0.94 - tall * j / 5) for j in range(6)]
    g.fill(ribbon(line, g.unit * 0.012, g.unit * 0.02, g.unit * 0.016, g.unit * 0.002), ("mid", "near")[k % 2])


def _coral(g: Ground, at: complex, role: str) -> None:
    u = g.unit
    for j in range(5):
        a = -math.pi * (0.2 + 0.15 * j)
        branch = [at, at + cmath.rect(u * 0.06, a), at + cmath.rect(u * 0.11, a + 0.2)]
        g.fill(ribbon(branch, u * 0.012, u * 0.009, u * 0.005), role, 150)


def _bubble(g: Ground, k: int) -> None:
    p = complex(g.w * g.dice.unit(f"bubble {k}"), g.h * g.dice.span(f"bubble high {k}", 0.05, 0.85))
    r = g.unit * g.dice.span(f"bubble size {k}", 0.006, 0.02)
    g.brush.shape(ellipse(p, r, r, n=24), None, g.palette["sun"], g.unit * 0.003)
    g.fill(ellipse(p - r * 0.35 * (1 + 1j), r * 0.25, r * 0.25, n=10), "sun", 200)


def lens(g: Ground) -> None:
    """The round field of a microscope, with small life adrift and a scale."""
    w, h, u, dice = g.w, g.h, g.unit, g.dice
    middle, far = complex(w / 2, h / 2), 0.485 * u
    g.bar(-9, -9, w + 18, h + 18, "near")
    for grow, role in ((1.03, "mid"), (1.0, "ground"), (0.8, "far")):
        g.fill(ellipse(middle, far * grow, far * grow, n=90), role)
    for k in range(14):
        p = middle + cmath.rect(far * math.sqrt(dice.unit(f"mote {k}")) * 0.94, dice.span(f"mote way {k}", 0, math.tau))
        size = u * dice.span(f"mote size {k}", 0.012, 0.04)
        blob = ellipse(p, size, size * dice.span(f"mote flat {k}", 0.4, 1.0), dice.span(f"mote lean {k}", 0, 3))
        g.fill(blob, "mid", 170)
        g.fill(ellipse(p, size * 0.3, size * 0.3, n=12), "near", 170)
    for k in range(60):
        a = math.tau * k / 60
        long = 0.03 if k % 5 == 0 else 0.016
        g.brush.line(
            [middle + cmath.rect(far, a), middle + cmath.rect(far - long * u, a)], g.palette["near"], 0.003 * u
        )
