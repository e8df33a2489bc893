"""The series and the words of a data folder: what a selection is made from."""

from dataclasses import dataclass

from dalle.words.catalog import Catalog
from dalle.words.orientation import Orientation, orientation_of
from dalle.words.selection import Selection
from dalle.words.shelf import SeriesShelf


@dataclass(frozen=True, slots=True)
class Library:
    """Both together. `orientation`: that of every picture, None for what its words suggest."""

    catalog: Catalog
    shelf: SeriesShelf
    orientation: Orientation | None = None

    def orientation_of(self, selection: Selection) -> Orientation:
        return self.orientation or orientation_of(selection)
