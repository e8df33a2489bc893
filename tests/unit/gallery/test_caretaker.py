from pathlib import Path

import pytest

from dalle.gallery.caretaker import Curator
from dalle.key import Key
from dalle.storage.folder.atomic import write_json
from dalle.storage.folder.claims import Locks
from dalle.storage.folder.index import MOST_LEARNT, Index
from dalle.storage.folder.layout import Store
from dalle.storage.folder.queue import Queue, Ticket
from tests.kit.pictures import MOMENT, address, png, put
from tests.unit.storage.test_index import Clock

KEY = Key("blue", address(1))


class Room:
    """A data folder with its curator; `now` is the time of its clock, in seconds."""

    def __init__(self, folder: Path) -> None:
        self.store = Store(folder)
        self.index = Index(self.store, now_ns=Clock())
        self.queue = Queue(self.store.queue, 9)
        self.now = MOMENT + 60.0
        self.curator = Curator(
            store=self.store,
            index=self.index,
            locks=Locks(self.store.locks, 60),
            queue=self.queue,
            now=lambda: self.now,
        )


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path)


def completed(room: Room, phase: str = "completed") -> Path:
    path = room.store.progress(KEY)
    write_json(path, {"success": True, "data": {"currentPhase": phase}, "currentPhase": phase})
    return path


def test_reads_the_titles_of_all_new_pictures(room: Room) -> None:
    for number in range(MOST_LEARNT + 9):
        put(room.store.root, "blue", address(number), title=f"The quiet otter {number}")
    assert len(room.index.page(words="otter", limit=999).pictures) == MOST_LEARNT
    assert len(room.index.unseen(99)) == 9
    room.curator.tend()
    assert room.index.unseen(9) == []
    assert len(room.index.page(words="otter", limit=999).pictures) == MOST_LEARNT + 9


def test_puts_a_torn_picture_aside(room: Room) -> None:
    path = put(room.store.root, "blue", address(1), content=png()[:70])
    room.curator.tend()
    assert not path.exists()
    assert room.store.torn(KEY).read_bytes() == png()[:70]


def test_leaves_a_picture_alone_that_is_being_written(room: Room) -> None:
    path = put(room.store.root, "blue", address(1), content=png()[:70])
    room.now = MOMENT + 2
    room.curator.tend()
    assert path.exists()
    path.write_bytes(png())  # the rest has come: same file, and the folder's time stays as it is
    room.curator.tend()
    assert [one.name for one in room.index.page().pictures] == [address(1)]
    assert room.index.unseen(9) == []


def test_deletes_the_report_of_a_picture_that_was_removed_by_hand(room: Room) -> None:
    picture, report = put(room.store.root, "blue", address(1)), completed(room)
    small = room.store.thumb(KEY, 64)
    small.parent.mkdir(parents=True)
    small.write_bytes(b"webp")
    room.curator.tend()
    assert report.exists()
    picture.unlink()
    room.curator.tend()
    assert not report.exists()
    assert not small.exists()
    assert room.index.vanished(9) == []


def test_does_so_when_nobody_was_there_to_see_it(room: Room) -> None:
    picture, report = put(room.store.root, "blue", address(1)), completed(room)
    room.curator.tend()
    picture.unlink()
    Room(room.store.root).curator.tend()
    assert not report.exists()


@pytest.mark.parametrize("phase", ["failed", "image_wait"])
def test_keeps_a_report_that_does_not_say_completed(room: Room, phase: str) -> None:
    picture, report = put(room.store.root, "blue", address(1)), completed(room, phase)
    room.curator.tend()
    picture.unlink()
    room.curator.tend()
    assert report.exists()


def test_keeps_the_report_of_a_key_that_is_at_work(room: Room) -> None:
    picture, report = put(room.store.root, "blue", address(1)), completed(room)
    room.curator.tend()
    picture.unlink()
    room.queue.folder.mkdir()
    room.queue.put(Ticket(1, "run", KEY, "waiting"))
    room.curator.tend()
    assert report.exists()


def test_touches_no_file_whose_name_is_not_an_address(room: Room) -> None:
    path = put(room.store.root, "Blue Hour", "holiday", content=png()[:70])
    room.curator.tend()
    assert path.exists()
    assert room.index.page().pictures == []
