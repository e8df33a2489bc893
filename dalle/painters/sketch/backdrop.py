"""The ground of a picture, without the figure: sky, composition, place."""

import cmath
import math

from PIL import Image

from dalle.painters.sketch import landscape
from dalle.painters.sketch.canvas import gradient
from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.ground import Ground
from dalle.painters.sketch.palette import Palette, mix
from dalle.painters.sketch.shapes import arc, ellipse, leaf, lobes, ribbon, star
from dalle.painters.sketch.stage import Stage

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
"""Grounds on which a place is seen."""


def backdrop(
    size: tuple[int, int],
    palette: Palette,
    dice: Dice,
    stage: Stage,
    phrase: str,
    place: str,
    composition: str,
    focus: complex,
    world: str = "land",
) -> Image.Image:
    """The ground; `world` is where the creature lives: land, water or lens."""
    kind = next((kind for words, kind in PHRASES if words in phrase), "") or dice.pick("ground", GROUNDS)
    low = palette["ground"] if kind != "gradient" else mix(palette["near"], palette["ground"], 0.3)
    ground = Ground(gradient(size, palette["sky"], low), palette, dice, stage, focus)
    _compose(ground, composition, kind)
    if kind in ("motifs", "leaves") or composition == "pattern":
        _pattern(ground, kind)
    if kind in OPEN_AIR or (kind == "wash" and world != "land"):
        if world == "water":
            landscape.deep_sea(ground, place)
        elif world == "lens":
            landscape.lens(ground)
        else:
            _sky(ground, kind)
            if kind == "halo" or composition in ("central", "symmetrical", "close"):
                _halo(ground, kind)
            if stage.horizon > 0:
                landscape.land(ground, place, kind)
    elif kind == "room":
        _room(ground)
    elif kind == "wash":
        _wash(ground)
    if (kind not in OPEN_AIR or world != "land") and composition in ("central", "symmetrical", "close"):
        _halo(ground, kind)
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


def _sky(g: Ground, kind: str) -> None:
    w, h, dice = g.w, g.h, g.dice
    right = g.focus.real < w / 2 or dice.chance("sun", 0.5)
    sun = complex(w * (0.82 if right else 0.18), h * dice.span("sun height", 0.14, 0.26))
    if kind in ("hills", "clouds", "night", "waves") or g.stage.horizon < 0.5:
        for far, opacity in ((0.2, 46), (0.15, 70), (0.1, 255)):
            g.fill(ellipse(sun, g.unit * far, g.unit * far, n=60), "sun", opacity)
    if kind == "night":
        stream = dice.stream("stars")
        for _ in range(70):
            p = complex(w * stream.random(), h * 0.75 * stream.random())
            g.fill(star(p, g.unit * (0.004 + 0.012 * stream.random()), g.unit * 0.004, 4), "sun")
        g.fill(ellipse(sun + g.unit * 0.04, g.unit * 0.085, g.unit * 0.085), "sky")
    if kind == "clouds" or (kind in ("hills", "gradient") and dice.chance("fair", 0.6)):
        for k in range(5 if kind == "clouds" else 3):
            p = complex(w * dice.unit(f"cloud {k}"), h * (0.07 + 0.11 * k))
            wide = g.unit * dice.span(f"cloud width {k}", 0.14, 0.24)
            g.fill(lobes(p + 0.02j * g.unit, wide, g.unit * 0.055, 7, 0.3), "mid", 130)
            g.fill(lobes(p, wide, g.unit * 0.05, 7, 0.3), ("far", "paper")[not g.palette.dark], 220)
    if kind in ("hills", "waves", "clouds") and dice.chance("birds", 0.5):
        for k in range(3):
            at = complex(w * dice.span(f"bird {k}", 0.1, 0.9), h * dice.span(f"bird height {k}", 0.06, 0.24))
            span = 0.022 * g.unit
            wing = [
                at - span - 0.4j * span,
                at - 0.3 * span - 0.5j * span,
                at,
                at + 0.3 * span - 0.5j * span,
                at + span - 0.4j * span,
            ]
            g.fill(ribbon(wing, 0.0016 * g.unit, 0.0032 * g.unit, 0.0016 * g.unit, steps=4), "near")


def _halo(g: Ground, kind: str) -> None:
    for k, role in enumerate(("far", "mid", "far") if kind == "halo" else ("far",)):
        far = g.unit * (0.48 - 0.06 * k)
        g.fill(ellipse(g.focus, far, far, n=72), role)
    if kind == "halo":
        for k in range(36):
            a = math.tau * k / 36
            g.fill(ellipse(g.focus + cmath.rect(0.45 * g.unit, a), 0.007 * g.unit, 0.007 * g.unit, n=10), "sun", 200)


def _wash(g: Ground) -> None:
    g.fill(landscape.ridge(g, 0.84, 0.08, "wash"), "mid")
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
    x = w * (0.07 if g.focus.real > w / 2 else 0.69)
    wide, high = 0.24 * w, 0.4 * h
    g.bar(x - 0.018 * u, 0.1 * h - 0.018 * u, wide + 0.036 * u, high + 0.036 * u, "near")
    g.bar(x, 0.1 * h, wide, high, "sun")
    g.fill(ellipse(complex(x + wide * 0.3, 0.1 * h + high * 0.3), 0.04 * u, 0.04 * u), "paper")
    g.fill(
        [
            complex(x, 0.1 * h + high),
            complex(x, 0.1 * h + high * 0.7),
            complex(x + wide * 0.5, 0.1 * h + high * 0.56),
            complex(x + wide, 0.1 * h + high * 0.76),
            complex(x + wide, 0.1 * h + high),
        ],
        "mid",
    )
    g.bar(x + wide / 2 - 0.006 * u, 0.1 * h, 0.012 * u, high, "near")
    g.bar(x, 0.1 * h + high / 2, wide, 0.012 * u, "near")
    g.bar(x - 0.03 * u, 0.1 * h + high + 0.01 * u, wide + 0.06 * u, 0.024 * u, "near")
    y = w * (0.76 if g.focus.real > w / 2 else 0.08)
    g.bar(y, 0.16 * h, 0.15 * w, 0.18 * h, "near")
    g.bar(y + 0.014 * u, 0.16 * h + 0.014 * u, 0.15 * w - 0.028 * u, 0.18 * h - 0.028 * u, "paper")
    middle = complex(y + 0.075 * w, 0.25 * h)
    g.fill(star(middle, 0.05 * u, 0.022 * u, g.dice.count("picture", 4, 8)), "accent")
