"""The attributes selected for an address. Pure: the same on every machine, at any time."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from dalle.words.attributes import Attribute
from dalle.words.catalog import Catalog, Row
from dalle.words.seed import later_windows, seed_of, windows
from dalle.words.series import Series

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
SHOWN = ("database", "name", "bytes", "number", "factor", "count", "selector", "value")
"""Of an attribute, in reports."""
LATER_SLOTS = (("place", "places"), ("trope", "tropes"), ("backStyle", "backstyles"))


@dataclass(frozen=True, slots=True)
class Selection:
    """All that is decided about a picture before any text is written: a pure function of address, series and catalogue.

    original    the address that identifies the picture, in lower case
    seed        64 hexadecimal digits, see `dalle.words.seed`
    series      name of the series; `suffix` and `color_limit` (0: none) come from it
    attributes  in the order of SLOTS and LATER_SLOTS
    """

    original: str
    seed: str
    series: str
    suffix: str
    color_limit: int
    attributes: tuple[Attribute, ...]

    def __getitem__(self, name: str) -> Attribute:
        for attribute in self.attributes:
            if attribute.name == name:
                return attribute
        raise KeyError(name)

    def rows(self) -> list[dict[str, Any]]:
        """Returns the attributes as reports have them."""
        return [{name: getattr(attribute, name) for name in SHOWN} for attribute in self.attributes]

    def __iter__(self) -> Iterator[Attribute]:
        return iter(self.attributes)


def select(address: str, series: Series, catalog: Catalog) -> Selection:
    """Selects the attributes of `address` in `series`.

    The positions in the seed are reserved: a new attribute takes a new window and changes no other.
    """
    address = address.lower()
    seed = seed_of(address)
    slots = (*zip(SLOTS, windows(seed), strict=True), *zip(LATER_SLOTS, later_windows(seed), strict=True))
    attributes = tuple(_select(name, database, window, series, catalog) for (name, database), window in slots)
    return Selection(address, seed, series.name, series.suffix, series.color_limit, attributes)


def reselect(plain: Selection, series: Series, catalog: Catalog) -> Selection:
    """Returns what `select` does for the address of `plain`, a selection without filters: few attributes change."""
    attributes = tuple(
        _select(each.name, each.database, each.bytes, series, catalog) if series.filters.get(each.database) else each
        for each in plain
    )
    return Selection(plain.original, plain.seed, series.name, series.suffix, series.color_limit, attributes)


def _select(name: str, database: str, window: str, series: Series, catalog: Catalog) -> Attribute:
    number = int(window, 16)
    factor = number / 2**24
    rows = catalog.choose(database, series.filters.get(database, ()))
    if not rows:
        return Attribute(database, name, window, number, factor, 1, 0, "none", {})
    count = len(rows)
    selector = int(count * factor)
    value, fields = _row(catalog.databases[database].columns, rows[selector])
    return Attribute(database, name, window, number, factor, count, selector, value, fields)


@lru_cache(maxsize=16384)
def _row(columns: tuple[str, ...], row: Row) -> tuple[str, dict[str, str]]:
    """The row as one text and by column. Cached: the same few thousand rows are selected again and again."""
    return ",".join(row), dict(zip(columns, row, strict=True))
