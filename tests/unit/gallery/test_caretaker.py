import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from dalle.atomic import write_atomic
from dalle.gallery.caretaker import Caretaker
from dalle.key import Key
from dalle.pictures.previous import Previous
from dalle.storage.codec import encode_json
from dalle.storage.folder.engine import FolderStorage
from dalle.storage.folder.entry import FolderEntry
from dalle.storage.folder.index.upkeep import MOST_READ
from tests.kit.clocks import Ticking
from tests.kit.data_folder import DataFolder
from tests.kit.folders import MOMENT, address, put
from tests.kit.images import png

KEY = Key("blue", address(1))


class Gallery:
    """A data folder with its caretaker; `now` is the time of its clock, in seconds."""

    def __init__(self, folder: Path) -> None:
        self.folder = DataFolder(folder)
        self.now = MOMENT + 60.0
        self.storage = FolderStorage(folder, now_ns=lambda: round(self.now * 1e9))
        self.index = self.storage.pictures
        self.caretaker = Caretaker(self.storage, Previous(self.storage))


@pytest.fixture
def gallery(tmp_path: Path) -> Gallery:
    return Gallery(tmp_path)


def completed(gallery: Gallery, phase: str = "completed") -> Path:
    path = gallery.folder.progress(KEY)
    write_atomic(path, encode_json({"success": True, "data": {"currentPhase": phase}, "currentPhase": phase}))
    return path


def test_reads_the_titles_of_all_new_pictures(gallery: Gallery) -> None:
    for number in range(MOST_READ + 9):
        put(gallery.folder.root, "blue", address(number), title=f"The quiet otter {number}")
    assert len(gallery.index.page(words="otter", limit=999).pictures) == MOST_READ
    gallery.caretaker.tend()
    shutil.rmtree(gallery.folder.output / "blue" / "title")  # what is found now was kept
    assert len(gallery.index.page(words="otter", limit=999).pictures) == MOST_READ + 9


def test_lets_one_previous_picture_that_cannot_be_restored_keep_nothing_from_others(
    gallery: Gallery, caplog: pytest.LogCaptureFixture
) -> None:
    stuck, other = Key("black", address(1)), Key("white", address(1))
    for key in (stuck, other):
        write_atomic(gallery.folder.previous(key), png())
    gallery.folder.annotated(stuck).parent.touch()  # a file in the place of the folder
    torn = put(gallery.folder.root, "green", address(3), content=png()[:70])
    gallery.now += 1e9
    for _ in range(2):
        gallery.caretaker.tend()
    assert gallery.folder.annotated(other).read_bytes() == png()
    assert not torn.exists()
    assert [str(stuck) in record.message for record in caplog.records if record.levelname == "ERROR"] == [True]


def test_quarantines_a_torn_picture(gallery: Gallery) -> None:
    path = put(gallery.folder.root, "blue", address(1), content=png()[:70])
    gallery.caretaker.tend()
    assert not path.exists()
    assert gallery.folder.torn(KEY).read_bytes() == png()[:70]


def test_leaves_a_picture_alone_that_is_being_written(gallery: Gallery) -> None:
    path = put(gallery.folder.root, "blue", address(1), content=png()[:70])
    gallery.now = MOMENT + 2
    gallery.caretaker.tend()
    assert path.exists()
    path.write_bytes(png())  # the rest has come: same file, and the folder's time stays as it is
    gallery.caretaker.tend()
    assert [picture.name for picture in gallery.index.page().pictures] == [address(1)]
    assert gallery.index.tend(0).torn == []


def test_deletes_the_report_of_a_picture_that_was_removed_by_hand(gallery: Gallery) -> None:
    picture, report = put(gallery.folder.root, "blue", address(1)), completed(gallery)
    small = gallery.folder.thumbnail(KEY, 64)
    small.parent.mkdir(parents=True)
    small.write_bytes(b"webp")
    gallery.caretaker.tend()
    assert report.exists()
    picture.unlink()
    gallery.caretaker.tend()
    assert not report.exists()
    assert not small.exists()
    assert gallery.index.tend(0).vanished == []


def test_does_so_when_nobody_was_there_to_see_it(gallery: Gallery) -> None:
    picture, report = put(gallery.folder.root, "blue", address(1)), completed(gallery)
    gallery.caretaker.tend()
    picture.unlink()
    Gallery(gallery.folder.root).caretaker.tend()
    assert not report.exists()


@pytest.mark.parametrize("phase", ["failed", "image_wait"])
def test_keeps_a_report_that_does_not_say_completed(gallery: Gallery, phase: str) -> None:
    picture, report = put(gallery.folder.root, "blue", address(1)), completed(gallery, phase)
    gallery.caretaker.tend()
    picture.unlink()
    gallery.caretaker.tend()
    assert report.exists()


def test_keeps_the_report_of_a_key_with_an_open_run(gallery: Gallery) -> None:
    picture, report = put(gallery.folder.root, "blue", address(1)), completed(gallery)
    gallery.caretaker.tend()
    picture.unlink()
    with gallery.storage.guard(KEY) as entry:
        entry.enqueue("run")
    gallery.caretaker.tend()
    assert report.exists()


def test_touches_no_file_whose_name_is_not_an_address(gallery: Gallery) -> None:
    path = put(gallery.folder.root, "Blue Hour", "holiday", content=png()[:70])
    gallery.caretaker.tend()
    assert path.exists()
    assert gallery.index.page().pictures == []


class ReturningEntry(FolderEntry):
    """While its report is deleted, an operator puts the picture back."""

    def hide(self) -> None:
        super().hide()
        put(self._layout.root, "blue", address(1))


class ReturningStorage(FolderStorage):
    @contextmanager
    def guard(self, key: Key, *, wait: bool = True) -> Iterator[FolderEntry]:
        with super().guard(key, wait=wait):
            yield ReturningEntry(self._parts, key)


def test_keeps_a_picture_that_is_put_back_by_hand_at_that_moment(gallery: Gallery, tmp_path: Path) -> None:
    picture, report = put(tmp_path, "blue", address(1)), completed(gallery)
    gallery.caretaker.tend()
    picture.unlink()
    storage = ReturningStorage(tmp_path, now_ns=Ticking())
    Caretaker(storage, Previous(storage)).tend()
    assert not report.exists()
    assert picture.exists()
