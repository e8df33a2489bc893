"""One picture from one dress: creature, scene, manner, in this order."""

from PIL import Image

from dalle.dress import Dress
from dalle.painters.sketch import bodies, faces, gestures, hands, hats, trades
from dalle.painters.sketch.backdrop import backdrop
from dalle.painters.sketch.canvas import multiply
from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.hands.trace import trace
from dalle.painters.sketch.palette import limited, palette_of
from dalle.painters.sketch.shapes import TILTED, Figure, turned
from dalle.painters.sketch.stage import place_figure, stage_of

LEAST, MOST = 16, 4096


def _field(dress: Dress, name: str, *columns: str) -> str:
    try:
        attribute = dress[name]
    except KeyError:
        return ""
    return " ".join(filter(None, (attribute.field(column) for column in columns))).lower()


def figure_of(dress: Dress) -> Figure:
    """The creature alone, in its own space; the same in every series that selects the same words."""
    dice = Dice(dress.original, "creature")
    noun = _field(dress, "noun", "name", "class", "group")
    group, klass, kind = (_field(dress, "noun", column) for column in ("group", "class", "kind"))
    figure = bodies.creature(group, klass, kind, noun, dice)
    mood = faces.mood_of(_field(dress, "emotion", "group"), _field(dress, "emotion", "polarity"), dice)
    gaze, how = faces.gaze_of(_field(dress, "gaze", "phrase"))
    faces.face(figure, dice, mood, gaze, how)
    trade = trades.trade_of(_field(dress, "occupation", "name", "description"), dice)
    hats.hat(figure, dice, trade)
    tilt = mood.tilt * dice.side("tilt")
    for shape in figure.shapes:
        if shape.part in TILTED:
            shape.points = turned(shape.points, tilt, figure.neck)
    gestures.gesture(figure, dice, _field(dress, "action", "word", "definition"), trade)
    return figure


def hand_name(dress: Dress) -> str:
    """The treatment of a dress: by its first style's group."""
    return hands.hand_of(_field(dress, "artStyle1", "group"), Dice(dress.original, dress.series, "hand"))


def composed(dress: Dress, size: tuple[int, int]) -> hands.Work:
    """Ground, placed creature and colours of a dress, before any treatment."""
    dice = Dice(dress.original, dress.series, dress.suffix, "scene")
    palette = limited(palette_of(dress, Dice(dress.original, "palette")), dress.color_limit)
    composition, viewpoint = _field(dress, "composition", "category"), _field(dress, "viewpoint", "category")
    stage = stage_of(composition, viewpoint, dice)
    figure = figure_of(dress)
    scale = place_figure(figure, stage, size)
    left, top, right, bottom = figure.box({"body", "head", "skull"})
    focus = complex((left + right) / 2, (top + bottom) / 2)
    place = _field(dress, "place", "name", "region", "country")
    ground = backdrop(size, palette, dice, stage, _field(dress, "backStyle", "phrase"), place, composition, focus, 0.0)
    ground = trace(ground, _field(dress, "artStyle2", "group"), palette, Dice(dress.original, dress.series, "trace"))
    return hands.Work(ground, figure.ordered(), palette, dice, max(scale * 0.0125, 0.6))


def draw(dress: Dress, size: tuple[int, int] = (1024, 1024), hand: str = "") -> Image.Image:
    """Paint a dress as RGB of that size (16…4096 pixels a side); `hand` overrides the treatment by name.

    Pure: the same dress and size give the same pixels. Raises ValueError for a size that is out of range.
    """
    if not all(LEAST <= side <= MOST for side in size):
        raise ValueError(f"a picture of {size[0]} x {size[1]} pixels: each side must be {LEAST} to {MOST}")
    image = hands.HANDS[hand or hand_name(dress)](composed(dress, size))
    return multiply(image, daylight(size, Dice(dress.original, "daylight")))


def daylight(size: tuple[int, int], dice: Dice) -> Image.Image:
    """Uneven light that falls on the whole picture: every address has a studio of its own."""
    stream = dice.stream("light")
    coarse = Image.new("L", (4, 4))
    coarse.putdata([int(208 + 47 * stream.random()) for _ in range(16)])
    return coarse.resize(size, Image.Resampling.BICUBIC)
