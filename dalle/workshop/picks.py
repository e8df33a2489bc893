"""A selection as row numbers: short enough for a URL, and the same for the same picture whatever filters led to it."""

import re

from dalle.words.attributes import Attribute
from dalle.words.catalog import Catalog
from dalle.words.seed import later_windows, seed_of, windows
from dalle.words.selection import LATER_SLOTS, SLOTS, Selection
from dalle.words.series import Series

COUNT = len(SLOTS) + len(LATER_SLOTS)
PICKS = re.compile(rf"[0-9]{{0,8}}(?:\.[0-9]{{0,8}}){{{COUNT - 1}}}")


class Picks:
    """The row numbers of one catalogue. They count from 0 in the whole database; no number stands for no row."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._databases = catalog.databases
        self._numbers: dict[str, dict[str, int]] = {}

    def text(self, selection: Selection) -> str:
        """Returns the numbers of all attributes, with dots between them."""
        return ".".join(self._number(attribute) for attribute in selection)

    def selection(self, address: str, series: Series, text: str) -> Selection:
        """Returns the selection of a text; the series' filters do not count.

        Raises ValueError for a text that is none of this catalogue.
        """
        if not PICKS.fullmatch(text):
            raise ValueError(f"expected the numbers of {COUNT} rows with dots between them")
        seed = seed_of(address)
        slots = (*zip(SLOTS, windows(seed), strict=True), *zip(LATER_SLOTS, later_windows(seed), strict=True))
        attributes = tuple(
            self._attribute(name, database, window, number)
            for ((name, database), window), number in zip(slots, text.split("."), strict=True)
        )
        return Selection(address, seed, series.name, series.suffix, series.color_limit, attributes)

    def _number(self, attribute: Attribute) -> str:
        if not attribute.present:
            return ""
        if attribute.database not in self._numbers:
            lines = self._catalog.lines(attribute.database)
            # Of rows that are the same twice the first counts.
            self._numbers[attribute.database] = {line: at for at, line in reversed(list(enumerate(lines)))}
        return str(self._numbers[attribute.database][attribute.value])

    def _attribute(self, name: str, database: str, window: str, number: str) -> Attribute:
        rows, value = self._databases[database].rows, int(window, 16)
        factor = value / 2**24
        if not number:
            return Attribute(database, name, window, value, factor, 1, 0, "none", {})
        if int(number) >= len(rows):
            raise ValueError(f"{database} has no row {number}")
        row = rows[int(number)]
        fields = dict(zip(self._databases[database].columns, row, strict=True))
        return Attribute(database, name, window, value, factor, len(rows), int(number), ",".join(row), fields)
