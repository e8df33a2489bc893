"""Techniques: each one makes a picture of its own kind out of a ground and a figure."""

from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.techniques.drawn import blueprint, ink, pencil
from dalle.painters.sketch.techniques.flat import comic, papercut, poster
from dalle.painters.sketch.techniques.lens import facets, silver
from dalle.painters.sketch.techniques.painted import fresco, oil, storybook, watercolour
from dalle.painters.sketch.techniques.precious import gilded, glass
from dalle.painters.sketch.techniques.printed import linocut, riso, ukiyoe
from dalle.painters.sketch.techniques.tiled import dots, mosaic, pixel, textile
from dalle.painters.sketch.techniques.work import Technique, Work

__all__ = ["SCHOOLS", "TECHNIQUES", "Work", "technique_of"]

TECHNIQUES: dict[str, Technique] = {
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


def technique_of(group: str, dice: Dice) -> str:
    """Picks the name of a technique for a group of art styles; any of them when the group is unknown."""
    return dice.pick("hand", SCHOOLS.get(group) or tuple(TECHNIQUES))
