"""Hands: each one draws a figure of its own kind, and makes a picture of its own kind out of ground and figure."""

from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.figure.eyes import Eyes
from dalle.painters.sketch.hands.drawn import blueprint, ink, pencil
from dalle.painters.sketch.hands.flat import comic, papercut, poster
from dalle.painters.sketch.hands.hand import Hand
from dalle.painters.sketch.hands.lens import facets, silver
from dalle.painters.sketch.hands.painted import fresco, oil, storybook, watercolour
from dalle.painters.sketch.hands.precious import gilded, glass
from dalle.painters.sketch.hands.printed import linocut, riso, ukiyoe
from dalle.painters.sketch.hands.tiled import dots, mosaic, pixel, textile
from dalle.painters.sketch.hands.work import Work

__all__ = ["HANDS", "SCHOOLS", "Hand", "Work", "technique_of"]

HANDS: dict[str, Hand] = {
    "poster": Hand(poster, Eyes("dot", 1.1), 1.1, "simple", 0.05),
    "storybook": Hand(storybook, Eyes("glossy", 1.05), 1.06),
    "ink": Hand(ink, Eyes("open"), 0.96, "hatch", scene=True),
    "watercolour": Hand(watercolour, Eyes("bean", 1.06), 1.0, "bleed"),
    "linocut": Hand(linocut, Eyes("ring", 1.1), 1.1, "gouge", 0.03, 0.96, scene=True),
    "dots": Hand(dots, Eyes("glossy", 1.1), 1.04, "dots", 0.02),
    "oil": Hand(oil, Eyes("almond", 1.05), 0.94, "bristle", 0.0, 1.04),
    "glass": Hand(glass, Eyes("ring"), 1.04, "lead", 0.03, 1.04, scene=True),
    "riso": Hand(riso, Eyes("dot"), 1.12, "register"),
    "ukiyoe": Hand(ukiyoe, Eyes("almond", 0.95), 0.92, "taper", 0.0, 1.06, scene=True),
    "blueprint": Hand(blueprint, Eyes("open"), 1.0, "draft", scene=True),
    "mosaic": Hand(mosaic, Eyes("ring", 1.12), 1.12, "tiles", 0.03),
    "comic": Hand(comic, Eyes("star", 1.1), 1.2, "heavy"),
    "pixel": Hand(pixel, Eyes("square", 1.15), 1.24, "steps", 0.03, 0.94),
    "pencil": Hand(pencil, Eyes("bean"), 1.0, "loose"),
    "textile": Hand(textile, Eyes("button", 1.1), 1.15, "stitch", 0.03, 0.94),
    "fresco": Hand(fresco, Eyes("almond"), 0.9, "worn", 0.0, 1.04),
    "facets": Hand(facets, Eyes("ring", 1.05), 0.98, "facet"),
    "silver": Hand(silver, Eyes("glossy"), 0.96, scene=True),
    "gilded": Hand(gilded, Eyes("almond", 1.05), 0.9, "bead", 0.0, 1.1, scene=True),
    "papercut": Hand(papercut, Eyes("dot"), 1.14, "margin", 0.04),
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


def technique_of(group: str, dice: Dice) -> str:
    """Picks the name of a technique for a group of art styles; any of them when the group is unknown."""
    return dice.pick("hand", SCHOOLS.get(group) or tuple(HANDS))
