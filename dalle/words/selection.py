"""From an address to its attributes: exact, pure, and the same on every machine."""

from functools import lru_cache

from dalle.words import seed as seeds
from dalle.words.attributes import Attribute, Dress
from dalle.words.catalog import Catalog, Row
from dalle.words.shelf import Series

SLOTS = (
    ("adverb", "adverbs"),
    ("adjective", "adjectives"),
    ("noun", "nouns"),
    ("emotion", "emotions"),
    ("occupation", "occupations"),
    ("action", "actions"),
    ("artStyle1", "artstyles"),
    ("artStyle2", "artstyles"),
    ("litStyle", "litstyles"),
    ("color1", "colors"),
    ("color2", "colors"),
    ("color3", "colors"),
    ("viewpoint", "viewpoints"),
    ("gaze", "gazes"),
    ("composition", "compositions"),
)
LATER_SLOTS = (("place", "places"), ("trope", "tropes"), ("backStyle", "backstyles"))


def dress(address: str, series: Series, catalog: Catalog) -> Dress:
    """Select the attributes of `address` under `series`, in order.

    The positions are reserved: a new attribute takes a new window and changes none of the old ones.
    """
    address = address.lower()
    seed = seeds.seed(address)
    slots = (*zip(SLOTS, seeds.windows(seed), strict=True), *zip(LATER_SLOTS, seeds.later_windows(seed), strict=True))
    attributes = tuple(_select(name, database, window, series, catalog) for (name, database), window in slots)
    return Dress(address, seed, series.name, series.suffix, series.color_limit, attributes)


def _select(name: str, database: str, window: str, series: Series, catalog: Catalog) -> Attribute:
    number = int(window, 16)
    factor = number / 2**24
    rows = catalog.choose(database, series.filters.get(database, ()))
    if not rows:
        return Attribute(database, name, window, number, factor, 1, 0, "none", {})
    count = len(rows)
    selector = int(count * factor)
    value, fields = _told(catalog.databases[database].columns, rows[selector])
    return Attribute(database, name, window, number, factor, count, selector, value, fields)


@lru_cache(maxsize=16384)
def _told(columns: tuple[str, ...], row: Row) -> tuple[str, dict[str, str]]:
    """The row as one text and by column: the same few thousand rows are selected again and again."""
    return ",".join(row), dict(zip(columns, row, strict=True))
