"""One picture from one selection: creature, scene, technique, in this order."""

import math

from PIL import Image

from dalle.painters.sketch import bodies, faces, gestures, hats, techniques, trades
from dalle.painters.sketch.backdrop import backdrop
from dalle.painters.sketch.canvas import Brushwork, multiply
from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.palette import Palette, limited, mix, palette_of
from dalle.painters.sketch.shapes import TILTED, Figure, ellipse, turned
from dalle.painters.sketch.stage import place_figure, stage_of
from dalle.painters.sketch.techniques.trace import trace
from dalle.words.selection import Selection

LEAST, MOST = 16, 4096


def _field(selection: Selection, name: str, *columns: str) -> str:
    try:
        attribute = selection[name]
    except KeyError:
        return ""
    return " ".join(filter(None, (attribute.field(column) for column in columns))).lower()


def figure_of(selection: Selection) -> Figure:
    """The creature alone, in its own space; the same in every series that selects the same words."""
    dice = Dice(selection.original, "creature")
    noun = _field(selection, "noun", "name", "class", "group")
    group, klass, kind = (_field(selection, "noun", column) for column in ("group", "class", "kind"))
    figure = bodies.creature(group, klass, kind, noun, dice)
    mood = faces.mood_of(_field(selection, "emotion", "group"), _field(selection, "emotion", "polarity"), dice)
    gaze, how = faces.gaze_of(_field(selection, "gaze", "phrase"))
    faces.face(figure, dice, mood, gaze, how)
    trade = trades.trade_of(_field(selection, "occupation", "name", "description"), dice)
    hats.hat(figure, dice, trade)
    tilt = mood.tilt * dice.side("tilt")
    for shape in figure.shapes:
        if shape.part in TILTED:
            shape.points = [point + mood.slump * 1j for point in turned(shape.points, tilt, figure.neck)]
    gestures.gesture(figure, dice, _field(selection, "action", "word", "definition"), trade, mood)
    return figure


AQUATIC = {"fish", "shark", "jellyfish", "cephalopod", "echinoderm", "crustacean", "alga", "water beast", "cetacean"}


def world_of(selection: Selection) -> str:
    """Where a creature lives: "water", under a "lens", or on "land"."""
    if _field(selection, "noun", "kind") == "microbes":
        return "lens"
    return "water" if {_field(selection, "noun", column) for column in ("group", "class")} & AQUATIC else "land"


def grounded(ground: Image.Image, figure: Figure, palette: Palette) -> Image.Image:
    """The ground with a shadow where the creature stands."""
    left, _, right, _ = figure.box({"body", "tail", "front"})
    foot = figure.box({"body", "tail", "front", "back"})[3]
    wide = (right - left) / 2
    brush = Brushwork(ground, Dice("shadow"))
    for grow, opacity in ((1.1, 60), (0.86, 80)):
        shadow = ellipse(complex((left + right) / 2, foot), wide * grow, wide * 0.13 * grow)
        brush.shape(shadow, mix(palette["near"], palette["ink"], 0.5), None, 0, opacity)
    return brush.done()


def technique_name(selection: Selection) -> str:
    """The technique of a selection, by the group of its first style."""
    dice = Dice(selection.original, selection.series, "hand")
    return techniques.technique_of(_field(selection, "artStyle1", "group"), dice)


def composed(selection: Selection, size: tuple[int, int]) -> techniques.Work:
    """Ground, placed creature and colours of a selection, before any technique."""
    dice = Dice(selection.original, selection.series, selection.suffix, "scene")
    palette = limited(palette_of(selection, Dice(selection.original, "palette")), selection.color_limit)
    composition, viewpoint = _field(selection, "composition", "category"), _field(selection, "viewpoint", "category")
    stage = stage_of(composition, viewpoint, dice)
    figure = figure_of(selection)
    scale = place_figure(figure, stage, size)
    left, top, right, bottom = figure.box({"body", "head", "skull"})
    focus = complex((left + right) / 2, (top + bottom) / 2)
    place = _field(selection, "place", "name", "region", "country")
    phrase = _field(selection, "backStyle", "phrase")
    ground = backdrop(size, palette, dice, stage, phrase, place, composition, focus, world_of(selection))
    if not figure.floats:
        ground = grounded(ground, figure, palette)
    second = _field(selection, "artStyle2", "group")
    ground = trace(ground, second, palette, Dice(selection.original, selection.series, "trace"))
    apart = palette.set_off(palette["ground"], 0.2)
    return techniques.Work(ground, figure.ordered(), apart, dice, max(scale * 0.0125, 0.6))


def draw(selection: Selection, size: tuple[int, int] = (1024, 1024), technique: str = "") -> Image.Image:
    """Paint a selection as RGB of that size (16…4096 pixels a side); `technique` overrides the technique by name.

    Pure: the same selection and size give the same pixels. Raises ValueError for a size that is out of range.
    """
    if not all(LEAST <= side <= MOST for side in size):
        raise ValueError(f"a picture of {size[0]} x {size[1]} pixels: each side must be {LEAST} to {MOST}")
    image = techniques.TECHNIQUES[technique or technique_name(selection)](composed(selection, size))
    return multiply(image, daylight(size, Dice(selection.original, "daylight")))


def daylight(size: tuple[int, int], dice: Dice) -> Image.Image:
    """Light on the whole picture, from a direction of the address's own."""
    way, strength = dice.span("way", 0, math.tau), dice.span("strength", 10, 32)
    lamp = complex(math.cos(way), math.sin(way)) * dice.span("far", 0.4, 1.1)
    coarse = Image.new("L", (9, 9))
    coarse.putdata(
        [255 - round(strength * min(1.6, abs(complex(x, y) / 4 - 1 - 1j - lamp))) for y in range(9) for x in range(9)]
    )
    return coarse.resize(size, Image.Resampling.BICUBIC)
