"""One picture from one selection: creature, scene, hand, in this order."""

import math
from dataclasses import dataclass

from PIL import Image

from dalle.painters.sketch.avatar import LARGEST, avatar
from dalle.painters.sketch.canvas import Brushwork, multiply
from dalle.painters.sketch.contrast import set_apart
from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.figure.creature import Drawn, figure_of
from dalle.painters.sketch.figure.marks import manner
from dalle.painters.sketch.hands import HANDS, Hand, Work, technique_of
from dalle.painters.sketch.hands.trace import trace
from dalle.painters.sketch.palette import Palette, limited, mix, palette_of
from dalle.painters.sketch.penwork import Pen, paint
from dalle.painters.sketch.scene import scenery
from dalle.painters.sketch.scene.backdrop import backdrop, ground_kind
from dalle.painters.sketch.scene.landscape import base_of
from dalle.painters.sketch.scene.stage import Stage, place_figure, stage_of
from dalle.painters.sketch.shapes import Figure, ellipse
from dalle.painters.sketch.tables import family
from dalle.painters.sketch.words import Words
from dalle.words.selection import Selection

LEAST, MOST = 16, 4096


@dataclass(frozen=True, slots=True)
class Placed:
    """A figure in its place in the frame: pixels of one unit, half the width of its face in pixels."""

    figure: Figure
    stage: Stage
    scale: float
    reach: float


def technique_name(selection: Selection) -> str:
    """The hand of a selection, by the group of its first style."""
    dice = Dice(selection.original, selection.series, "hand")
    return technique_of(Words(selection).of("artStyle1", "group"), dice)


def placed(selection: Selection, size: tuple[int, int], hand: Hand) -> Placed:
    """The figure of a selection as a hand draws it, in its place in a frame of that size."""
    words = Words(selection)
    stage = staged(selection)
    figure = figure_of(words, selection.original, Drawn(hand.eyes, hand.head, hand.detail, hand.tall))
    scale = place_figure(figure, stage, size)
    manner(figure, words.word("adverb"), size)
    reach = figure.face_size * scale
    return Placed(figure, stage, scale, reach)


def staged(selection: Selection) -> Stage:
    """The place that the words of a selection want for its figure."""
    words = Words(selection)
    dice = Dice(selection.original, selection.series, selection.suffix, "scene")
    return stage_of(words.of("composition", "category"), words.of("viewpoint", "category"), dice)


def grounded(ground: Image.Image, put: Placed, palette: Palette) -> Image.Image:
    """The ground with a shadow where the creature stands, or below it when it is in the air."""
    left, _, right, foot = put.figure.box({"body", "tail", "front"})
    foot += put.figure.lift * put.scale
    wide = (right - left) / 2 * (1 - min(0.5, put.figure.lift * 2))
    brush = Brushwork(ground, Dice("shadow"))
    for grow, opacity in ((1.1, 60), (0.86, 80)):
        shadow = ellipse(complex((left + right) / 2, foot), wide * grow, wide * 0.13 * grow)
        brush.shape(shadow, mix(palette["near"], palette["ink"], 0.5), None, 0, opacity)
    return brush.done()


def composed(selection: Selection, size: tuple[int, int], technique: str = "") -> Work:
    """Ground, scenery, placed creature and colours of a selection, before the hand paints."""
    hand = HANDS[technique or technique_name(selection)]
    words = Words(selection)
    dice = Dice(selection.original, selection.series, selection.suffix, "scene")
    palette = limited(palette_of(selection, Dice(selection.original, "palette")), selection.color_limit)
    put = placed(selection, size, hand)
    left, top, right, bottom = put.figure.box({"body", "head", "skull"})
    focus = complex((left + right) / 2, (top + bottom) / 2)
    kind = ground_kind(words.of("backStyle", "phrase"), dice)
    base = base_of(family("places", words.word("place")))
    composition = words.of("composition", "category")
    ground = backdrop(size, palette, dice, put.stage, kind, base, composition, focus, words.world)
    setting = scenery.Setting(size, put.stage, focus, words.world)
    sights = scenery.weather(words, setting) + scenery.landmark(
        words, setting, kind == "room" and words.world == "land"
    )
    sights += scenery.emblem(words, setting, (left, right))
    width = max(put.scale * 0.0125, 0.6)
    if not hand.scene:
        brush = Brushwork(ground, dice)
        paint(brush, sights, palette, Pen(palette["stone shade"], width * 0.5), 0.0, 0.9)
        ground = brush.done()
    if put.stage.frame == "full" and not put.figure.floats:
        ground = grounded(ground, put, palette)
    second = words.of("artStyle2", "group")
    ground = trace(ground, second, palette, Dice(selection.original, selection.series, "trace"))
    apart = palette.set_off(palette["ground"], 0.26)
    return Work(ground, put.figure.ordered(), apart, dice, width, sights, put.reach, hand.contour)


def draw(selection: Selection, size: tuple[int, int] = (1024, 1024), technique: str = "") -> Image.Image:
    """Paint a selection as RGB of that size (16…4096 pixels a side); `technique` overrides the hand by name.

    Pictures of at most 64 pixels across show the head alone, unless a hand is named. Pure: the same selection and size
    give the same pixels. Raises ValueError for a size that is out of range.
    """
    if not all(LEAST <= side <= MOST for side in size):
        raise ValueError(f"a picture of {size[0]} x {size[1]} pixels: each side must be {LEAST} to {MOST}")
    if size[0] <= LARGEST and not technique:
        return avatar(selection, size)
    name = technique or technique_name(selection)
    work = composed(selection, size, name)
    image = multiply(HANDS[name].paint(work), daylight(size, Dice(selection.original, "daylight")))
    return set_apart(image, work.mask())


def daylight(size: tuple[int, int], dice: Dice) -> Image.Image:
    """Light on the whole picture, from a direction of the address's own."""
    way, strength = dice.span("way", 0, math.tau), dice.span("strength", 8, 24)
    lamp = complex(math.cos(way), math.sin(way)) * dice.span("far", 0.4, 1.1)
    coarse = Image.new("L", (9, 9))
    coarse.putdata(
        [255 - round(strength * min(1.6, abs(complex(x, y) / 4 - 1 - 1j - lamp))) for y in range(9) for x in range(9)]
    )
    return coarse.resize(size, Image.Resampling.BICUBIC)
