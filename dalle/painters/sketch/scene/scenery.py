"""What stands around the figure: the landmark of the place, the emblem of the trope, the weather of the style."""

import cmath
import math
from dataclasses import dataclass, replace

from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.drawings import drawings
from dalle.painters.sketch.figure.things import placed
from dalle.painters.sketch.scene.backdrop import window_of
from dalle.painters.sketch.scene.stage import Stage
from dalle.painters.sketch.shapes import Shape, bounds, ellipse, lobes, ribbon
from dalle.painters.sketch.tables import families, family
from dalle.painters.sketch.words import Words

COLOURS = {"shade": "stone shade", "light": "stone light", "wood": "timber"}
ODD = ("hills", "lake", "peaks", "hilltown", "redwood", "beach", "mesa", "castle")
"""Landmarks of places that the table does not know."""


@dataclass(frozen=True, slots=True)
class Setting:
    """The frame in pixels, the stage and where the figure is in it."""

    size: tuple[int, int]
    stage: Stage
    focus: complex
    world: str

    @property
    def unit(self) -> int:
        """The shorter side."""
        return min(self.size)


def landmark(words: Words, setting: Setting, indoors: bool) -> list[Shape]:
    """The landmark of the place beside the figure, with a second one far away; in a room, in its window."""
    name = words.word("place")
    if not name:
        return []
    dice = Dice("place", name)
    kind = family("places", name) or dice.pick("landmark", ODD)
    w = setting.size[0]
    u, away = setting.unit, -1 if setting.focus.real > w / 2 else 1
    if abs(setting.focus.real - w / 2) < 0.06 * w:
        away = dice.side("away")
    tall, x = u * dice.span("tall", 0.4, 0.48), w / 2 + away * w * dice.span("out", 0.29, 0.35)
    if setting.stage.frame != "full":
        tall, x = tall * 1.35, x + away * 0.05 * w
    base = ground_line(setting)
    flip = dice.side("flip")
    second = dice.span("second", 0.42, 0.6)
    if indoors:
        x, y, wide, high = window_of(setting.size, setting.focus)
        inside = _standing(kind, 0j, tall, flip, 1.0)
        return framed(inside, (x, y, wide, high * dice.span("high", 0.9, 1.0)))
    far = complex(w / 2 - away * w * dice.span("far out", 0.3, 0.42), base)
    return [
        *_standing(kind, far, tall * second, -flip, 0.55),
        *_standing(kind, complex(x, base + 0.02 * u), tall, flip, 1.0),
    ]


def framed(shapes: list[Shape], window: tuple[float, float, float, float]) -> list[Shape]:
    """Shapes made as small as a window, standing on its lower edge."""
    x, y, wide, high = window
    left, top, right, bottom = bounds([p for shape in shapes for p in shape.points])
    scale = min(0.94 * wide / (right - left), 0.86 * high / (bottom - top))
    foot, at = complex((left + right) / 2, bottom), complex(x + wide / 2, y + 0.98 * high)
    for shape in shapes:
        shape.points = [at + (p - foot) * scale for p in shape.points]
    return shapes


def ground_line(setting: Setting) -> float:
    """Where a landmark stands, in pixels from above."""
    h = setting.size[1]
    if setting.world == "lens":
        return 0.84 * h
    if setting.world == "water":
        return 0.88 * h
    line = min(max(setting.stage.horizon + 0.06, 0.5), 0.84)
    return (line if setting.stage.frame == "full" else 0.8) * h


def _standing(kind: str, at: complex, tall: float, flip: int, opacity: float) -> list[Shape]:
    return [
        Shape(
            [at + complex(p.real * flip, p.imag) * tall for p in stroke.points],
            COLOURS.get(stroke.fill, stroke.fill),
            "scene",
            0.6 * stroke.line,
            0,
            opacity,
        )
        for stroke in drawings("landmarks")[kind]
    ]


def emblem(words: Words, setting: Setting, feet: tuple[float, float]) -> list[Shape]:
    """The emblem of the trope on the ground, on the side with more room: what weighs against the figure."""
    name = words.word("trope")
    if not name:
        return []
    props = tuple(drawings("props"))
    kind = families("tropes").get(name) or Dice("trope", name).pick("emblem", props)
    w, h = setting.size
    left, right = feet
    side = -1 if left > w - right else 1
    room = left if side < 0 else w - right
    size = setting.unit * 0.1
    edge = max(size * 1.15, min(room / 2, size * 2.4))
    at = complex(edge if side < 0 else w - edge, h - size * 1.4)
    if setting.stage.frame != "full":
        at = complex(at.real, size * 1.4)
        return [_scenic(shape) for shape in placed("props", kind, at, size)]
    shadow = Shape(ellipse(at + 1.05j * size, size * 1.05, size * 0.2), "near", "scene", 0, 0, 0.7)
    return [shadow, *(replace(shape, part="scene", opacity=0.9) for shape in placed("props", kind, at, size))]


def _scenic(shape: Shape) -> Shape:
    shape.part = "scene"
    return shape


def weather(words: Words, setting: Setting) -> list[Shape]:
    """The sky that a literary style brings: rain, bats, a moon, stars, planets, a sun, gulls, snow, lanterns …"""
    name = words.word("litStyle")
    if not name:
        return []
    dice = Dice("style", name)
    kind = family("litstyles", name) or dice.pick("sky", tuple(SKIES))
    return SKIES[kind](dice, setting)


def _spread(dice: Dice, setting: Setting, count: int, low: float = 0.55) -> list[complex]:
    """So many places in the upper part of the frame, spread evenly over its width."""
    w, h = setting.size
    return [
        complex(w * (k + dice.span(f"x {k}", 0.2, 0.8)) / count, h * dice.span(f"y {k}", 0.05, low))
        for k in range(count)
    ]


def _marks(dice: Dice, setting: Setting, mark: str, count: int, size: float, low: float = 0.5) -> list[Shape]:
    found: list[Shape] = []
    for k, at in enumerate(_spread(dice, setting, count, low)):
        turn = cmath.rect(1, dice.span(f"turn {k}", -0.6, 0.6))
        found += placed("marks", mark, at, setting.unit * size * dice.span(f"size {k}", 0.7, 1.2), turn, "scene")
    return found


def _disc(dice: Dice, setting: Setting, fill: str) -> tuple[complex, float]:
    w, h = setting.size
    side = -1 if setting.focus.real > w / 2 else 1
    return complex(
        w / 2 + side * w * dice.span("disc", 0.26, 0.38), h * dice.span("disc high", 0.13, 0.2)
    ), setting.unit


def _sun(dice: Dice, setting: Setting) -> list[Shape]:
    at, u = _disc(dice, setting, "lamp")
    rays = dice.count("rays", 9, 14)
    found = [Shape(ellipse(at, 0.075 * u, 0.075 * u), "lamp", "scene")]
    for k in range(rays):
        way = cmath.rect(1, math.tau * k / rays)
        found.append(Shape(ribbon([at + way * 0.1 * u, at + way * 0.14 * u], 0.008 * u), "lamp", "scene", 0))
    return found


def _moon(dice: Dice, setting: Setting) -> list[Shape]:
    at, u = _disc(dice, setting, "lamp")
    moon = [Shape(ellipse(at, 0.11 * u, 0.11 * u), "far", "scene", 0)]
    moon += [_scenic(s) for s in placed("marks", "moon", at, 0.085 * u, cmath.rect(1, dice.span("lean", -0.4, 0.4)))]
    return moon + _marks(dice, setting, "star", dice.count("few", 3, 6), 0.022)


def _planets(dice: Dice, setting: Setting) -> list[Shape]:
    at, u = _disc(dice, setting, "lamp")
    found = [_scenic(s) for s in placed("props", "planet", at, 0.12 * u, cmath.rect(1, dice.span("lean", -0.4, 0.4)))]
    found += [Shape(ellipse(p, 0.018 * u, 0.018 * u), "roof", "scene", 0) for p in _spread(dice, setting, 3, 0.35)]
    return found + _marks(dice, setting, "sparkle", dice.count("few", 4, 7), 0.024)


def _rain(dice: Dice, setting: Setting) -> list[Shape]:
    u, slant = setting.unit, complex(dice.span("slant", -0.5, 0.5), 1)
    found: list[Shape] = []
    for layer in range(3):
        for at in _spread(Dice("rain", str(layer), str(dice.unit("rain"))), setting, 8, 0.9):
            found.append(Shape(ribbon([at, at + slant * 0.09 * u], 0.006 * u), "stone light", "scene", 0, 0, 0.8))
    return found + _clouds(dice, setting)


def _clouds(dice: Dice, setting: Setting) -> list[Shape]:
    u = setting.unit
    found = []
    for k, at in enumerate(_spread(dice, setting, dice.count("clouds", 3, 5), 0.24)):
        wide = u * dice.span(f"wide {k}", 0.08, 0.15)
        found.append(Shape(lobes(at, wide, wide * 0.4, 7, 0.25), "snow", "scene", 0.4, 0, 0.9))
    return found


def _wings(dice: Dice, setting: Setting, fill: str, bent: float) -> list[Shape]:
    found = []
    for k, at in enumerate(_spread(dice, setting, dice.count("flock", 4, 7), 0.34)):
        s = setting.unit * dice.span(f"span {k}", 0.05, 0.08)
        wing = [at - s - 0.3j * s, at - 0.45 * s - 0.6j * s, at, at + 0.45 * s - 0.6j * s, at + s - 0.3j * s]
        found.append(
            Shape(ribbon(wing, 0.05 * s, 0.24 * s * bent, 0.14 * s, 0.24 * s * bent, 0.05 * s), fill, "scene", 0)
        )
        if bent > 1:
            found.append(Shape(ellipse(at - 0.05j * s, 0.14 * s, 0.2 * s), fill, "scene", 0))
    return found


def _lanterns(dice: Dice, setting: Setting) -> list[Shape]:
    w, u = setting.size[0], setting.unit
    line = [complex(w * k / 4, u * (0.03 + 0.05 * (k % 2))) for k in range(5)]
    found = [Shape(ribbon(line, 0.003 * u), "near", "scene", 0)]
    for k, at in enumerate(_spread(dice, setting, dice.count("lanterns", 5, 7), 0.1)):
        body = complex(at.real, u * dice.span(f"hang {k}", 0.09, 0.15))
        found.append(Shape(ribbon([body - 0.07j * u, body], 0.002 * u), "near", "scene", 0))
        found.append(Shape(ellipse(body, 0.034 * u, 0.044 * u), ("lamp", "roof")[k % 2], "scene", 0.6))
    return found


def _smoke(dice: Dice, setting: Setting) -> list[Shape]:
    w, h, u = *setting.size, setting.unit
    x, found = w * dice.pick("stack", (0.12, 0.86)), []
    for k in range(6):
        at = complex(
            x + u * (0.03 * k * dice.side("wind") + dice.span(f"puff {k}", -0.02, 0.02)), h * (0.44 - 0.075 * k)
        )
        grow = u * (0.03 + 0.014 * k)
        found.append(Shape(lobes(at, grow, grow * 0.8, 6, 0.2), "stone light", "scene", 0.4, 0, 0.85))
    gear = placed("props", "cogwheel", complex(w - x, h * 0.14), 0.09 * u)
    return found + [_scenic(shape) for shape in gear]


SKIES = {
    "rain": _rain,
    "bats": lambda dice, setting: _wings(dice, setting, "stone shade", 1.7),
    "moon": _moon,
    "stars": lambda dice, setting: _marks(dice, setting, "star", dice.count("stars", 7, 11), 0.036),
    "planets": _planets,
    "sun": _sun,
    "gulls": lambda dice, setting: _wings(dice, setting, "snow", 0.8),
    "snow": lambda dice, setting: _marks(dice, setting, "snow", dice.count("flakes", 9, 13), 0.032, 0.85),
    "petals": lambda dice, setting: _marks(dice, setting, "leaves", dice.count("petals", 8, 11), 0.038, 0.8),
    "lanterns": _lanterns,
    "smoke": _smoke,
    "confetti": lambda dice, setting: _marks(dice, setting, "confetti", dice.count("bits", 9, 12), 0.038, 0.7),
    "clouds": _clouds,
}
