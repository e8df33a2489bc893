import os
import sqlite3
from pathlib import Path

import pytest

from dalle.key import Key
from dalle.storage.folder.index.index import FolderIndex
from dalle.storage.folder.index.listing import MOST_DELAY_NS, PATIENCE_NS
from dalle.storage.folder.layout import Layout
from tests.kit.folders import MOMENT, address, open_index, put
from tests.kit.images import png
from tests.service.storage.suites.picture_index import names

START = (MOMENT + 1000) * 1_000_000_000


class Large:
    """A folder with one picture whose listing is said to take long; then a second one is put there at START."""

    def __init__(self, folder: Path) -> None:
        self.now = START - 2 * MOST_DELAY_NS
        self.index = FolderIndex(Layout(folder), now_ns=lambda: self.now)
        path = put(folder, "blue", address(1))
        os.utime(path.parent, ns=(START - 10**10,) * 2)
        assert self.seen() == 1
        base = sqlite3.connect(folder / "gallery" / "index.sqlite", isolation_level=None)
        base.execute("UPDATE folders SET took=50000000")
        base.close()
        put(folder, "blue", address(2), age=1)
        os.utime(path.parent, ns=(START, START))
        self.now = START

    def seen(self) -> int:
        return len(self.index.page().pictures)


@pytest.fixture
def large(tmp_path: Path) -> Large:
    return Large(tmp_path)


def test_lets_no_query_wait_for_a_large_folder(large: Large) -> None:
    assert large.seen() == 1
    large.now += PATIENCE_NS // 2
    assert large.seen() == 1
    large.index.tend(0)
    assert large.seen() == 2


def test_lists_it_for_a_query_when_nobody_else_does(large: Large) -> None:
    assert large.seen() == 1
    large.now += PATIENCE_NS
    assert large.seen() == 2


def test_lists_it_though_it_changes_all_the_time(large: Large, tmp_path: Path) -> None:
    folder = tmp_path / "output" / "blue" / "annotated"
    assert large.seen() == 1
    for _ in range(3):
        large.now += PATIENCE_NS // 2
        os.utime(folder, ns=(large.now, large.now))
        seen = large.seen()
    assert seen == 2


def test_lists_a_folder_at_once_whose_time_is_in_the_future(large: Large, tmp_path: Path) -> None:
    os.utime(tmp_path / "output" / "blue" / "annotated", ns=(START * 2, START * 2))
    assert large.seen() == 2


@pytest.fixture
def index(tmp_path: Path) -> FolderIndex:
    return open_index(tmp_path)


def test_shows_what_was_put_there_and_taken_away(index: FolderIndex, tmp_path: Path) -> None:
    path = put(tmp_path, "blue", address(1))
    assert names(index.page().pictures) == [f"blue/{address(1)}"]
    put(tmp_path, "cyan", address(2), age=5)
    assert names(index.page().pictures) == [f"blue/{address(1)}", f"cyan/{address(2)}"]
    path.unlink()
    assert names(index.page().pictures) == [f"cyan/{address(2)}"]
    assert index.tend(0).vanished == [Key("blue", address(1))]


def test_forgets_a_series_whose_folder_is_gone(index: FolderIndex, tmp_path: Path) -> None:
    put(tmp_path, "blue", address(1))
    assert index.folders()
    (tmp_path / "output" / "blue").rename(tmp_path / "elsewhere")
    assert index.folders() == []
    assert names(index.page().pictures) == []


def test_moves_a_picture_up_that_was_replaced(index: FolderIndex, tmp_path: Path) -> None:
    put(tmp_path, "blue", address(1), age=20, title="Old")
    put(tmp_path, "blue", address(2), age=10)
    assert names(index.page().pictures)[0] == f"blue/{address(2)}"
    put(tmp_path, "blue", address(1), age=0, title="New")
    page = index.page()
    assert names(page.pictures)[0] == f"blue/{address(1)}"
    assert page.pictures[0].title == "New"


def test_lists_regular_files_with_public_names_only(index: FolderIndex, tmp_path: Path) -> None:
    outside = tmp_path / "secret.png"
    outside.write_bytes(png())
    for name in ("<script>alert(1)<", "..x", "%2e", "ü — 猫", "n" * 250, "..", "."):
        if name.strip("."):
            put(tmp_path, "<b>&", name)
    folder = tmp_path / "output" / "<b>&" / "annotated"
    (folder / "link.png").symlink_to(outside)
    (folder / "folder.png").mkdir()
    os.mkfifo(folder / "pipe.png")
    (folder / ".hidden.png").write_bytes(png())
    (folder / "text.txt").write_text("no picture")
    (Path(os.fsdecode(os.fsencode(folder) + b"/\xff.png"))).write_bytes(png())
    assert {picture.name for picture in index.page().pictures} == {"<script>alert(1)<", "%2e", "ü — 猫", "n" * 250}
    assert all(picture.key is None for picture in index.page().pictures)


def test_follows_no_link_to_another_folder(index: FolderIndex, tmp_path: Path) -> None:
    put(tmp_path / "other", "blue", address(1))
    (tmp_path / "output").mkdir()
    (tmp_path / "output" / "linked").symlink_to(tmp_path / "other" / "output" / "blue")
    (tmp_path / "output" / "cyan").mkdir()
    (tmp_path / "output" / "cyan" / "annotated").symlink_to(tmp_path / "other" / "output" / "blue" / "annotated")
    assert index.folders() == []
