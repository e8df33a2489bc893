"""The series and the words of a data folder: what a selection is made from."""

from dataclasses import dataclass

from dalle.words.catalog import Catalog
from dalle.words.shelf import SeriesShelf


@dataclass(frozen=True, slots=True)
class Library:
    """Both together."""

    catalog: Catalog
    shelf: SeriesShelf
