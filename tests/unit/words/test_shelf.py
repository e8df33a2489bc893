import hashlib
import json
import logging
import os
from pathlib import Path
from typing import Any

import pytest

from dalle.atomic import write_atomic
from dalle.storage.folder.series import SeriesFolder
from dalle.words.catalog import Catalog
from dalle.words.shelf import SeriesShelf
from tests.kit.clocks import Clock


def put(folder: Path, name: str, value: Any, *, in_place: bool = False) -> None:
    text = value if isinstance(value, str) else json.dumps(value)
    if in_place and folder.exists():
        (folder / f"{name}.json").write_text(text)
    else:
        write_atomic(folder / f"{name}.json", text.encode())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "series"


@pytest.fixture
def clock() -> Clock:
    return Clock(1e12)


@pytest.fixture
def shelf(folder: Path, clock: Clock) -> SeriesShelf:
    return SeriesShelf(SeriesFolder(folder), monotonic=clock)


def test_offers_the_built_in_series_sorted(shelf: SeriesShelf) -> None:
    names = shelf.names()
    assert names == sorted(names)
    assert {"empty", "simple", "five-tone-postal-protozoa"} <= set(names)
    assert len(names) >= 12
    assert shelf.problems() == {}


def test_every_built_in_filter_exists_and_leaves_rows_to_choose_from(shelf: SeriesShelf) -> None:
    catalog = Catalog.load(version="v1")
    for name in shelf.names():
        series = shelf.get(name)
        assert series
        assert series.purpose.endswith(".")
        assert series.suffix == name
        for database, filters in series.filters.items():
            assert len(catalog.choose(database, filters)) >= 2, (name, database)
            for text in filters:
                assert catalog.choose(database, (text,)), (name, database, text)
        assert name == "empty" or len(series.filters) >= 4


def test_selects_no_sensitive_style_in_a_built_in_series(shelf: SeriesShelf) -> None:
    catalog = Catalog.load(version="v1")
    flag = catalog.databases["artstyles"].columns.index("flag")
    for name in shelf.names():
        series = shelf.get(name)
        assert series
        styles = catalog.choose("artstyles", series.filters.get("artstyles", ()))
        assert [row[0] for row in styles if row[flag] == "sensitive"] == [], name


def test_has_styles_of_its_own_for_each_built_in_series(shelf: SeriesShelf) -> None:
    catalog = Catalog.load(version="v1")
    found = {}
    for name in shelf.names():
        series = shelf.get(name)
        assert series
        found[name] = frozenset(catalog.choose("artstyles", series.filters.get("artstyles", ())))
    del found["empty"]
    for name, styles in found.items():
        for other, others in found.items():
            assert name == other or len(styles & others) < len(styles) / 2, (name, other)


def test_knows_no_series_that_is_absent(shelf: SeriesShelf) -> None:
    for name in ("nothing", "", "../empty", "EMPTY", "a" * 65, "empty\n", "empty.json"):
        assert shelf.get(name) is None


def test_sees_a_new_file_at_once(shelf: SeriesShelf, folder: Path) -> None:
    assert "mine" not in shelf.names()
    put(folder, "mine", {"purpose": "First."})
    assert "mine" in shelf.names()
    found = shelf.get("mine")
    assert found
    assert found.purpose == "First."


def test_sees_a_replaced_file_at_once(shelf: SeriesShelf, folder: Path) -> None:
    put(folder, "mine", {"purpose": "First."})
    before = shelf.get("mine")
    put(folder, "mine", {"purpose": "Other."})
    found = shelf.get("mine")
    assert found
    assert before
    assert found.purpose == "Other."
    assert found.sha256 == hashlib.sha256((folder / "mine.json").read_bytes()).hexdigest() != before.sha256


def test_sees_an_edit_in_place_that_keeps_size_and_follows_at_once(shelf: SeriesShelf, folder: Path) -> None:
    for purpose in ("a", "b", "c", "d"):
        put(folder, "mine", {"purpose": purpose}, in_place=True)
        found = shelf.get("mine")
        assert found
        assert found.purpose == purpose


def test_reads_a_young_file_again_because_its_time_stamp_may_hide_a_change(folder: Path) -> None:
    shelf = SeriesShelf(SeriesFolder(folder, now=lambda: 1000.019))

    def edited(purpose: str) -> str:
        put(folder, "mine", {"purpose": purpose}, in_place=True)
        os.utime(folder / "mine.json", (1000, 1000))
        found = shelf.get("mine")
        assert found
        return found.purpose

    assert [edited("a"), edited("b")] == ["a", "b"]
    shelf = SeriesShelf(SeriesFolder(folder, now=lambda: 1000.021))
    assert [edited("c"), edited("d")] == ["c", "c"]


def test_lists_an_edit_in_place_within_a_second(shelf: SeriesShelf, folder: Path, clock: Clock) -> None:
    put(folder, "mine", {})
    put(folder, "other", {})
    os.utime(folder, (1000, 1000))
    assert "mine" in shelf.names()
    put(folder, "mine", {"deleted": True}, in_place=True)
    assert "mine" in shelf.names()
    clock.now += 1
    assert "mine" not in shelf.names()
    assert "other" in shelf.names()


class Counted(SeriesFolder):
    """Notes what is asked of it."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.asked: list[str] = []

    def names(self) -> tuple[list[str], Any]:
        self.asked.append("names")
        return super().names()

    def names_stamp(self) -> Any:
        self.asked.append("names_stamp")
        return super().names_stamp()

    def read(self, name: str) -> tuple[bytes, Any]:
        self.asked.append(f"read {name}")
        return super().read(name)

    def stamp(self, name: str) -> Any:
        self.asked.append(f"stamp {name}")
        return super().stamp(name)


def test_looks_at_one_stamp_as_long_as_nothing_changes(folder: Path, clock: Clock) -> None:
    put(folder, "mine", {"purpose": "First."})
    put(folder, "other", {})
    for path in (*folder.iterdir(), folder):
        os.utime(path, (1000, 1000))
    files = Counted(folder)
    shelf = SeriesShelf(files, monotonic=clock)
    names, mine = shelf.names(), shelf.get("mine")
    files.asked.clear()
    assert shelf.get("mine") is mine
    assert files.asked == ["stamp mine"]
    assert shelf.names() == names
    assert files.asked == ["stamp mine", "names_stamp"]
    clock.now += 1
    assert shelf.names() == names
    assert files.asked[2:] == ["names", "stamp mine", "stamp other"]


def test_asks_for_no_file_by_a_name_that_no_series_can_have(folder: Path) -> None:
    files = Counted(folder)
    assert SeriesShelf(files).get("../empty") is None
    assert files.asked == []


def test_forgets_a_file_that_was_removed(shelf: SeriesShelf, folder: Path) -> None:
    put(folder, "mine", {})
    assert shelf.get("mine")
    (folder / "mine.json").unlink()
    assert shelf.get("mine") is None
    assert "mine" not in shelf.names()


def test_neither_lists_nor_returns_a_deleted_series(shelf: SeriesShelf, folder: Path) -> None:
    put(folder, "mine", {"deleted": True})
    assert "mine" not in shelf.names()
    assert shelf.get("mine") is None
    assert shelf.problems() == {}


def test_lets_a_file_shadow_a_built_in_series_until_it_is_removed(shelf: SeriesShelf, folder: Path) -> None:
    put(folder, "simple", {"purpose": "Mine."})
    mine = shelf.get("simple")
    assert mine
    assert mine.purpose == "Mine."
    assert shelf.names().count("simple") == 1
    (folder / "simple.json").unlink()
    theirs = shelf.get("simple")
    assert theirs
    assert theirs.purpose != "Mine."


def test_hides_a_built_in_series_behind_a_deleted_or_broken_file(shelf: SeriesShelf, folder: Path) -> None:
    put(folder, "simple", {"deleted": True})
    put(folder, "empty", "{")
    assert shelf.get("simple") is None
    assert shelf.get("empty") is None
    assert not {"simple", "empty"} & set(shelf.names())


def test_reports_broken_files_without_a_path_and_lists_the_others(shelf: SeriesShelf, folder: Path) -> None:
    put(folder, "good", {})
    put(folder, "bad", '{"nouns": 3}')
    put(folder, "Bad Name!", {})
    (folder / "folder.json").mkdir()
    (folder / "endless.json").symlink_to("endless.json")
    (folder / "gone.json").symlink_to("nowhere")
    (folder / "notes.txt").write_text("not a series")
    problems = shelf.problems()
    assert problems.keys() == {"bad", "Bad Name!", "folder", "endless"}
    assert problems["bad"] == '"nouns" must be a list of texts'
    assert not any(str(folder) in reason for reason in problems.values())
    assert "good" in shelf.names()
    assert not problems.keys() & set(shelf.names())
    assert shelf.get("bad") is None


def test_shows_a_file_name_of_any_bytes_on_one_line(
    shelf: SeriesShelf, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder.mkdir()
    Path(os.fsdecode(os.fsencode(folder) + b"/a\nb\xff.json")).write_text("{}")
    with caplog.at_level(logging.WARNING):
        assert list(shelf.problems()) == ["a?b?"]
    assert "a?b? cannot be used" in caplog.text


def test_logs_a_broken_file_once_per_change(
    shelf: SeriesShelf, folder: Path, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        put(folder, "bad", "{")
        for _ in range(3):
            shelf.get("bad")
            shelf.problems()
            clock.now += 2
        assert len(caplog.records) == 1
        put(folder, "bad", "[]")
        shelf.names()
        assert len(caplog.records) == 2
    assert shelf.problems() == {"bad": "expected a JSON object"}


def test_shows_a_change_in_every_shelf(shelf: SeriesShelf, folder: Path, clock: Clock) -> None:
    other = SeriesShelf(SeriesFolder(folder), monotonic=clock)
    assert "mine" not in other.names()
    put(folder, "mine", {"purpose": "First."})
    for one in (shelf, other):
        found = one.get("mine")
        assert found
        assert found.purpose == "First."
        assert "mine" in one.names()
    (folder / "mine.json").unlink()
    assert [one.get("mine") for one in (shelf, other)] == [None, None]


def test_recovers_when_a_broken_file_is_repaired(shelf: SeriesShelf, folder: Path) -> None:
    put(folder, "mine", "{")
    assert shelf.get("mine") is None
    put(folder, "mine", "{}", in_place=True)
    assert shelf.get("mine")
    assert shelf.problems() == {}
