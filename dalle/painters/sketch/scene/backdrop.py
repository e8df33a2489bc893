"""The ground of a picture, without the figure: sky, composition, place."""

import cmath
import math

from PIL import Image

from dalle.painters.sketch.canvas import gradient
from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.palette import Palette, mix
from dalle.painters.sketch.scene import landscape
from dalle.painters.sketch.scene.ground import Ground
from dalle.painters.sketch.scene.stage import Stage
from dalle.painters.sketch.shapes import arc, ellipse, leaf, lobes, star

GROUNDS = ("hills", "gradient", "bands", "motifs", "halo", "rays", "leaves", "wash", "waves", "night", "frame", "room")
PHRASES = (
    ("layered hills", "hills"),
    ("landscape", "hills"),
    ("gradient", "gradient"),
    ("flat wash", "wash"),
    ("mosaic", "motifs"),
    ("woven", "bands"),
    ("halo", "halo"),
    ("interior", "room"),
    ("sky", "clouds"),
    ("frame", "frame"),
    ("brushwork", "wash"),
    ("wallpaper", "motifs"),
    ("paper", "wash"),
    ("water", "waves"),
    ("night", "night"),
    ("bands", "bands"),
    ("leaves", "leaves"),
    ("studio", "halo"),
)
OPEN_AIR = {"hills", "clouds", "night", "gradient", "waves", "halo"}
"""Grounds with a horizon and land below it."""


def ground_kind(phrase: str, dice: Dice) -> str:
    """Returns the ground that a phrase of the back style asks for."""
    return next((kind for words, kind in PHRASES if words in phrase), "") or dice.pick("ground", GROUNDS)


def backdrop(
    size: tuple[int, int],
    palette: Palette,
    dice: Dice,
    stage: Stage,
    kind: str,
    base: str,
    composition: str,
    focus: complex,
    world: str = "land",
) -> Image.Image:
    """The ground; base is what a place stands on; `world` is where the creature lives: land, water or lens."""
    low = palette["ground"] if kind != "gradient" else mix(palette["near"], palette["ground"], 0.3)
    ground = Ground(gradient(size, palette["sky"], low), palette, dice, stage, focus)
    _compose(ground, composition, kind)
    if kind in ("motifs", "leaves") or composition == "pattern":
        _pattern(ground, kind)
    if composition in ("central", "symmetrical", "close") or kind == "halo":
        _halo(ground, kind)
    if world == "water":
        landscape.deep_sea(ground)
    elif world == "lens":
        landscape.lens(ground)
    elif kind in OPEN_AIR:
        landscape.land(ground, "sea" if kind == "waves" else base)
    elif kind == "room":
        _room(ground)
    else:
        ground.fill(landscape.ridge(ground, 0.84, 0.06, "wash"), "mid")
        if kind == "wash":
            _blots(ground)
    if composition == "framed" or kind == "frame":
        _frame(ground)
    return ground.brush.done()


def _compose(g: Ground, composition: str, kind: str) -> None:
    w, h, dice = g.w, g.h, g.dice
    if composition == "radial" or kind == "rays":
        n, reach = dice.count("rays", 10, 18), 1.1 * math.hypot(w, h)
        for i in range(n):
            a, b = math.tau * i / n, math.tau * (i + 0.5) / n
            g.fill([g.focus, g.focus + cmath.rect(reach, a), g.focus + cmath.rect(reach, b)], "far")
    if composition == "diagonal":
        for k in range(-2, 5):
            x, wide = w * 0.36 * k, 0.16 * w
            lean = complex(0.7 * h, -h - 18)
            g.fill(
                [
                    complex(x, h + 9),
                    complex(x + wide, h + 9),
                    complex(x + wide, h + 9) + lean,
                    complex(x, h + 9) + lean,
                ],
                "far",
            )
    if composition == "horizontal" or kind == "bands":
        for k in range(4):
            g.bar(-9, h * (0.1 + 0.24 * k), w + 18, 0.1 * h, ("far", "mid")[k % 2])
            if kind == "bands":
                for j in range(9):
                    at = complex(w * (j + 0.5) / 9, h * (0.15 + 0.24 * k))
                    g.fill(star(at, 0.026 * g.unit, 0.012 * g.unit, 4 + 2 * (k % 2)), ("mid", "far")[k % 2])
    if composition == "vertical":
        for k in range(5):
            g.bar(w * (0.04 + 0.21 * k), -9, 0.08 * w, h + 18, "far")


def _frame(g: Ground) -> None:
    """Two lines along the edges of the picture."""
    for inset, width, role in ((0.02, 0.02, "near"), (0.045, 0.008, "accent")):
        d = inset * g.unit
        frame = [complex(d, d), complex(g.w - d, d), complex(g.w - d, g.h - d), complex(d, g.h - d)]
        g.brush.shape(frame, None, g.palette[role], width * g.unit)


def _pattern(g: Ground, kind: str) -> None:
    cell, motif = g.unit / g.dice.count("cells", 6, 8), g.dice.pick("motif", ("star", "dot", "leaf", "ring", "scale"))
    for r in range(int(g.h / cell) + 2):
        for c in range(int(g.w / cell) + 2):
            p = complex((c + 0.5 * (r % 2)) * cell, r * cell)
            role = ("far", "mid")[(r + c) % 2]
            if kind == "leaves" or motif == "leaf":
                tip = p + cmath.rect(cell * 1.05, g.dice.span(f"{r} {c}", 0, math.tau))
                g.fill(leaf(p, tip, 0.5), role)
                g.brush.line([p + (tip - p) * 0.1, p + (tip - p) * 0.85], g.palette["near"], cell * 0.02, 120)
            elif motif == "star":
                g.fill(star(p, cell * 0.36, cell * 0.16, 6), role)
            elif motif == "dot":
                g.fill(ellipse(p, cell * 0.26, cell * 0.26, n=20), role)
            elif motif == "ring":
                g.brush.shape(ellipse(p, cell * 0.4, cell * 0.4, n=24), None, g.palette[role], cell * 0.1)
            else:
                for grow in (0.62, 0.4, 0.2):
                    g.brush.shape(arc(p, cell * grow, cell * grow, 0.0, 0.5, 14), None, g.palette[role], cell * 0.06)


def _halo(g: Ground, kind: str) -> None:
    for k, role in enumerate(("far", "mid", "far") if kind == "halo" else ("far",)):
        far = g.unit * (0.48 - 0.06 * k)
        g.fill(ellipse(g.focus, far, far, n=72), role)
    if kind == "halo":
        for k in range(36):
            a = math.tau * k / 36
            g.fill(ellipse(g.focus + cmath.rect(0.45 * g.unit, a), 0.007 * g.unit, 0.007 * g.unit, n=10), "sun", 200)


def _blots(g: Ground) -> None:
    stream = g.dice.stream("blots")
    for k in range(7):
        p = complex(g.w * stream.random(), g.h * 0.8 * stream.random())
        g.fill(
            lobes(p, g.unit * (0.05 + 0.1 * stream.random()), g.unit * (0.04 + 0.08 * stream.random()), 7, 0.1, k),
            "far",
            150,
        )


def _room(g: Ground) -> None:
    w, h, u = g.w, g.h, g.unit
    for k in range(int(w / (0.09 * u)) + 1):
        g.bar(k * 0.09 * u, -9, 0.03 * u, h, "far", 130)
    floor = 0.78 * h
    g.bar(-9, floor, w + 18, h, "mid")
    for k in range(-6, 7):
        g.brush.line(
            [complex(w / 2 + k * 0.09 * w, floor), complex(w / 2 + k * 0.2 * w, h + 9)], g.palette["near"], 0.003 * u
        )
    g.bar(-9, floor - 0.018 * h, w + 18, 0.02 * h, "near")
    g.fill(ellipse(complex(g.focus.real, 0.91 * h), 0.42 * u, 0.075 * h), "accent shade", 120)
    g.fill(ellipse(complex(g.focus.real, 0.91 * h), 0.36 * u, 0.058 * h), "far", 150)
    window = window_of((g.w, g.h), g.focus)
    x, y, wide, high = window
    g.bar(x - 0.018 * u, y - 0.018 * u, wide + 0.036 * u, high + 0.036 * u, "near")
    g.bar(x, y, wide, high, "sky")
    g.bar(x, y + 0.86 * high, wide, 0.14 * high, "mid")
    g.bar(x - 0.03 * u, y + high + 0.01 * u, wide + 0.06 * u, 0.024 * u, "near")


def window_of(size: tuple[int, int], focus: complex) -> tuple[float, float, float, float]:
    """Left, top, width and height of the window of a room, on the side away from the figure."""
    w, h = size
    return w * (0.05 if focus.real > w / 2 else 0.59), 0.07 * h, 0.36 * w, 0.42 * h
