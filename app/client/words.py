"""What the pure commands read: series, word databases and layout, without making a data folder."""

from dataclasses import dataclass

from app.config import Config
from dalle import pinning
from dalle.errors import InvalidSeries
from dalle.key import Key
from dalle.storage.folder.layout import Store
from dalle.storage.folder.series import SeriesFolder
from dalle.words import prompts
from dalle.words.catalog import Catalog
from dalle.words.selection import Selection, select
from dalle.words.series import Series
from dalle.words.shelf import SeriesShelf


@dataclass(frozen=True, slots=True)
class Library:
    """The same series and words as a studio on this data folder would use."""

    store: Store
    shelf: SeriesShelf
    catalog: Catalog

    def key(self, series: str, address: str) -> Key:
        return Key.parse(series, address, lambda name, _address: self.shelf.get(name) is not None)

    def series(self, name: str) -> Series:
        found = self.shelf.get(name)
        if found is None:
            problem = self.shelf.problems().get(name)
            raise InvalidSeries(f"Series '{name[:64]}' " + (f"cannot be used: {problem}" if problem else "not found"))
        return found

    def selection(self, key: Key) -> Selection:
        return select(key.address, self.series(key.series), self.catalog)

    def texts(self, key: Key) -> prompts.Prompts:
        return prompts.write(self.selection(key))


def opened(config: Config) -> Library:
    """The library that the configuration describes; nothing is written."""
    store = Store(config.data_dir)
    catalog = pinning.known(store, config.catalog, config.databases_dir)
    return Library(store, SeriesShelf(SeriesFolder(store.series)), catalog)
