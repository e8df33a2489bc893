from pathlib import Path

import pytest

from dalle.storage.folder.series import SeriesFolder
from dalle.words.catalog import Catalog
from dalle.words.library import Library
from dalle.words.orientation import Orientation, orientation_of
from dalle.words.selection import select
from dalle.words.series import Series
from dalle.words.shelf import SeriesShelf
from tests.kit.selections import address

SELECTIONS = [select(address(number), Series.parse("mine", b"{}"), Catalog.load()) for number in range(1, 40)]


@pytest.mark.parametrize("orientation", ["square", "portrait", "landscape"])
def test_has_one_orientation_for_every_picture_where_it_is_set(tmp_path: Path, orientation: Orientation) -> None:
    library = Library(Catalog.load(), SeriesShelf(SeriesFolder(tmp_path)), orientation)
    assert {library.orientation_of(selection) for selection in SELECTIONS} == {orientation}


def test_has_the_orientation_that_the_words_suggest_otherwise(tmp_path: Path) -> None:
    library = Library(Catalog.load(), SeriesShelf(SeriesFolder(tmp_path)))
    suggested = [library.orientation_of(selection) for selection in SELECTIONS]
    assert suggested == [orientation_of(selection) for selection in SELECTIONS]
    assert len(set(suggested)) > 1
