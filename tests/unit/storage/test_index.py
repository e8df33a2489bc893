import itertools
import os
import sqlite3
from pathlib import Path

import pytest

from dalle.key import Key
from dalle.storage.folder.index import Index, Page
from dalle.storage.folder.layout import Store
from tests.kit.pictures import address, png, put


class Clock:
    """A clock that goes on by a second at each look: no folder is ever too young to be listed again."""

    def __init__(self) -> None:
        self.seconds = itertools.count(2_000_000_000)

    def __call__(self) -> int:
        return next(self.seconds) * 1_000_000_000


@pytest.fixture
def index(tmp_path: Path) -> Index:
    return Index(Store(tmp_path), now_ns=Clock())


def names(page: Page) -> list[str]:
    return [f"{one.series}/{one.name}" for one in page.pictures]


def walked(index: Index, limit: int, **asked: str) -> list[str]:
    """All pages, one after the other."""
    found, after = [], ""
    while True:
        page = index.page(limit=limit, after=after, **asked)
        assert len(page.pictures) <= limit
        found += names(page)
        after = page.after
        if not after:
            return found


def test_is_empty_without_a_folder(index: Index) -> None:
    assert index.page() == Page([], "")
    assert index.folders() == []


def test_groups_by_series_with_the_newest_first(index: Index, tmp_path: Path) -> None:
    put(tmp_path, "blue", address(1), age=30)
    put(tmp_path, "amber", address(2), age=20)
    put(tmp_path, "blue", address(3), age=10)
    assert names(index.page()) == [f"blue/{address(3)}", f"blue/{address(1)}", f"amber/{address(2)}"]
    assert [(one.series, one.count) for one in index.folders()] == [("blue", 2), ("amber", 1)]


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 50])
def test_pages_through_everything_once(index: Index, tmp_path: Path, limit: int) -> None:
    for number in range(23):
        # Some have the same moment: the name decides then.
        put(tmp_path, ("blue", "amber", "cyan")[number % 3], address(number), age=number // 5)
    found = walked(index, limit)
    assert len(found) == len(set(found)) == 23
    assert found == names(index.page(limit=100))
    assert walked(index, limit, series="amber") == [name for name in found if name.startswith("amber/")]


def test_goes_on_where_it_was_when_newer_pictures_come(index: Index, tmp_path: Path) -> None:
    for number in range(6):
        put(tmp_path, "blue", address(number), age=number)
    first = index.page(limit=3)
    put(tmp_path, "blue", address(99), age=-10)
    assert names(index.page(limit=9, after=first.after)) == [f"blue/{address(number)}" for number in (3, 4, 5)]


@pytest.mark.parametrize("words", ["hawk", "HAWK moth", "moth hawk", "blue", address(1), "ŻAL", "blue 0x00"])
def test_finds_by_series_address_and_words_of_the_title(index: Index, tmp_path: Path, words: str) -> None:
    put(tmp_path, "blue", address(1), title="A Hawk-Moth full of żal")
    put(tmp_path, "amber", address(2), title="An otter")
    assert names(index.page(words=words)) == [f"blue/{address(1)}"]
    assert names(index.page(words=f"{words} nothing")) == []


@pytest.mark.parametrize("words", ["%", "_", "'", '"', "*", "\\"])
def test_takes_no_letter_of_the_filter_for_more_than_itself(index: Index, tmp_path: Path, words: str) -> None:
    put(tmp_path, "blue", address(1))
    assert names(index.page(words=words)) == []


def test_tells_title_and_size_before_anybody_kept_them(index: Index, tmp_path: Path) -> None:
    put(tmp_path, "blue", address(1), title="  An   otter ", content=png(size=(70, 90)))
    picture = index.page().pictures[0]
    assert (picture.title, picture.width, picture.height) == ("An otter", 70, 90)


def test_shows_no_torn_picture(index: Index, tmp_path: Path) -> None:
    put(tmp_path, "blue", address(1), content=png()[:60])
    put(tmp_path, "blue", address(2))
    assert names(index.page()) == [f"blue/{address(2)}"]
    assert index.find("blue", address(1)) is None


def test_finds_a_new_picture_before_its_folder_is_listed_again(tmp_path: Path) -> None:
    put(tmp_path, "blue", address(1))
    index = Index(Store(tmp_path), now_ns=lambda: 2_000_000_000_000_000_000)  # no time for a second listing passes
    assert len(index.page().pictures) == 1
    path = put(tmp_path, "blue", address(2), title="The otter")
    os.utime(path.parent, ns=(0, 0))
    base = sqlite3.connect(tmp_path / "gallery" / "index.sqlite", isolation_level=None)
    base.execute("UPDATE folders SET took = 1000000000000")
    base.close()
    assert len(index.page().pictures) == 1
    found = index.find("blue", address(2))
    assert found is not None
    assert found.title == "The otter"
    assert index.around(found)["next"] == index.page().pictures[0] or index.around(found)["previous"]
    assert index.find("..", "output") is None


def test_knows_the_place_of_a_picture_in_the_order(index: Index, tmp_path: Path) -> None:
    for number, series in enumerate(("blue", "blue", "blue", "amber", "amber")):
        put(tmp_path, series, address(number), age=number)
    order = index.page().pictures
    for at, picture in enumerate(order):
        around = index.around(picture)
        assert around["first"] == order[0]
        assert around["last"] == order[-1]
        assert around["previous"] == (order[at - 1] if at else None)
        assert around["next"] == (order[at + 1] if at + 1 < len(order) else None)
    within = index.around(order[2], series="blue")
    assert (within["next"], within["last"]) == (None, order[2])


def test_forgets_a_removed_picture_at_once(index: Index, tmp_path: Path) -> None:
    path = put(tmp_path, "blue", address(1))
    assert index.page().pictures
    path.unlink()
    index.forget(Key("blue", address(1)))
    base = sqlite3.connect(tmp_path / "gallery" / "index.sqlite")
    assert base.execute("SELECT count(*) FROM pictures").fetchone() == (0,)
    base.close()
