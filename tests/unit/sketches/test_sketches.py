"""Sketches: by their content, from the cache or drawn."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from dalle.key import Key
from dalle.sketches.sketches import Sketches, name_of
from dalle.storage.folder.layout import Layout
from dalle.storage.local.cache import LocalCache
from dalle.studio import Studio
from dalle.words.selection import Selection, select
from tests.kit.fakes import studio
from tests.kit.images import reopened

ADDRESS = "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"
SECONDS = 60

SQUARE = (1024, 1024)


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Studio]:
    with studio(tmp_path, jobs=0) as made:
        yield made


@pytest.fixture
def selection(opened: Studio) -> Selection:
    return selected(opened)


def selected(opened: Studio, series: str = "simple", address: str = ADDRESS) -> Selection:
    stored = opened.library.shelf.get(series)
    assert stored
    return select(address, stored, opened.library.catalog)


def test_have_the_width_that_is_asked_for(opened: Studio, selection: Selection) -> None:
    made = [opened.sketches.of(selection, width).result(SECONDS) for width in (64, 256)]
    assert [(reopened(data).format, reopened(data).width) for data in made] == [("WEBP", 64), ("WEBP", 256)]


def test_are_those_of_their_key(opened: Studio, selection: Selection) -> None:
    future = opened.sketch(Key("simple", ADDRESS), 64)
    assert future
    assert future.result(SECONDS) == opened.sketches.of(selection, 64).result(SECONDS)
    assert opened.sketch(Key("nosuch", ADDRESS), 64) is None


def test_are_kept_for_other_workers(opened: Studio, selection: Selection, tmp_path: Path) -> None:
    made = opened.sketches.of(selection, 64).result(SECONDS)
    other = Sketches(LocalCache(Layout(tmp_path).cached))
    future = other.of(selection, 64)
    assert (future.done(), future.result()) == (True, made)
    assert not other.of(selection, 128).done()
    other.stop()


def test_are_drawn_where_nothing_can_be_kept(selection: Selection, tmp_path: Path) -> None:
    (tmp_path / "cache").write_bytes(b"a file in its place")
    sketches = Sketches(LocalCache(Layout(tmp_path).cached))
    assert [reopened(sketches.of(selection, 64).result(SECONDS)).width for _ in range(2)] == [64, 64]
    sketches.stop()


def test_are_others_for_another_content(opened: Studio, selection: Selection) -> None:
    attributes = selection.attributes
    others = [
        selected(opened, "empty"),
        selected(opened, address=ADDRESS.replace("0x5a", "0x5b")),
        replace(selection, suffix="other"),
        replace(selection, color_limit=selection.color_limit + 1),
        replace(selection, series="other"),
        *(
            replace(
                selection, attributes=(*attributes[:at], replace(each, fields={"word": "x"}), *attributes[at + 1 :])
            )
            for at, each in enumerate(attributes)
        ),
    ]
    names = {name_of(each, SQUARE, 512) for each in (selection, *others)} | {name_of(selection, SQUARE, 256)}
    assert len(names | {name_of(selection, (1536, 1024), 512)}) == len(others) + 3


def test_are_the_same_where_a_filter_leaves_more_rows_but_selects_the_same(selection: Selection) -> None:
    """A draft of a series that changes draws only what looks different."""
    wider = tuple(replace(each, count=each.count + 1) for each in selection)
    assert name_of(replace(selection, attributes=wider), SQUARE, 512) == name_of(selection, SQUARE, 512)
