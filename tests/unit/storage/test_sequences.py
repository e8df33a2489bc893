"""Pictures that come out of the order of their times."""

import os
import random
import sqlite3
from pathlib import Path

import pytest

from dalle.storage.folder.index.index import FolderIndex
from dalle.storage.folder.index.sequences import MOST_SEQUENCES
from tests.kit.folders import address, open_index, put
from tests.service.storage.suites.picture_index import walk


def rows(folder: Path, query: str) -> list[int]:
    base = sqlite3.connect(folder / "gallery" / "index-7.sqlite")
    found = [row[0] for row in base.execute(query)]
    base.close()
    return found


@pytest.fixture
def falling(tmp_path: Path) -> FolderIndex:
    """An index that saw each picture after a newer one."""
    index = open_index(tmp_path)
    for number in range(3 * MOST_SEQUENCES):
        put(tmp_path, "blue", address(number), age=number, title=f"Otter {number % 3}")
        assert len(index.page(limit=99).pictures) == number + 1
        index.tend(1)  # what waits to be read for long is left to the background, which joins sequences
    return index


def test_lists_pictures_in_order_that_came_in_any_other(falling: FolderIndex, tmp_path: Path) -> None:
    order = [address(number) for number in range(3 * MOST_SEQUENCES)]
    assert [picture.name for picture in walk(falling, 5)] == order
    for at in (0, 7, 17):
        picture = falling.find("blue", address(at))
        assert picture is not None
        around = falling.around(picture, words="otter")
        expected = order[at - 1] if at else None, order[at + 1] if at + 1 < len(order) else None
        assert tuple(each and each.name for each in (around["previous"], around["next"])) == expected
    assert len(rows(tmp_path, "SELECT id FROM sequences")) > MOST_SEQUENCES


def test_joins_short_sequences(falling: FolderIndex, tmp_path: Path) -> None:
    falling.tend(1)
    before = {word: falling.page(words=word, limit=99).pictures for word in ("0", "otter", "otter 2")}
    os.utime(tmp_path / "output" / "blue" / "annotated")
    falling.catch_up()
    assert len(rows(tmp_path, "SELECT DISTINCT id >> 32 FROM pictures")) == 1
    assert {word: falling.page(words=word, limit=99).pictures for word in before} == before
    assert [picture.name for picture in walk(falling, 5)] == [address(number) for number in range(len(before["otter"]))]


def test_stays_in_order_when_pictures_are_removed(falling: FolderIndex, tmp_path: Path) -> None:
    chance, left = random.Random(3), list(range(3 * MOST_SEQUENCES))
    for _ in range(12):
        number = left.pop(chance.randrange(len(left)))
        (tmp_path / "output" / "blue" / "annotated" / f"{address(number)}.png").unlink()
        assert [picture.name for picture in walk(falling, 4)] == [address(each) for each in left]
    assert falling.folders()[0].newest_ns == walk(falling, 99)[0].modified_ns
