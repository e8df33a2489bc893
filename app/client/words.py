"""The series and word databases of a data folder, for commands that write nothing."""

from dataclasses import dataclass

from app.client.data_folder import check_folder
from app.client.target import configuration
from app.config import Config
from app.suggestion import question
from app.wiring import studio_settings
from dalle.engines import open_storage
from dalle.errors import InvalidSeries
from dalle.key import Key
from dalle.library import open_library
from dalle.storage.protocol import Storage
from dalle.words.catalog import Catalog
from dalle.words.editor import SeriesEditor
from dalle.words.library import Library
from dalle.words.selection import Selection, select
from dalle.words.series import Series
from dalle.words.shelf import SeriesShelf


@dataclass(frozen=True, slots=True)
class Words:
    """The same series and words as a studio on this data folder would use."""

    storage: Storage
    library: Library

    @property
    def shelf(self) -> SeriesShelf:
        return self.library.shelf

    @property
    def catalog(self) -> Catalog:
        return self.library.catalog

    @property
    def editor(self) -> SeriesEditor:
        return SeriesEditor(self.storage.series)

    def key(self, series: str, address: str) -> Key:
        """Returns the key. Raises MissingParameter, InvalidSeries as `series` does, InvalidAddress."""
        return Key.parse(series, address, lambda name, _address: bool(self.series(name)))

    def series(self, name: str) -> Series:
        """Returns the series. Raises InvalidSeries, which says why its file cannot be used."""
        series = self.shelf.get(name)
        if series is None:
            problem = self.shelf.problems().get(name)
            reason = f"cannot be used: {problem}" if problem else f"not found{question(name, self.shelf.names())}"
            if name in self.shelf.hidden():
                reason = f"is hidden: dalleserver series restore {name} shows it again"
            raise InvalidSeries(f"Series '{name[:64]}' {reason}")
        return series

    def selection(self, key: Key) -> Selection:
        return select(key.address, self.series(key.series), self.catalog)


def words_of(data_dir: str | None) -> Words:
    """Returns the words of a command's data folder, those built in if it does not exist. Raises CatalogError, Stop."""
    config = configuration(data_dir)
    check_folder(config, absent="the built-in series and words are used")
    return open_words(config)


def open_words(config: Config) -> Words:
    """Returns the words that the configuration describes. Raises CatalogError."""
    settings = studio_settings(config)
    storage = open_storage(settings)
    return Words(storage, open_library(settings, storage))
