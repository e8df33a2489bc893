"""Which pictures take turns, and who gives the turn on."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PIL import Image

from dalle.pictures.finished import Finished
from dalle.pictures.room import LARGE_BYTES, LARGE_PIXELS, Room
from dalle.storage.folder.engine import FolderStorage
from dalle.storage.protocol import Busy, Storage
from tests.kit.fakes import KEY
from tests.kit.images import as_file
from tests.service.storage.suites.engine import put_picture


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return FolderStorage(tmp_path)


def is_taken(storage: Storage) -> bool:
    try:
        with storage.exclusive("large pictures", wait=False, local=True):
            return False
    except Busy:
        return True


def test_lets_pictures_in_that_are_not_large_while_a_large_one_has_the_turn(storage: Storage) -> None:
    with Room(storage) as large, Room(storage) as other:
        large.for_pixels(LARGE_PIXELS + 1)
        other.for_bytes(LARGE_BYTES)
        other.for_pixels(LARGE_PIXELS)


def test_lets_one_large_picture_in_at_a_time(storage: Storage) -> None:
    entered = []

    def enter() -> None:
        with Room(storage) as room:
            room.for_bytes(LARGE_BYTES + 1)
            entered.append("second")

    with ThreadPoolExecutor(1) as threads:
        with Room(storage) as room:
            room.for_pixels(LARGE_PIXELS + 1)
            waiting = threads.submit(enter)
            with pytest.raises(TimeoutError):
                waiting.result(0.05)
            entered.append("first")
        waiting.result()
    assert entered == ["first", "second"]


def test_is_taken_once_by_one_run(storage: Storage) -> None:
    with Room(storage) as room:
        room.for_bytes(LARGE_BYTES + 1)
        room.for_pixels(LARGE_PIXELS + 1)
        assert is_taken(storage)
    assert not is_taken(storage)


def test_gives_memory_back_before_the_next_one_begins(storage: Storage) -> None:
    seen = []
    room = Room(storage, trim=lambda: seen.append(is_taken(storage)))
    room.leave()
    assert seen == []
    room.for_pixels(LARGE_PIXELS + 1)
    room.leave()
    assert seen == [True]


def test_takes_its_turn_for_the_thumbnail_of_a_large_picture(storage: Storage) -> None:
    put_picture(storage, KEY, as_file(Image.new("RGB", (2048, 1600), "teal"), compress_level=1))
    with ThreadPoolExecutor(1) as threads:
        with Room(storage) as room:
            room.for_pixels(LARGE_PIXELS + 1)
            made = threads.submit(Finished(storage).thumbnail, KEY, "64")
            with pytest.raises(TimeoutError):
                made.result(0.1)
        opened = made.result()
    assert opened
    opened.close()
