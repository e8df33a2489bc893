"""The gallery's index beside processes that are killed, and beside others that change the folder."""

import os
import random
import signal
import sqlite3
import time
from collections.abc import Callable
from contextlib import ExitStack
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from dalle.key import Key
from dalle.storage.folder.engine import FolderStorage
from dalle.storage.folder.index.file import IndexFile
from dalle.storage.folder.index.listing import Changed, Listing
from dalle.storage.folder.index.loading import STEP
from dalle.storage.folder.index.stamps import Stamps
from dalle.storage.folder.index.table import PictureTable
from dalle.storage.folder.index.upkeep import MOST_PARTS
from dalle.storage.folder.index.watch import Watch
from tests.kit.dying import DyingAtWrite
from tests.kit.folders import address, put
from tests.kit.images import png
from tests.kit.mounts import MOUNTS, large_inodes
from tests.kit.processes import Child
from tests.kit.waiting import wait
from tests.service.storage.suites.engine import put_picture
from tests.service.storage.suites.picture_index import walk
from tests.soak.running import may

MOST_WRITES = 500
KILLS = 8  # tests that share the writes
INDEX = Path("gallery", "index-7.sqlite")


def differences(storage: FolderStorage) -> set[tuple[str, str]]:
    """Return the pictures that are in the folder and not in the index, or the reverse, or in it twice."""
    shown = walk(storage.pictures, 400)
    listed = {(f"{picture.series}/{picture.name}", str(picture.modified_ns)) for picture in shown}
    present = {
        (f"{path.parts[-3]}/{path.stem}", str(path.stat().st_mtime_ns))
        for path in storage.layout.output.glob("*/annotated/*.png")
    }
    twice = {("twice", str(len(shown) - len(listed)))} if len(shown) != len(listed) else set()
    return (listed ^ present) | twice


def working(pipe: Connection, root: Path, die: Callable[[], None]) -> None:
    """What a worker does with an index: publish, remove, list what an operator changed, and read it."""
    storage, new = FolderStorage(root), [png(), png("teal")]
    die()
    put_picture(storage, Key("blue", address(1)), new[0])
    with storage.guard(Key("blue", address(0))) as entry:
        entry.withdraw()
    put_picture(storage, Key("blue", address(1)), new[1])
    put(root, "blue", address(5), age=9, title="The otter", content=new[0])
    put(root, "cyan", address(6), age=9, title="The hawk", content=new[0])
    storage.pictures.tend(9)
    pipe.send("done")


def prepared(root: Path) -> int:
    """Put two pictures into a data folder, index them, and return the inode of the index."""
    for number in (0, 3):
        put(root, "blue", address(number), age=99, title="The quail")
    storage = FolderStorage(root)
    storage.pictures.tend(9)
    assert differences(storage) == set()
    return (root / INDEX).stat().st_ino


@pytest.mark.parametrize("first", range(1, KILLS + 1))
def test_is_right_after_a_kill_at_each_write(tmp_path: Path, first: int) -> None:
    for number in range(first, MOST_WRITES, KILLS):
        root = tmp_path / str(number)
        inode = prepared(root)
        with Child(working, root, DyingAtWrite(number)) as child:
            try:
                ended = child.receive() == "done"
            except EOFError:
                ended = False
                assert child.wait() == -signal.SIGKILL
        storage = FolderStorage(root)
        assert differences(storage) == set(), number
        storage.pictures.tend(9)
        assert differences(storage) == set(), number
        for title, series in (("otter", "blue"), ("hawk", "cyan"), ("quail", "blue")):
            found = {picture.name for picture in storage.pictures.page(words=title).pictures}
            texts = (root / "output" / series / "title").glob("*.txt")
            pictures = {path.stem for path in (root / "output" / series / "annotated").glob("*.png")}
            assert found == pictures & {path.stem for path in texts if title in path.read_text()}, number
        assert (root / INDEX).stat().st_ino == inode
        base = sqlite3.connect(root / INDEX)
        assert base.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        base.close()
        if ended:
            return
    raise AssertionError("the worker does not end")


def loading(pipe: Connection, root: Path, die: Callable[[], None]) -> None:
    """The first listing of a large folder."""
    listing = large_listing(root)
    die()
    listing.update(Changed("blue", -1))
    listing.name()
    pipe.send("done")


def large_listing(root: Path) -> Listing:
    file = IndexFile(root / INDEX)
    return Listing(file, PictureTable(file), Stamps(os.fspath(root / "output")), Watch())


@pytest.mark.parametrize("first", range(1, KILLS + 1))
def test_is_right_after_a_kill_in_a_first_listing(tmp_path: Path, first: int) -> None:
    number = STEP + 1
    picture = put(tmp_path, "blue", address(0))
    for each in range(1, number):
        os.link(picture, picture.with_name(f"{address(each)}.png"))
    for at in range(first, MOST_WRITES, 2 * KILLS):
        for path in (tmp_path / "gallery").glob("*"):
            path.unlink()
        with Child(loading, tmp_path, DyingAtWrite(at)) as child:
            try:
                ended = child.receive() == "done"
            except EOFError:
                ended = False
        listing = large_listing(tmp_path)
        for folder in listing.changed():
            listing.update(folder)
        listing.name()
        base = sqlite3.connect(tmp_path / INDEX)
        for table in ("pictures", "names"):
            rows = base.execute(f"SELECT count(*), count(DISTINCT name) FROM {table}").fetchone()  # noqa: S608
            assert rows == (number, number), (table, at)
        assert base.execute("SELECT sum(last - first + 1) FROM unread").fetchone() == (number,)
        assert base.execute("SELECT count FROM folders").fetchone() == (number,)
        assert base.execute("SELECT count(*) FROM sequences").fetchone() == (1,)
        base.close()
        if ended:
            return
    raise AssertionError("the listing does not end")


def scattered(root: Path) -> tuple[IndexFile, PictureTable]:
    """Make an index that has words in many parts, and free pages."""
    chance, file = random.Random(3), IndexFile(root / INDEX)
    table, numbers = PictureTable(file), count(1)
    while table.parts() <= MOST_PARTS:
        with file.writing() as base:
            for _ in range(200):
                words = {f"{chance.getrandbits(13):x}" for _ in range(40)}
                base.execute("INSERT INTO grams (rowid, pieces) VALUES (?, ?)", (next(numbers), " ".join(words)))
    return file, table


def tidying(pipe: Connection, root: Path, die: Callable[[], None]) -> None:
    """What the background does when all pictures were read."""
    index = FolderStorage(root).pictures
    die()
    index.catch_up()
    pipe.send("done")


@pytest.mark.parametrize("first", range(1, KILLS + 1))
def test_is_right_after_a_kill_while_it_is_tidied(tmp_path: Path, first: int) -> None:
    file, _ = scattered(tmp_path / "whole")
    words = [f"{number:x}" for number in range(0, 1 << 13, 400)]
    expected = matching(file, words)
    for number in range(first, MOST_WRITES, KILLS):
        root = tmp_path / str(number)
        (root / "gallery").mkdir(parents=True)
        with sqlite3.connect(root / INDEX) as copy:
            file.base().backup(copy)
        with Child(tidying, root, DyingAtWrite(number)) as child:
            try:
                ended = child.receive() == "done"
            except EOFError:
                ended = False
        tidied = IndexFile(root / INDEX)
        assert matching(tidied, words) == expected, number
        assert tidied.base().execute("PRAGMA integrity_check").fetchone() == ("ok",)
        if ended:
            assert PictureTable(tidied).parts() < MOST_PARTS
            assert tidied.base().execute("PRAGMA freelist_count").fetchone() == (0,)
            assert (root / INDEX).with_name("index-7.sqlite-wal").stat().st_size == 0
            return
    raise AssertionError("the index is not tidied to the end")


def test_has_words_merged_that_are_in_many_parts(tmp_path: Path) -> None:
    _, table = scattered(tmp_path)
    index = FolderStorage(tmp_path).pictures
    wait(lambda: index.tend(0) and table.parts() < MOST_PARTS)


def matching(file: IndexFile, words: list[str]) -> list[list[tuple[int]]]:
    query = "SELECT rowid FROM grams WHERE grams MATCH ?"
    return [file.base().execute(query, (f'"{word}"',)).fetchall() for word in words]


def publishing(pipe: Connection, root: Path, series: str, seed: int) -> None:
    """A worker that publishes, replaces and removes pictures of its own all the time, and does the upkeep."""
    storage, chance, data = FolderStorage(root), random.Random(seed), png()
    while not pipe.poll():
        key = Key(series, address(1_000_000 * seed + chance.randrange(50)))
        if chance.random() < 0.3:
            with storage.guard(key) as entry:
                entry.withdraw(keep=chance.random() < 0.5)
                entry.forget_previous()
        else:
            put_picture(storage, key, data)
        if chance.random() < 0.1:
            storage.pictures.tend(0.1)
        time.sleep(0.02)
    pipe.send("done")


class Operator:
    """Puts pictures into a folder, replaces and deletes them, and knows what should be there."""

    def __init__(self, root: Path, series: str) -> None:
        self._root, self._series = root, series
        self._chance, self._data = random.Random(7), png()
        self._present: dict[str, int] = {}

    def act(self) -> None:
        name = f"by-hand-{self._chance.randrange(30)}"
        path = self._root / "output" / self._series / "annotated" / f"{name}.png"
        if name in self._present and self._chance.random() < 0.4:
            path.unlink()
            del self._present[name]
        else:
            put(self._root, self._series, name, age=self._chance.randrange(1000), content=self._data)
            self._present[name] = path.stat().st_mtime_ns

    @property
    def seconds(self) -> dict[str, int]:
        """What is there, with the times in seconds."""
        return {name: moment // 10**9 for name, moment in self._present.items()}

    def is_seen(self, storage: FolderStorage) -> bool:
        """Return whether the index has of the operator's pictures what is there."""
        found = walk(storage.pictures, 400, series=self._series, words="by-hand")
        return {picture.name: picture.modified_ns for picture in found} == self._present


def test_sees_changes_by_hand_while_other_processes_publish(tmp_path: Path) -> None:
    prepared(tmp_path)
    storage, operator = FolderStorage(tmp_path), Operator(tmp_path, "blue")
    with ExitStack() as stack:
        workers = [stack.enter_context(Child(publishing, tmp_path, "blue", seed)) for seed in (1, 2, 3)]
        for _ in range(40):
            operator.act()
            wait(lambda: operator.is_seen(storage))
        for worker in workers:
            worker.send("end")
            assert worker.receive() == "done"
    assert differences(storage) == set()


@pytest.mark.parametrize("number", [3, STEP + 1])
def test_knows_files_with_the_largest_inodes(tmp_path: Path, number: int) -> None:
    """SQLite's integers have a sign, inodes have none: overlays and network file systems use all 64 bits."""
    if not may(*MOUNTS):
        pytest.skip("refused: file systems cannot be mounted here")
    first = put(tmp_path / "data", "blue", address(0))
    for other in range(1, number):
        os.link(first, first.with_name(f"{address(other)}.png"))
    with large_inodes(tmp_path / "disk", tmp_path / "data") as root:
        assert (root / first.relative_to(tmp_path / "data")).stat().st_ino >= 2**63
        storage = FolderStorage(root)
        wait(lambda: storage.pictures.tend(9) and not differences(storage), "the listing")
        put_picture(storage, Key("blue", address(1)), png("teal"))
        put(root, "blue", address(2), age=9)
        put(root, "blue", address(number), age=9)
        wait(lambda: storage.pictures.tend(9) and not differences(storage), "the changes")


def test_reads_titles_where_nobody_does_the_upkeep(tmp_path: Path) -> None:
    put(tmp_path, "blue", address(1), title="The otter")
    index = FolderStorage(tmp_path).pictures
    wait(lambda: index.folders() and index.progress().unread == 0)
    (tmp_path / "output" / "blue" / "title" / f"{address(1)}.txt").unlink()
    assert [picture.title for picture in index.page(words="otter").pictures] == ["The otter"]
