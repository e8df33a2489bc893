"""The ground of a picture."""

import cmath
import math

from PIL import Image

from dalle.painters.sketch.canvas import Brushwork, gradient
from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.palette import Palette, mix
from dalle.painters.sketch.shapes import Points, ellipse, leaf, lobes, star
from dalle.painters.sketch.stage import Stage
from dalle.painters.sketch.words import begins

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
)


SANDS = ("desert", "dune", "sahara", "sand", "plain", "steppe", "salt", "savanna", "oasis")


WOODS = ("forest", "park", "garden", "wood", "jungle", "valley", "grove", "meadow", "reserve")


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
    ("paper", "wash"),
    ("frame", "frame"),
    ("brushwork", "wash"),
    ("wallpaper", "motifs"),
    ("water", "waves"),
    ("night", "night"),
    ("bands", "bands"),
    ("leaves", "leaves"),
    ("studio", "halo"),
)


def ridge(w: int, h: int, base: float, tall: float, dice: Dice, name: str, sharp: bool) -> Points:
    points = [complex(-10, h + 10)]
    n = 9 if sharp else 25
    phase, beat = dice.span(f"{name} phase", 0, 6), dice.span(f"{name} beat", 1.2, 2.6)
    for i in range(n + 1):
        t = i / n
        if sharp:
            y = dice.unit(f"{name} {i}") * (1 if i % 2 else 0.3)
        else:
            y = 0.5 + 0.35 * math.sin(t * math.tau * beat / 2 + phase) + 0.15 * math.sin(t * 9 + phase * 2)
        points.append(complex(-10 + t * (w + 20), h * (base - tall * y)))
    return [*points, complex(w + 10, h + 10)]


def backdrop(
    size: tuple[int, int],
    palette: Palette,
    dice: Dice,
    stage: Stage,
    phrase: str,
    place: str,
    composition: str,
    focus: complex,
    wobble: float,
) -> Image.Image:
    """The ground of the picture, without the figure."""
    w, h = size
    unit = min(w, h)
    ground = next((kind for words, kind in PHRASES if words in phrase), "") or dice.pick("ground", GROUNDS)
    image = (
        gradient(size, palette["sky"], palette["ground"])
        if ground != "gradient"
        else gradient(size, palette["sky"], mix(palette["near"], palette["ground"], 0.3))
    )
    brush = Brushwork(image, dice, wobble)
    horizon = stage.horizon * h
    reach = 1.1 * math.hypot(w, h)
    sun = complex(
        w * (0.8 if focus.real < w / 2 or dice.chance("sun", 0.5) else 0.2), h * dice.span("sun height", 0.14, 0.28)
    )
    if composition == "radial" or ground == "rays":
        n = dice.count("rays", 10, 18)
        for i in range(n):
            a, b = math.tau * i / n, math.tau * (i + 0.5) / n
            brush.shape([focus, focus + cmath.rect(reach, a), focus + cmath.rect(reach, b)], palette["far"])
    if composition == "diagonal":
        for k in range(-2, 5):
            x = w * (0.36 * k)
            brush.shape(
                [
                    complex(x, h + 9),
                    complex(x + 0.16 * w, h + 9),
                    complex(x + 0.16 * w + 0.7 * h, -9),
                    complex(x + 0.7 * h, -9),
                ],
                palette["far"],
            )
    if composition in ("horizontal",) or ground == "bands":
        for k in range(4):
            y = h * (0.1 + 0.24 * k)
            brush.shape(
                [complex(-9, y), complex(w + 9, y), complex(w + 9, y + 0.1 * h), complex(-9, y + 0.1 * h)],
                palette[("far", "mid")[k % 2]],
            )
    if composition == "vertical":
        for k in range(5):
            x = w * (0.04 + 0.21 * k)
            brush.shape(
                [complex(x, -9), complex(x + 0.08 * w, -9), complex(x + 0.08 * w, h + 9), complex(x, h + 9)],
                palette["far"],
            )
    if ground in ("motifs", "leaves") or composition == "pattern":
        cell = unit / dice.count("cells", 6, 8)
        motif = dice.pick("motif", ("star", "dot", "leaf", "ring"))
        for r in range(int(h / cell) + 2):
            for c in range(int(w / cell) + 2):
                p = complex((c + 0.5 * (r % 2)) * cell, r * cell)
                fill = palette[("far", "mid")[(r + c) % 2]]
                if ground == "leaves" or motif == "leaf":
                    brush.shape(leaf(p, p + cmath.rect(cell * 1.05, dice.span(f"{r} {c}", 0, math.tau)), 0.5), fill)
                elif motif == "star":
                    brush.shape(star(p, cell * 0.36, cell * 0.16, 6), fill)
                elif motif == "dot":
                    brush.shape(ellipse(p, cell * 0.26, cell * 0.26, n=20), fill)
                else:
                    brush.shape(ellipse(p, cell * 0.4, cell * 0.4, n=24), None, fill, cell * 0.1)
    if ground in ("hills", "clouds", "night", "waves") or stage.horizon < 0.5:
        brush.shape(ellipse(sun, unit * 0.1, unit * 0.1), palette["sun"])
        if ground == "night":
            stream = dice.stream("stars")
            for _ in range(60):
                p = complex(w * stream.random(), h * 0.75 * stream.random())
                brush.shape(star(p, unit * (0.004 + 0.012 * stream.random()), unit * 0.004, 4), palette["sun"])
            brush.shape(ellipse(sun + unit * 0.04, unit * 0.085, unit * 0.085), palette["sky"])
        if ground == "clouds":
            for k in range(5):
                p = complex(w * dice.unit(f"cloud {k}"), h * (0.08 + 0.11 * k))
                brush.shape(lobes(p, unit * 0.22, unit * 0.06, 7, 0.3), palette[("far", "paper")[k % 2]], None, 0, 200)
    if ground in ("halo",) or composition in ("central", "symmetrical", "close"):
        for k, role in enumerate(("far", "mid") if ground == "halo" else ("far",)):
            halo = unit * (0.47 - 0.07 * k)
            brush.shape(ellipse(focus, halo, halo, n=72), palette[role])
    if ground in ("hills", "clouds", "night", "halo", "gradient", "waves") and stage.horizon > 0:
        if begins(place, PEAKS):
            brush.shape(ridge(w, h, stage.horizon, 0.4, dice, "peaks", True), palette["far"])
        elif not begins(place, WATER):
            brush.shape(ridge(w, h, stage.horizon, 0.2, dice, "hills", False), palette["far"])
        if begins(place, WATER) or ground == "waves":
            brush.shape(
                [complex(-9, horizon), complex(w + 9, horizon), complex(w + 9, h + 9), complex(-9, h + 9)],
                palette["mid"],
            )
            for k in range(9):
                y = horizon + (h - horizon) * (0.08 + 0.1 * k)
                x = w * dice.unit(f"wave {k}")
                brush.shape(ellipse(complex(x, y), unit * 0.16, unit * 0.006), palette["ground"])
        else:
            brush.shape(ridge(w, h, stage.horizon + 0.08, 0.1, dice, "middle", False), palette["mid"])
            if begins(place, WOODS):
                for k in range(9):
                    p = complex(w * (0.02 + 0.12 * k), horizon + 0.03 * h)
                    brush.shape(
                        leaf(p + 0.05j * h, p - dice.span(f"tree {k}", 0.14, 0.3) * 1j * h, 0.4), palette["mid"]
                    )
            elif not begins(place, (*PEAKS, *SANDS)):
                for k in range(9):
                    x, wide = w * (0.115 * k - 0.01), w * dice.span(f"house wide {k}", 0.07, 0.11)
                    roof = horizon - h * dice.span(f"house {k}", 0.03, 0.17)
                    peak = complex(x + wide / 2, roof - dice.pick(f"roof {k}", (0.0, 0.04, 0.11)) * h)
                    walls = [complex(x, h), complex(x, roof), peak, complex(x + wide, roof), complex(x + wide, h)]
                    brush.shape(walls, palette["far"])
                    for pane in range(4):
                        spot = complex(x + wide * (0.2 + 0.36 * (pane % 2)), roof + h * (0.02 + 0.04 * (pane // 2)))
                        side = wide * 0.22
                        brush.shape([spot, spot + side, spot + side * (1 + 1j), spot + side * 1j], palette["mid"])
            brush.shape(ridge(w, h, stage.horizon + 0.2, 0.08, dice, "front", False), palette["near"])
    elif ground in ("room", "wash"):
        brush.shape(
            [complex(-9, 0.8 * h), complex(w + 9, 0.8 * h), complex(w + 9, h + 9), complex(-9, h + 9)], palette["mid"]
        )
        if ground == "room":
            x = w * (0.1 if focus.real > w / 2 else 0.66)
            for grow, role in ((0.015 * unit, "near"), (0.0, "sun")):
                brush.shape(
                    [
                        complex(x - grow, 0.12 * h - grow),
                        complex(x + 0.24 * w + grow, 0.12 * h - grow),
                        complex(x + 0.24 * w + grow, 0.5 * h + grow),
                        complex(x - grow, 0.5 * h + grow),
                    ],
                    palette[role],
                )
    if composition == "framed" or ground == "frame":
        for inset, width, role in ((0.02, 0.02, "near"), (0.045, 0.008, "accent")):
            d = inset * unit
            brush.shape(
                [complex(d, d), complex(w - d, d), complex(w - d, h - d), complex(d, h - d)],
                None,
                palette[role],
                width * unit,
            )
    return brush.done()
