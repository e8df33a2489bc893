"""The hands: each treatment takes ground and figure and makes a picture of its own kind of them."""

from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.hands.drawn import blueprint, ink, pencil
from dalle.painters.sketch.hands.flat import comic, papercut, poster
from dalle.painters.sketch.hands.lens import facets, silver
from dalle.painters.sketch.hands.painted import fresco, oil, storybook, watercolour
from dalle.painters.sketch.hands.precious import gilded, glass
from dalle.painters.sketch.hands.printed import linocut, riso, ukiyoe
from dalle.painters.sketch.hands.tiled import dots, mosaic, pixel, textile
from dalle.painters.sketch.hands.work import Hand, Work

__all__ = ["HANDS", "SCHOOLS", "Work", "hand_of"]

HANDS: dict[str, Hand] = {
    "poster": poster,
    "storybook": storybook,
    "ink": ink,
    "watercolour": watercolour,
    "linocut": linocut,
    "dots": dots,
    "oil": oil,
    "glass": glass,
    "riso": riso,
    "ukiyoe": ukiyoe,
    "blueprint": blueprint,
    "mosaic": mosaic,
    "comic": comic,
    "pixel": pixel,
    "pencil": pencil,
    "textile": textile,
    "fresco": fresco,
    "facets": facets,
    "silver": silver,
    "gilded": gilded,
    "papercut": papercut,
}


SCHOOLS: dict[str, tuple[str, ...]] = {
    "renaissance": ("fresco", "oil"),
    "baroque": ("oil", "gilded"),
    "romanticism": ("oil", "watercolour"),
    "realism": ("oil", "pencil"),
    "impressionism": ("dots", "oil"),
    "expressionism": ("linocut", "oil"),
    "cubism": ("facets",),
    "surrealism": ("storybook", "facets"),
    "abstraction": ("facets", "papercut"),
    "minimalism": ("poster", "papercut"),
    "pop": ("comic", "riso"),
    "poster": ("poster", "riso"),
    "printmaking": ("linocut",),
    "ink": ("ink",),
    "drawing": ("pencil", "ink"),
    "watercolour": ("watercolour",),
    "oil": ("oil",),
    "fresco": ("fresco",),
    "icon": ("gilded",),
    "mosaic": ("mosaic",),
    "stained-glass": ("glass",),
    "textile": ("textile",),
    "folk": ("papercut", "textile", "storybook"),
    "street": ("comic", "riso"),
    "comics": ("comic",),
    "digital": ("pixel", "poster"),
    "photography": ("silver",),
    "technical": ("blueprint",),
    "decorative": ("papercut", "glass", "gilded"),
    "medieval": ("gilded", "glass"),
    "ancient": ("mosaic", "fresco"),
    "east-asian": ("ink", "watercolour"),
    "ukiyo-e": ("ukiyoe",),
    "south-asian": ("gilded", "storybook"),
    "islamic": ("mosaic", "gilded"),
    "african": ("textile", "linocut"),
    "oceanic": ("linocut", "textile"),
    "american": ("storybook", "poster"),
    "modernism": ("poster", "facets", "riso"),
}


def hand_of(group: str, dice: Dice) -> str:
    """The name of the hand for a group of art styles; any of them when the group is unknown."""
    return dice.pick("hand", SCHOOLS.get(group) or tuple(HANDS))
