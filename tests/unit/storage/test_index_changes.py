"""What the service itself changes is noted in the index, so that no folder is listed because of it."""

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from dalle.key import Key
from dalle.storage.folder.engine import FolderStorage
from dalle.storage.folder.entry import FolderEntry
from dalle.storage.folder.index.stamps import Stamps
from tests.kit.folders import address, put
from tests.kit.images import png
from tests.service.storage.suites.engine import put_picture
from tests.service.storage.suites.picture_index import names

KEY = Key("blue", address(1))


@pytest.fixture
def storage(tmp_path: Path) -> FolderStorage:
    """A data folder whose one picture is listed."""
    put(tmp_path, "blue", address(0), age=99)
    storage = FolderStorage(tmp_path)
    assert len(storage.pictures.page().pictures) == 1
    assert storage.pictures.tend(1).listed == 1
    return storage


def decide(storage: FolderStorage, change: Callable[[FolderEntry], object], key: Key = KEY) -> None:
    with storage.guard(key) as entry:
        change(entry)


def shown(storage: FolderStorage) -> list[str]:
    return [picture.name for picture in storage.pictures.page().pictures]


def test_lists_nothing_again_for_what_it_publishes_and_removes(storage: FolderStorage) -> None:
    put_picture(storage, KEY, png())
    put_picture(storage, Key("blue", address(2)), png())
    assert shown(storage) == [address(2), address(1), address(0)]
    decide(storage, lambda entry: entry.withdraw(keep=True))
    assert shown(storage) == [address(2), address(0)]
    decide(storage, lambda entry: entry.restore_previous())
    put_picture(storage, KEY, png())
    assert len(shown(storage)) == 3
    decide(storage, lambda entry: entry.withdraw())
    decide(storage, lambda entry: entry.withdraw())
    assert len(shown(storage)) == 2
    upkeep = storage.pictures.tend(1)
    assert (upkeep.listed, upkeep.vanished) == (0, [])


def test_lists_nothing_again_for_another_worker(storage: FolderStorage) -> None:
    other = FolderStorage(storage.layout.root)
    put_picture(other, KEY, png())
    assert shown(storage) == [address(1), address(0)]
    assert storage.pictures.tend(1).listed == 0


def test_clears_up_behind_a_torn_picture_that_it_quarantines(storage: FolderStorage, tmp_path: Path) -> None:
    put(tmp_path, "blue", address(1), content=png()[:60])
    assert storage.pictures.tend(1).torn == [KEY]
    decide(storage, lambda entry: entry.quarantine_picture())
    upkeep = storage.pictures.tend(1)
    assert (upkeep.torn, upkeep.vanished, upkeep.listed) == ([], [KEY], 0)


class Meddling(Stamps):
    """At a step of a change, something else changes the folder, and `disguise` gives it its time back."""

    def __init__(self, root: Path, step: str, disguise: bool) -> None:
        super().__init__(os.fspath(root / "output"))
        self._root, self._step, self._disguise = root, step, disguise

    def read(self, series: str) -> int:
        time = super().read(series)
        self._meddle("read")
        return time

    def mark(self, series: str, known: int) -> int:
        self._meddle("mark")
        mark = super().mark(series, known)
        self._meddle("marked")
        return mark

    def _meddle(self, step: str) -> None:
        if step == self._step:
            self._step = ""
            folder = Path(self.path("blue"))
            time = folder.stat().st_mtime_ns
            put(self._root, "blue", address(7), age=-99)
            if self._disguise:
                os.utime(folder, ns=(time, time))


@pytest.mark.parametrize("disguise", [False, True], ids=["", "in the same tick of the clock"])
@pytest.mark.parametrize("step", ["read", "mark", "marked"])
def test_sees_what_others_change_at_the_same_moment(
    storage: FolderStorage, tmp_path: Path, step: str, disguise: bool
) -> None:
    meddling = FolderStorage(tmp_path, stamps=Meddling(tmp_path, step, disguise))
    put_picture(meddling, KEY, png())
    assert shown(storage) == [address(1), address(7), address(0)]


@pytest.mark.parametrize("moment", range(3))
def test_sees_a_publication_whose_process_died_before_it_was_noted(
    storage: FolderStorage, tmp_path: Path, moment: int
) -> None:
    class Dead(Exception):
        pass

    class Dying(Stamps):
        calls = 0

        def read(self, series: str) -> int:
            return self._die(super().read(series))

        def mark(self, series: str, known: int) -> int:
            return self._die(super().mark(series, known))

        def _die(self, time: int) -> int:
            self.calls += 1
            if self.calls > moment:
                raise Dead
            return time

    for number in (1, 2):  # the second one perhaps in the same tick of the clock
        dying = FolderStorage(tmp_path, stamps=Dying(os.fspath(tmp_path / "output")))
        with suppress(Dead):
            put_picture(dying, Key("blue", address(number)), png())
    present = {path.stem for path in (tmp_path / "output" / "blue" / "annotated").glob("*.png")}
    assert set(shown(storage)) == present


def test_makes_no_index_for_a_run_that_nobody_looks_at(tmp_path: Path) -> None:
    storage = FolderStorage(tmp_path)
    put_picture(storage, KEY, png())
    assert not (tmp_path / "gallery").exists()
    assert names(storage.pictures.page().pictures) == [str(KEY)]
