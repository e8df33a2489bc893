"""Which pictures were not read yet."""

from pathlib import Path

import pytest

from dalle.storage.folder.index.index import FolderIndex
from tests.kit.folders import address, open_index, put


@pytest.fixture
def index(tmp_path: Path) -> FolderIndex:
    for number in range(9):
        put(tmp_path, "blue", address(number), age=number, title="The otter")
    index = open_index(tmp_path)
    assert index.folders()
    return index


def test_counts_pictures_until_they_are_read(index: FolderIndex, tmp_path: Path) -> None:
    assert index.progress().unread == 9
    put(tmp_path, "blue", address(20), age=-9)
    assert index.folders()
    assert index.progress().unread == 10
    index.tend(9)
    assert index.progress().unread == 0


@pytest.mark.parametrize(
    "gone", [range(9), range(1), range(8, 9), range(3, 6)], ids=["all", "newest", "oldest", "some"]
)
def test_waits_for_no_picture_that_is_gone(index: FolderIndex, tmp_path: Path, gone: range) -> None:
    for number in gone:
        (tmp_path / "output" / "blue" / "annotated" / f"{address(number)}.png").unlink()
    index.folders()
    index.tend(9)
    assert index.progress().unread == 0
    assert len(index.page(words="otter").pictures) == 9 - len(gone)


def test_reads_a_picture_that_came_in_the_place_of_another(index: FolderIndex, tmp_path: Path) -> None:
    put(tmp_path, "blue", address(0), age=0, title="The hawk")
    assert len(index.page(words="hawk").pictures) == 1
    put(tmp_path, "blue", address(30), age=-5, title="The lynx")
    (tmp_path / "output" / "blue" / "annotated" / f"{address(30)}.png").unlink()
    put(tmp_path, "blue", address(31), age=-5, title="The moth")
    assert len(index.page(words="moth").pictures) == 1
    index.tend(9)
    assert index.progress().unread == 0
