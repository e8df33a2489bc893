import functools
import os
import shutil
import sqlite3
from pathlib import Path
from typing import Unpack

import pytest
from PIL import Image

from dalle.imaging.png import encode
from dalle.key import Key
from dalle.storage.folder.index.index import FolderIndex
from dalle.storage.folder.index.upkeep import BATCH
from dalle.storage.protocol import StorageError
from tests.kit.folders import SIZE, Looks, address, open_index, put
from tests.kit.images import png
from tests.service.storage.suites.picture_index import PictureIndexTests


class FolderGallery:
    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.opener = functools.partial(open_index, data_dir)
        self.index = self.opener()

    def put(self, series: str, name: str, **looks: Unpack[Looks]) -> None:
        title, painter = looks.get("title", ""), looks.get("painter", "")
        texts = {"Source": f"{painter} model"} if painter else {}
        content = encode(Image.new("RGB", looks.get("size", SIZE)), texts)
        put(self.data_dir, series, name, title=title, age=looks.get("age", 0), content=content)
        if not title:
            (self.data_dir / "output" / series / "title" / f"{name}.txt").unlink(missing_ok=True)

    def tear(self, series: str, name: str, *, age: float = 0) -> None:
        put(self.data_dir, series, name, age=age, content=png()[:60])

    def remove(self, series: str, name: str) -> None:
        (self.data_dir / "output" / series / "annotated" / f"{name}.png").unlink()


class TestFolderIndex(PictureIndexTests):
    @pytest.fixture
    def gallery(self, tmp_path: Path) -> FolderGallery:
        return FolderGallery(tmp_path)


@pytest.fixture
def index(tmp_path: Path) -> FolderIndex:
    return open_index(tmp_path)


def test_puts_a_title_on_one_line(index: FolderIndex, tmp_path: Path) -> None:
    put(tmp_path, "blue", address(1), title="  An   otter \n asleep")
    assert index.page().pictures[0].title == "An otter asleep"


def test_finds_a_new_picture_before_its_folder_is_listed_again(index: FolderIndex, tmp_path: Path) -> None:
    path = put(tmp_path, "blue", address(1))
    assert len(index.page().pictures) == 1
    known = path.parent.stat().st_mtime_ns
    put(tmp_path, "blue", address(2), title="The otter")
    os.utime(path.parent, ns=(known, known))  # nothing is to be listed
    index = open_index(tmp_path)  # the other one was following the folder
    assert len(index.page().pictures) == 1
    picture = index.find("blue", address(2))
    assert picture is not None
    assert picture.title == "The otter"
    around = index.around(picture)
    assert index.page().pictures[0] in (around["previous"], around["next"])


def test_raises_a_storage_error_where_sqlite_fails(index: FolderIndex, tmp_path: Path) -> None:
    put(tmp_path, "blue", address(1))
    assert index.folders()
    base = sqlite3.connect(tmp_path / "gallery" / "index-7.sqlite", isolation_level=None)
    base.execute("DROP TABLE pictures")
    base.close()
    with pytest.raises(StorageError, match="pictures"):
        index.page()


def test_reads_new_pictures_behind_a_batch_of_torn_ones(index: FolderIndex, tmp_path: Path) -> None:
    for number in range(BATCH):
        put(tmp_path, "blue", address(number), content=b"torn")
    put(tmp_path, "blue", address(BATCH), age=9, title="An otter")
    for _ in range(2):
        index.tend(1)
    shutil.rmtree(tmp_path / "output" / "blue" / "title")  # what is found now was kept
    assert len(index.page(words="otter").pictures) == 1


def test_reports_removed_keys_behind_a_batch_of_other_names(index: FolderIndex, tmp_path: Path) -> None:
    paths = [put(tmp_path, "amber", f"holiday {number}", content=b"torn") for number in range(BATCH)]
    paths.append(put(tmp_path, "blue", address(1)))
    index.tend(1)
    for path in paths:
        path.unlink()
    index.tend(1)
    assert index.tend(1).vanished == [Key("blue", address(1))]
