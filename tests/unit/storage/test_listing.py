import os
import time
from pathlib import Path

import pytest

from dalle.atomic import flocked
from dalle.key import Key
from dalle.storage.folder.index.file import IndexFile
from dalle.storage.folder.index.index import FolderIndex
from dalle.storage.folder.index.listing import QUICK, Listing
from dalle.storage.folder.index.picture_files import PictureFiles
from dalle.storage.folder.index.stamps import Stamps
from dalle.storage.folder.index.table import PictureTable
from dalle.storage.folder.index.upkeep import IndexUpkeep
from dalle.storage.folder.index.watch import Watch
from dalle.storage.folder.layout import Layout
from dalle.storage.picture import Picture
from tests.kit.folders import address, open_index, put
from tests.kit.images import png
from tests.kit.waiting import wait
from tests.service.storage.suites.picture_index import names


@pytest.fixture
def large(tmp_path: Path) -> FolderIndex:
    """An index with a folder of more pictures than a query lists."""
    first = put(tmp_path, "blue", address(0))
    for number in range(1, QUICK + 1):
        os.link(first, first.with_name(f"{address(number)}.png"))
    index = FolderIndex(Layout(tmp_path))
    wait(lambda: index.tend(0) and count(index) == QUICK + 1)
    return index


def count(index: FolderIndex) -> int:
    return sum(folder.count for folder in index.folders())


@pytest.mark.usefixtures("large")
def test_lets_no_query_wait_for_a_large_folder(tmp_path: Path) -> None:
    with flocked(tmp_path / "gallery" / "listing"):  # another worker lists
        put(tmp_path, "blue", address(9999), age=-9)
        late = FolderIndex(Layout(tmp_path))  # it did not follow the folder
        assert late.page(limit=1).pictures[0].name != address(9999)
    wait(lambda: late.page(limit=1).pictures[0].name == address(9999))


def test_lists_a_large_folder_for_queries_when_nobody_else_does(large: FolderIndex, tmp_path: Path) -> None:
    (tmp_path / "output" / "blue" / "annotated" / f"{address(7)}.png").unlink()
    put(tmp_path, "blue", address(8), age=-9, title="The otter")
    wait(lambda: count(large) == QUICK)
    wait(lambda: bool(large.page(words="otter").pictures))
    assert large.tend(0).vanished == [Key("blue", address(7))]


def test_answers_before_a_large_folder_is_listed_for_the_first_time(tmp_path: Path) -> None:
    first = put(tmp_path, "blue", address(0))
    for number in range(1, QUICK + 1):
        os.link(first, first.with_name(f"{address(number)}.png"))
    put(tmp_path, "cyan", address(1))
    index = FolderIndex(Layout(tmp_path))
    (tmp_path / "gallery").mkdir()
    with flocked(tmp_path / "gallery" / "listing"):
        assert names(index.page().pictures) == [f"cyan/{address(1)}"]
    wait(lambda: count(index) == QUICK + 2)
    assert names(index.page(limit=2).pictures) == [f"blue/{address(QUICK - number)}" for number in (0, 1)]


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


def test_lists_what_others_change_while_it_reads_titles(tmp_path: Path) -> None:
    first = put(tmp_path, "blue", address(0), age=9)
    for number in range(1, QUICK + 1):
        os.link(first, first.with_name(f"{address(number)}.png"))
    layout = Layout(tmp_path)
    file = IndexFile(layout.index)
    table = PictureTable(file)
    read: list[str] = []

    class Slow(PictureFiles):
        def read(self, picture: Picture) -> Picture | None:
            time.sleep(0.002)
            if not read:
                put(tmp_path, "blue", address(9999), age=-9)
            read.append(picture.name)
            return super().read(picture)

    listing = Listing(file, table, Stamps(os.fspath(layout.output)), Watch())
    IndexUpkeep(file, table, listing, Slow(layout)).catch_up()
    assert len(read) == QUICK + 2
    assert read[-1] != address(9999)
