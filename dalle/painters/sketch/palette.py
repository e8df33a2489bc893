"""Colours: the selection's three, extended in OKLCH to a family in which a figure always stands out of its ground."""

import math
from dataclasses import dataclass

from dalle.painters.sketch.dice import Dice
from dalle.words.selection import Selection

Rgb = tuple[int, int, int]
Lch = tuple[float, float, float]


def lch_of(rgb: Rgb) -> Lch:
    """sRGB 0…255 to OKLCH: lightness 0…1, chroma 0…0.4, hue in degrees. (Björn Ottosson, 2020.)"""
    r, g, b = (c / 255 / 12.92 if c <= 10.31475 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in rgb)
    l_ = (0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b) ** (1 / 3)
    m_ = (0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b) ** (1 / 3)
    s_ = (0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b) ** (1 / 3)
    light = 0.2104542553 * l_ + 0.7936177850 * m_ - 0.0040720468 * s_
    a = 1.9779984951 * l_ - 2.4285922050 * m_ + 0.4505937099 * s_
    bb = 0.0259040371 * l_ + 0.7827717662 * m_ - 0.8086757660 * s_
    return light, math.hypot(a, bb), math.degrees(math.atan2(bb, a)) % 360


def _linear(light: float, chroma: float, hue: float) -> tuple[float, float, float]:
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    l_ = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3
    m_ = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3
    s_ = (light - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * l_ - 3.3077115913 * m_ + 0.2309699292 * s_,
        -1.2684380046 * l_ + 2.6097574011 * m_ - 0.3413193965 * s_,
        -0.0041960863 * l_ - 0.7034186147 * m_ + 1.7076147010 * s_,
    )


def rgb_of(light: float, chroma: float, hue: float) -> Rgb:
    """OKLCH to sRGB; a colour outside the gamut loses chroma, never lightness or hue."""
    light = min(max(light, 0.0), 1.0)
    for _ in range(24):
        linear = _linear(light, chroma, hue)
        if all(-0.002 <= c <= 1.002 for c in linear):
            break
        chroma *= 0.9
    else:
        linear = _linear(light, 0.0, hue)
    out = [
        12.92 * c if c <= 0.0031308 else 1.055 * c ** (1 / 2.4) - 0.055 for c in (min(max(c, 0.0), 1.0) for c in linear)
    ]
    return round(out[0] * 255), round(out[1] * 255), round(out[2] * 255)


def mix(a: Rgb, b: Rgb, share: float) -> Rgb:
    """A blend of two colours; share 0 is a, 1 is b."""
    return (
        round(a[0] + (b[0] - a[0]) * share),
        round(a[1] + (b[1] - a[1]) * share),
        round(a[2] + (b[2] - a[2]) * share),
    )


BODY = ("body", "shade", "light", "deep", "brow")


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one picture by role; `dark`: whether the ground is dark."""

    roles: dict[str, Rgb]
    dark: bool

    def __getitem__(self, role: str) -> Rgb:
        return self.roles[role]

    def with_roles(self, **roles: Rgb) -> "Palette":
        """The same with some roles changed."""
        return Palette({**self.roles, **roles}, self.dark)

    def set_off(self, ground: Rgb, least: float = 0.24) -> "Palette":
        """The same with a body whose lightness differs by at least so much from a ground's: lighter in a
        dark palette, darker in a light one, wherever there is room."""
        there, here = lch_of(ground)[0], lch_of(self["body"])[0]
        up = there + least < 0.96 if self.dark else there - least < 0.15
        moved = {}
        if abs(here - there) < least:
            move = (there + least if up else there - least) - here
            for role in BODY:
                light, chroma, hue = lch_of(self[role])
                moved[role] = rgb_of(min(max(light + move, 0.12), 0.97), chroma, hue)
        for role in ("belly", "accent"):
            light, chroma, hue = lch_of(self[role])
            if abs(light - there) < least / 2:
                moved[role] = rgb_of(there + least / 2 if up else there - least / 2, chroma, hue)
        return self.with_roles(**moved)


def _hex(selection: Selection, name: str, dice: Dice) -> Lch:
    """The colour of an attribute, or one of the address's own when the series left none."""
    text = ""
    try:
        text = selection[name].field("hex").lstrip("#")
        value = int(text[:6], 16)
    except (KeyError, ValueError):
        return 0.6, 0.12, dice.span(f"hue of {name}", 0, 360)
    return lch_of((value >> 16 & 255, value >> 8 & 255, value & 255))


def _apart(hue: float, other: float, least: float, way: int) -> float:
    gap = (hue - other + 180) % 360 - 180
    if abs(gap) >= least:
        return hue
    return (other + math.copysign(least, gap if gap else way)) % 360


def _clear(hue: float, others: tuple[tuple[float, float], ...], way: int) -> float:
    """The nearest hue, in steps of 15 degrees, that keeps the least distance from each of the others."""
    for step in range(13):
        for turned in (hue + 15 * step * way, hue - 15 * step * way):
            if all(abs((turned - other + 180) % 360 - 180) >= least for other, least in others):
                return turned % 360
    return hue


DEEP = (28.0, 155.0, 195.0, 230.0, 260.0, 300.0, 345.0)
"""Hues of a ground that is darkened from a near white, which has hardly a hue of its own."""


def palette_of(selection: Selection, dice: Dice) -> Palette:
    """The family of colours of a selection: color1 is the creature, color2 its ornament, color3 the ground.

    Under a limit of colours the last one allowed is the ground, as in the texts.
    """
    given = [_hex(selection, name, dice) for name in ("color1", "color2", "color3")]
    one, two, three = given[0], given[1], given[(selection.color_limit or 3) - 1]
    way = dice.side("hue way")
    hue = one[2] if one[1] > 0.012 else dice.span("grey hue", 0, 360)
    chroma = max(one[1], 0.045) if one[1] < 0.03 else min(max(one[1], 0.1), 0.2)
    pale = one[1] < 0.06
    accent_hue, ground_hue = _hues_beside(hue, pale, two, three, way)
    ground_chroma = min(max(three[1], 0.025), 0.11)
    dark = three[0] < 0.62 or (pale and one[0] > 0.9) or (one[0] > 0.84 and one[0] > three[0] + 0.05)
    if dark and three[0] >= 0.62:
        ground_chroma = max(ground_chroma, 0.095)
        if three[1] < 0.06:
            ground_hue = dice.pick("deep hue", DEEP)
            accent_hue = _clear(two[2], ((ground_hue, 40),), way)
    body, accent, ground = _lightnesses(one[0], three[0], pale, dark)
    leaf_hue = _apart(138 + dice.span("leaf", -18, 14), hue, 20, way)
    iris_hue = _apart(dice.span("iris", 0, 360), hue, 70, way)
    roles = {
        **_creature_roles((body, chroma, hue), dark),
        **_ornament_roles((accent, min(max(two[1], 0.12), 0.2), accent_hue), way),
        "leaf": rgb_of(0.62 if dark else 0.52, 0.12, leaf_hue),
        "wood": rgb_of(0.46, 0.06, 60),
        **_ground_roles((ground, ground_chroma, ground_hue), dark, way),
        "sun": rgb_of(0.8 if dark else 0.95, 0.09, (accent_hue + 20) % 360),
        "ink": rgb_of(0.19, 0.035, hue),
        "paper": rgb_of(0.965, 0.014, ground_hue),
        **_common_roles(),
        "iris": rgb_of(0.5, 0.13, iris_hue),
        "cloth": rgb_of(0.52, 0.16, accent_hue),
    }
    return Palette(roles, dark)


def _hues_beside(hue: float, pale: bool, two: Lch, three: Lch, way: int) -> tuple[float, float]:
    """The hues of ornament and ground, far enough from the creature's and from each other."""
    ground = _apart(three[2] if three[1] > 0.012 else hue + 180 * way, hue, 0 if pale else 40, way)
    wish = two[2] if two[1] > 0.012 else hue + 120 * way
    return _clear(wish, ((hue, 20 if pale else 55), (ground, 40)), way), ground


def _lightnesses(creature: float, ground: float, pale: bool, dark: bool) -> tuple[float, float, float]:
    """The lightness of creature, ornament and ground: a light creature on a dark ground or a dark one on a light."""
    if dark:
        body = min(max(creature, 0.7), 0.92 if pale else 0.86)
        return body, 0.62 if body > 0.78 else 0.86, 0.24 + 0.2 * max(ground - 0.15, 0) / 0.47
    body = min(max(creature, 0.42), 0.64)
    return body, 0.72 if body < 0.56 else 0.42, 0.84 + 0.1 * (ground - 0.62) / 0.38


def _creature_roles(body: Lch, dark: bool) -> dict[str, Rgb]:
    light, chroma, hue = body
    belly = (0.93, min(chroma * 0.35, 0.05)) if dark else (0.79, min(chroma * 0.5, 0.07))
    return {
        "body": rgb_of(light, chroma, hue),
        "shade": rgb_of(light - 0.13, chroma * 0.95, hue - 12),
        "light": rgb_of(min(light + 0.12, 0.95), chroma * 0.8, hue + 10),
        "belly": rgb_of(*belly, hue + 25),
        "deep": rgb_of(light - 0.22, chroma * 0.8, hue - 15),
        "brow": rgb_of(max(light - 0.42, 0.16), chroma * 0.7, hue - 15),
    }


def _ornament_roles(accent: Lch, way: int) -> dict[str, Rgb]:
    light, chroma, hue = accent
    return {
        "accent": rgb_of(light, chroma, hue),
        "accent shade": rgb_of(light - 0.14, chroma, hue - 10),
        "second": rgb_of(0.72, 0.13, (hue + 60 * way) % 360),
    }


def _ground_roles(ground: Lch, dark: bool, way: int) -> dict[str, Rgb]:
    """The sky and, from far to near, the layers of a landscape: lighter by steps on a dark ground, else darker."""
    light, chroma, hue = ground
    step = -0.06 if dark else 0.052
    far, mid, near = (0.9, -1.0, -2) if dark else (-1.1, -2.2, -3.4)
    return {
        "ground": rgb_of(light, chroma, hue),
        "sky": rgb_of(light - step * 1.2, chroma * 1.25, hue + 28 * way),
        "far": rgb_of(light + step * far, chroma, hue + 10 * way),
        "mid": rgb_of(light + step * mid, chroma * 1.15, hue - 8 * way),
        "near": rgb_of(light + step * near, chroma * 1.2, hue - 22 * way),
        **_scene_roles(ground, dark, way),
    }


def _scene_roles(ground: Lch, dark: bool, way: int) -> dict[str, Rgb]:
    """What a landmark is made of: near the ground in lightness, so that the figure stays first, apart in hue."""
    light, chroma, hue = ground
    up = 1 if dark else -1
    quiet = min(max(chroma, 0.03), 0.07)
    return {
        "stone": rgb_of(light + 0.19 * up, quiet, hue + 34 * way),
        "stone shade": rgb_of(light + (0.06 if dark else -0.32), quiet, hue + 20 * way),
        "stone light": rgb_of(light + (0.3 if dark else -0.07), quiet * 0.8, hue + 44 * way),
        "roof": rgb_of(light + (0.17 if dark else -0.32), 0.12, hue + 150),
        "grove": rgb_of(light + (0.15 if dark else -0.3), 0.1, 145),
        "timber": rgb_of(light + (0.1 if dark else -0.42), 0.06, 60),
        "water": rgb_of(light + (0.22 if dark else -0.14), 0.085, 235),
        "snow": rgb_of(0.72 if dark else 0.985, 0.012, hue),
        "lamp": rgb_of(0.74 if dark else 0.93, 0.11, 88),
    }


def _common_roles() -> dict[str, Rgb]:
    """Colours of things that have the same colour in every picture."""
    return {
        "white": rgb_of(0.985, 0.006, 90),
        "cheek": rgb_of(0.7, 0.14, 18),
        "mouth": rgb_of(0.42, 0.13, 20),
        "metal": rgb_of(0.84, 0.13, 88),
        "steel": rgb_of(0.72, 0.02, 250),
        "tear": rgb_of(0.78, 0.1, 235),
        "heart": rgb_of(0.58, 0.22, 20),
    }


FLESH = {"cheek", "mouth", "belly"}
GROUNDS = {"ground", "sky", "far", "mid", "near", "sun", "lamp", "snow", "water", "timber", "grove", "roof"}
GROUNDS |= {"stone", "stone shade", "stone light"}


def limited(palette: Palette, count: int) -> Palette:
    """The palette in at most so many hues (0: no limit), each in all its tints and shades; ink, paper and greys stay.

    One is the creature's, two are the creature's and the ground's, three the ornament's too. Everything takes the
    nearest one.
    """
    if not count:
        return palette
    leaders = [lch_of(palette[role])[2] for role in ("body", "ground", "accent")[:count]]
    roles = {}
    for role, colour in palette.roles.items():
        light, chroma, hue = lch_of(colour)
        nearest = min(leaders, key=lambda leader: abs((leader - hue + 180) % 360 - 180))
        if role in GROUNDS:
            nearest = leaders[min(1, count - 1)]
        elif role in FLESH and min(abs((leader - 18 + 180) % 360 - 180) for leader in leaders) > 45:
            nearest, chroma = hue, min(chroma, 0.048)  # a breath of blood, hardly a hue
        roles[role] = colour if role in ("ink", "paper", "white") else rgb_of(light, chroma, nearest)
    return Palette(roles, palette.dark)
