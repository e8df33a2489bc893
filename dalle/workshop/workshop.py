"""Looks at series that are not saved, as they would be painted, and saves them."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property, lru_cache, partial

from dalle.errors import ServiceUnavailable
from dalle.painters.forecast import Forecast, foresee
from dalle.painters.protocol import Painter
from dalle.words.attributes import word_of
from dalle.words.catalog import Catalog, Database
from dalle.words.editor import SeriesEditor
from dalle.words.library import Library
from dalle.words.selection import Selection, reselect, select
from dalle.words.series import Series
from dalle.words.series_files import SeriesFiles
from dalle.workshop.groups import Group, groups
from dalle.workshop.picks import Picks

AT_ONCE = 2
"""Drafts that a process looks at while they are typed: a worker has four threads, and the others go on with polls."""

PLAIN = 500
"""Addresses whose attributes without a filter are kept: nearly everybody looks at the same ones. A few megabytes."""


class Workshop:
    """The words of a library, for drafts. Keeps nothing of a draft: there are as many as keystrokes."""

    def __init__(self, library: Library, painter: Painter, files: SeriesFiles) -> None:
        self.editor = SeriesEditor(files)
        self._library = library
        self._painter = painter
        self.picks = Picks(library.catalog)
        self._free = threading.Semaphore(AT_ONCE)
        unfiltered = partial(select, series=Series(name="plain"), catalog=library.catalog)
        self._plain = lru_cache(maxsize=PLAIN)(unfiltered)

    @cached_property
    def groups(self) -> Mapping[str, tuple[Group, ...]]:
        """The groups of each database."""
        return {name: groups(database) for name, database in self._library.catalog.databases.items()}

    @cached_property
    def codes(self) -> Mapping[str, Mapping[str, str]]:
        """Word → code of each database of colours."""
        databases = self._library.catalog.databases.values()
        return {each.name: codes(each) for each in databases if "hex" in each.columns}

    @contextmanager
    def place(self) -> Iterator[None]:
        """Hold a place for looking at a draft. Raises ServiceUnavailable, at once, when others have them all."""
        if not self._free.acquire(blocking=False):
            raise ServiceUnavailable("many people are designing series; ask again", retry_after=1)
        try:
            yield
        finally:
            self._free.release()

    def words(self) -> Catalog:
        """Return the catalogue for one draft: what its filters leave is looked for once, and forgotten with it."""
        return self._library.catalog.apart()

    def select(self, address: str, series: Series, words: Catalog) -> Selection:
        """Return what an address selects in a draft."""
        return reselect(self._plain(address), series, words)

    def forecast(self, address: str, series: Series, words: Catalog) -> Forecast:
        """Return what would be painted for an address in a draft, and for how much."""
        return foresee(address, series, replace(self._library, catalog=words), self._painter)


def codes(database: Database) -> Mapping[str, str]:
    """Return word → code of a database of colours."""
    rows = (dict(zip(database.columns, row, strict=True)) for row in database.rows)
    return {word_of(row): row["hex"] for row in rows}
