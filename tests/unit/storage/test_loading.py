"""The first listing of a large folder, while runs publish, replace and remove pictures there."""

import os
import sqlite3
from array import array
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from dalle.key import Key
from dalle.storage.folder.engine import FolderStorage
from dalle.storage.folder.index.file import IndexFile
from dalle.storage.folder.index.listing import Changed, Listing
from dalle.storage.folder.index.loading import STEP, Found
from dalle.storage.folder.index.stamps import Stamps, is_public
from dalle.storage.folder.index.table import PictureTable
from dalle.storage.folder.index.watch import Watch
from dalle.storage.folder.layout import Layout
from tests.kit.folders import address, put
from tests.kit.images import png
from tests.service.storage.suites.engine import put_picture
from tests.service.storage.test_folder_index import differences

NUMBER = STEP + 1


class Meddled(Stamps):
    """Something is done once, when so many pictures of a folder have been listed."""

    def __init__(self, root: Path) -> None:
        super().__init__(os.fspath(root / "output"))
        self.at = 0
        self.action: Callable[[], object] = lambda: None

    @contextmanager
    def entries(self, series: str) -> Iterator[Iterator[os.DirEntry[str]]]:
        with super().entries(series) as entries:
            yield self._meddled(entries)

    def _meddled(self, entries: Iterator[os.DirEntry[str]]) -> Iterator[os.DirEntry[str]]:
        for number, entry in enumerate(entries, 1):
            yield entry
            if number == self.at:
                self.at = 0
                self.action()


class Interrupted(IndexFile):
    """Something is done once before a transaction begins."""

    action: Callable[[], object] | None = None

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        action, self.action = self.action, None
        if action:
            action()
        with super().writing() as base:
            yield base


class Large:
    """A folder of more pictures than one transaction adds, and what lists it."""

    def __init__(self, root: Path) -> None:
        first = put(root, "blue", address(0), age=9)
        for number in range(1, NUMBER):
            os.link(first, first.with_name(f"{address(number)}.png"))
        layout = Layout(root)
        self.file = file = Interrupted(layout.index)
        self.stamps = Meddled(root)
        self.listing = Listing(file, PictureTable(file), self.stamps, Watch())
        self.storage = FolderStorage(root)

    def assert_right(self) -> None:
        """Nothing is to be listed, and the index has each picture of the folder once."""
        assert self.listing.changed() == []
        base = sqlite3.connect(self.storage.layout.index)
        rows = base.execute("SELECT name, moment, inode FROM pictures").fetchall()
        assert base.execute("SELECT count FROM folders").fetchall() == [(len(rows),)]
        base.close()
        present = [(path.stem, path.stat()) for path in Path(self.stamps.path("blue")).iterdir()]
        assert sorted(rows) == sorted((name, status.st_mtime_ns, status.st_ino) for name, status in present)

    def list(self) -> None:
        self.listing.update(Changed("blue", -1))

    def change(self) -> None:
        """What runs do: they publish, replace and remove."""
        put_picture(self.storage, Key("blue", address(NUMBER)), png())
        for number in (1, 2, 3):
            put_picture(self.storage, Key("blue", address(number)), png("teal"))
        for number in (2, 4, 5):
            with self.storage.guard(Key("blue", address(number))) as entry:
                entry.withdraw()


@pytest.fixture
def large(tmp_path: Path) -> Large:
    return Large(tmp_path)


@pytest.mark.parametrize("at", [1, NUMBER // 2, NUMBER])
def test_notes_what_runs_do_while_it_reads_the_folder(large: Large, at: int) -> None:
    large.stamps.at, large.stamps.action = at, large.change
    large.list()
    large.listing.name()
    for folder in large.listing.changed():  # a removal beside a listing has it repeated
        large.listing.update(folder)
    large.assert_right()


def test_notes_what_runs_do_before_there_is_a_table_of_names(large: Large) -> None:
    large.list()
    large.assert_right()
    large.change()
    large.assert_right()
    large.listing.name()
    large.change()
    large.assert_right()
    assert differences(large.storage) == set()


def test_enters_no_name_of_what_a_run_has_replaced_or_removed_meanwhile(large: Large) -> None:
    large.list()
    large.file.action = large.change
    large.listing.name()
    large.change()
    large.assert_right()


def test_leaves_a_folder_to_a_listing_that_began_later(large: Large) -> None:
    def list_again() -> None:
        Path(large.stamps.path("blue"), f"{address(7)}.png").unlink()
        large.list()

    large.stamps.at, large.stamps.action = NUMBER, list_again
    large.list()
    large.assert_right()


@pytest.mark.parametrize("moment", [lambda number: number, lambda number: number * 10**14, lambda number: number % 7])
def test_orders_pictures_by_time_and_name(moment: Callable[[int], int]) -> None:
    found = [(moment(number * 7919 % NUMBER), address(number % 100), number) for number in range(NUMBER * 2)]
    moments, names, inodes = zip(*found, strict=True)
    parts = Found(array("q", moments), list(names), array("q", inodes)).ordered()
    ordered = [row for part in parts for row in zip(*part, strict=True)]
    assert ordered == sorted(found)


@pytest.mark.parametrize(
    "odd", ["", ".hidden.png", "notes.txt", "png", ".png", "ferien ü.png", "bad \udc80.png", "\n.png"]
)
@pytest.mark.parametrize("at", [0, 1, 3])
def test_takes_public_pictures_out_of_files(odd: str, at: int) -> None:
    names = [f"{address(number)}.png" for number in range(3)]
    names[at:at] = [odd] * bool(odd)
    found = Found(array("q", [7]), ["first"], array("q", [8]))
    files = Found(array("q", range(len(names))), names, array("q", range(50, 50 + len(names))))
    expected = [row for row in enumerate(names) if row[1].endswith(".png") and is_public(row[1])]
    found.take(files)
    assert found.names == ["first", *(name[:-4] for _, name in expected)]
    assert list(found.moments) == [7, *(place for place, _ in expected)]
    assert list(found.inodes) == [8, *(50 + place for place, _ in expected)]
    assert len(files) == 0
