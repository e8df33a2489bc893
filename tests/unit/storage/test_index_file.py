import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from dalle.storage.folder.index.index import FolderIndex
from dalle.storage.folder.layout import Layout
from tests.kit.folders import address, open_index, put
from tests.service.storage.suites.picture_index import names


@pytest.fixture
def index(tmp_path: Path) -> FolderIndex:
    return open_index(tmp_path)


@pytest.mark.parametrize("damage", [lambda path: path.write_bytes(b"garbage" * 999), lambda path: path.unlink()])
def test_is_rebuilt_when_its_file_is_damaged_or_gone(tmp_path: Path, damage: Callable[[Path], object]) -> None:
    put(tmp_path, "blue", address(1))
    FolderIndex(Layout(tmp_path)).folders()
    for name in ("index-7.sqlite-wal", "index-7.sqlite-shm"):
        (tmp_path / "gallery" / name).unlink(missing_ok=True)
    damage(tmp_path / "gallery" / "index-7.sqlite")
    assert names(open_index(tmp_path).page().pictures) == [f"blue/{address(1)}"]


def test_continues_when_its_file_is_deleted_under_it(index: FolderIndex, tmp_path: Path) -> None:
    put(tmp_path, "blue", address(1))
    assert index.folders()
    for path in (tmp_path / "gallery").iterdir():
        path.unlink()
    assert names(index.page().pictures) == [f"blue/{address(1)}"]


def test_lists_a_folder_where_nothing_can_be_written(tmp_path: Path) -> None:
    put(tmp_path, "blue", address(1))
    (tmp_path / "gallery").write_bytes(b"in the way: no folder can be made here")
    assert names(FolderIndex(Layout(tmp_path)).page().pictures) == [f"blue/{address(1)}"]


def test_leaves_the_index_of_another_version_alone_as_long_as_it_is_used(index: FolderIndex, tmp_path: Path) -> None:
    assert index.folders() == []
    old, older = tmp_path / "gallery" / "index.sqlite", tmp_path / "gallery" / "index-3.sqlite"
    for path in (old, older, old.with_name("index.sqlite-wal")):
        path.write_bytes(b"another version's")
        os.utime(path, (1_999_000_000, 1_999_000_000))  # eleven days before the index's clock
    os.utime(old.with_name("index.sqlite-wal"), (1_999_999_000, 1_999_999_000))
    index.remove_old()
    assert old.exists()
    assert not older.exists()
    assert (tmp_path / "gallery" / "index-7.sqlite").exists()


def test_leaves_no_room_in_its_files_that_nothing_needs(index: FolderIndex, tmp_path: Path) -> None:
    pictures = [put(tmp_path, "blue", address(number), title=f"Otter {number}") for number in range(400)]
    assert index.folders()
    for picture in pictures[1:]:
        picture.unlink()
    index.tend(1)
    file = tmp_path / "gallery" / "index-7.sqlite"
    assert pages(file, "freelist_count") > 0
    os.utime(pictures[0].parent)
    index.catch_up()
    assert pages(file, "freelist_count") == 0
    assert file.stat().st_size == pages(file, "page_count") * 4096
    assert file.with_name("index-7.sqlite-wal").stat().st_size == 0


def pages(file: Path, pragma: str) -> int:
    base = sqlite3.connect(file)
    number: int = base.execute(f"PRAGMA {pragma}").fetchone()[0]
    base.close()
    return number
