"""Grounds of places: sea, sand, grass, paving, snow; the deep, and the field of a lens."""

import cmath
import math

from dalle.painters.sketch.scene.ground import Ground
from dalle.painters.sketch.shapes import Points, ellipse, leaf, ribbon

BASES = {
    "sea": (
        "beach",
        "cliffs",
        "karst",
        "lighthouse",
        "harbour",
        "reef",
        "fjord",
        "lake",
        "arch",
        "oasis",
        "reeds",
        "bridge",
    ),
    "sand": ("dunes", "mesa", "pyramid", "saltflat", "mudtown", "savanna", "pillars", "volcano", "cave"),
    "paving": (
        "castle",
        "church",
        "columns",
        "dome",
        "hilltown",
        "market",
        "palace",
        "skyline",
        "square",
        "stupa",
        "pagoda",
    ),
    "snow": ("glacier", "peaks"),
}
"""The ground on which a family of places stands; grass unless it is here."""


def base_of(kind: str) -> str:
    """Returns the ground of a family of places."""
    return next((base for base, kinds in BASES.items() if kind in kinds), "grass")


def ridge(g: Ground, base: float, tall: float, name: str) -> Points:
    """The outline of a range of hills; heights in parts of the frame."""
    points = [complex(-10, g.h + 10)]
    n = 25
    phase, beat = g.dice.span(f"{name} phase", 0, 6), g.dice.span(f"{name} beat", 1.2, 2.6)
    for i in range(n + 1):
        t = i / n
        y = 0.5 + 0.35 * math.sin(t * math.tau * beat / 2 + phase) + 0.15 * math.sin(t * 9 + phase * 2)
        points.append(complex(-10 + t * (g.w + 20), g.h * (base - tall * y)))
    return [*points, complex(g.w + 10, g.h + 10)]


def land(g: Ground, base: str) -> None:
    """What is seen of a place below the horizon, and the hills far behind."""
    line = g.stage.horizon
    g.fill(ridge(g, line, 0.12, "hills"), "far")
    if base == "sea":
        _sea(g)
        return
    if base == "paving":
        _paving(g)
        return
    g.fill(ridge(g, line + 0.07, 0.06, "middle"), "snow" if base == "snow" else "mid")
    front = ridge(g, line + 0.16, 0.06, "front")
    g.fill(front, "near")
    if base == "grass":
        _tufts(g, front)
    elif base == "sand":
        _ripples(g)
    else:
        g.fill(ridge(g, line + 0.22, 0.05, "drift"), "snow", 200)


def _paving(g: Ground) -> None:
    """Flags in rows that widen towards the viewer."""
    top = g.h * (g.stage.horizon + 0.04)
    g.bar(-9, top, g.w + 18, g.h, "mid")
    for row in range(5):
        y = top + (g.h - top) * (row / 5) ** 1.5
        g.brush.line([complex(-9, y), complex(g.w + 9, y)], g.palette["near"], 0.004 * g.unit)
    for k in range(-7, 8):
        foot = complex(g.w / 2 + k * 0.2 * g.w, g.h + 9)
        g.brush.line([complex(g.w / 2 + k * 0.09 * g.w, top), foot], g.palette["near"], 0.003 * g.unit)


def _ripples(g: Ground) -> None:
    for k in range(9):
        y = g.h * (g.stage.horizon + 0.16 + 0.1 * g.dice.unit(f"ripple {k}") * (1 + k / 3))
        x = g.w * g.dice.span(f"ripple x {k}", -0.1, 0.9)
        line = [complex(x, y), complex(x + 0.09 * g.w, y - 0.012 * g.h), complex(x + 0.2 * g.w, y)]
        g.fill(ribbon(line, 0.001 * g.unit, 0.004 * g.unit, 0.001 * g.unit, steps=4), "mid")


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


def deep_sea(g: Ground) -> None:
    """Under water: shafts of light, weeds and corals, sand, bubbles."""
    _shafts(g)
    g.fill(ridge(g, 0.8, 0.2, "reef"), "far")
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
