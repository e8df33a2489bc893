"""The turn of large pictures, among processes."""

from multiprocessing.connection import Connection
from pathlib import Path

from dalle.pictures.room import LARGE_PIXELS, Room
from dalle.storage.folder.engine import FolderStorage
from tests.kit.processes import Child, sleep
from tests.kit.waiting import wait
from tests.unit.pictures.test_room import is_taken


def holding(pipe: Connection, root: Path) -> None:
    room = Room(FolderStorage(root))
    room.for_pixels(LARGE_PIXELS + 1)
    pipe.send("inside")
    sleep(pipe)


def test_is_left_by_a_process_that_is_killed(tmp_path: Path) -> None:
    storage = FolderStorage(tmp_path)
    with Child(holding, tmp_path) as child:
        assert child.receive() == "inside"
        assert is_taken(storage)
        child.kill()
        wait(lambda: not is_taken(storage))
