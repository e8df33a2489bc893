"""What others change in folders that the index knows is settled by name; nothing is listed for it."""

import gc
import os
from pathlib import Path

import pytest

from dalle.atomic import flocked
from dalle.key import Key
from dalle.storage.folder.engine import FolderStorage
from dalle.storage.folder.index.file import IndexFile
from dalle.storage.folder.index.following import MOST_NAMES, Followed
from dalle.storage.folder.index.listing import MOST_SETTLED, Changed, Listing
from dalle.storage.folder.index.stamps import Stamps
from dalle.storage.folder.index.table import PictureTable
from dalle.storage.folder.index.watch import Watch
from tests.kit.folders import MOMENT, address, put
from tests.kit.images import png
from tests.kit.waiting import wait
from tests.service.storage.suites.engine import put_picture
from tests.service.storage.suites.picture_index import names


@pytest.fixture
def storage(tmp_path: Path) -> FolderStorage:
    """A data folder with three pictures, which is followed."""
    for number in range(3):
        put(tmp_path, "blue", address(number), age=number)
    return followed(FolderStorage(tmp_path))


def followed(storage: FolderStorage) -> FolderStorage:
    """Has it list its folders, or find them unchanged, so that it follows them from then on."""
    for _ in range(3):
        storage.pictures.folders()
    storage.pictures.tend(1)
    return storage


def shown(storage: FolderStorage) -> list[str]:
    return [name.removeprefix("blue/") for name in names(storage.pictures.page().pictures)]


def listings(storage: FolderStorage) -> int:
    return storage.pictures.tend(1).listed


def folder(root: Path) -> Path:
    return root / "output" / "blue" / "annotated"


def change(root: Path) -> None:
    """What an operator does: put, replace, delete, rename, and touch other files."""
    put(root, "blue", address(7), age=-7)
    put(root, "blue", address(1), age=-1)
    (folder(root) / f"{address(2)}.png").unlink()
    (folder(root) / f"{address(0)}.png").rename(folder(root) / f"{address(9)}.png")
    (folder(root) / "notes.txt").write_text("mine")
    (folder(root) / ".hidden.png").write_bytes(png())


def test_shows_what_others_change_and_lists_nothing(storage: FolderStorage, tmp_path: Path) -> None:
    change(tmp_path)
    assert shown(storage) == [address(7), address(1), address(9)]
    assert storage.pictures.tend(1).vanished == [Key("blue", address(number)) for number in (0, 2)]
    assert shown(followed(FolderStorage(tmp_path))) == shown(storage)
    assert listings(storage) == 0


def test_settles_changes_once_for_all_processes(storage: FolderStorage, tmp_path: Path) -> None:
    other = followed(FolderStorage(tmp_path))
    change(tmp_path)
    assert shown(other) == shown(storage) == [address(7), address(1), address(9)]
    assert (listings(other), listings(storage)) == (0, 0)


def test_notices_a_picture_that_is_written_where_it_is(storage: FolderStorage, tmp_path: Path) -> None:
    path = folder(tmp_path) / f"{address(2)}.png"
    os.utime(path, (MOMENT + 5, MOMENT + 5))
    assert shown(storage)[0] == address(0)  # nothing reports it
    with open(path, "r+b") as file:
        file.write(png())
        file.flush()
        os.utime(path, (MOMENT + 9, MOMENT + 9))
    assert shown(storage)[0] == address(2)
    assert storage.pictures.page().pictures[0].modified_ns == (MOMENT + 9) * 10**9
    assert listings(storage) == 0


def test_lists_what_was_changed_before_it_followed(storage: FolderStorage, tmp_path: Path) -> None:
    change(tmp_path)
    late = FolderStorage(tmp_path)
    assert shown(late) == [address(7), address(1), address(9)]
    assert listings(late) == 1


def test_lists_a_folder_whose_time_changes_without_a_report(storage: FolderStorage, tmp_path: Path) -> None:
    os.utime(folder(tmp_path))
    assert listings(storage) == 1
    assert listings(storage) == 0


def test_follows_a_folder_that_takes_the_place_of_another(storage: FolderStorage, tmp_path: Path) -> None:
    folder(tmp_path).rename(tmp_path / "former")
    put(tmp_path, "blue", address(5))
    put(tmp_path / "former", "blue", address(6))
    (tmp_path / "former" / "notes.txt").write_text("mine")
    assert shown(storage) == [address(5)]
    followed(storage)
    put(tmp_path, "blue", address(7), age=-7)
    assert shown(storage) == [address(7), address(5)]
    assert listings(storage) == 0


def test_lists_for_an_index_that_was_made_again(storage: FolderStorage, tmp_path: Path) -> None:
    for path in (tmp_path / "gallery").iterdir():
        path.unlink()
    put(tmp_path, "blue", address(7), age=-7)
    assert shown(storage) == [address(7), address(0), address(1), address(2)]
    assert listings(storage) == 1


def test_leaves_many_changes_to_a_listing(storage: FolderStorage, tmp_path: Path) -> None:
    first = folder(tmp_path) / f"{address(0)}.png"
    for number in range(100, 700):
        os.link(first, first.with_name(f"{address(number)}.png"))
    assert sum(each.count for each in storage.pictures.folders()) == 603
    assert listings(storage) == 1


def test_settles_many_changes_of_a_large_folder_in_the_background(storage: FolderStorage, tmp_path: Path) -> None:
    first = folder(tmp_path) / f"{address(0)}.png"
    for number in range(100, 1600):
        os.link(first, first.with_name(f"{address(number)}.png"))
    storage.pictures.catch_up()
    assert sum(each.count for each in storage.pictures.folders()) == 1503
    assert listings(storage) == 0


def test_knows_nothing_of_more_changes_than_it_keeps() -> None:
    followed = Followed("index", equal=True)
    for number in range(MOST_NAMES + 1):
        followed.note(f"{number}.png")
    assert (followed.lost, followed.so_far()) == (True, {})


def test_forgets_no_name_that_was_changed_again() -> None:
    followed = Followed("index", equal=True)
    followed.note("a.png")
    followed.note("b.png")
    settled = followed.so_far()
    followed.note("a.png")
    followed.forget(settled)
    assert list(followed.so_far()) == ["a.png"]


class Interrupted(Stamps):
    """At the moment of the mark, the folder is changed."""

    def __init__(self, root: Path) -> None:
        super().__init__(os.fspath(root / "output"))
        self._root = root
        self.left = 0
        self.after = False

    def mark(self, series: str, known: int) -> int:
        mark = super().mark(series, known) if self.after else 0
        if self.left:
            self.left -= 1
            put(self._root, series, address(20 + self.left), age=-9)
            if self.after:
                os.utime(self.path(series), ns=(mark, mark))
        return mark or super().mark(series, known)


@pytest.mark.parametrize("after", [False, True], ids=["before the mark", "after it, in the same tick of the clock"])
def test_misses_nothing_that_is_changed_while_it_settles(storage: FolderStorage, tmp_path: Path, after: bool) -> None:
    stamps, file = Interrupted(tmp_path), IndexFile(storage.layout.index)
    listing = Listing(file, PictureTable(file), stamps, Watch())
    for _ in range(3):
        assert listing.unsettled() == []
    stamps.left, stamps.after = 3, after
    put(tmp_path, "blue", address(7), age=-7)
    for _ in range(5):
        assert listing.unsettled() == []
    assert listing.changed() == []
    assert {f"{address(number)}" for number in (7, 20, 21, 22)} < set(shown(FolderStorage(tmp_path)))


def test_ends_no_listing_of_another_process(storage: FolderStorage, tmp_path: Path) -> None:
    file = IndexFile(storage.layout.index)
    with file.writing() as base:
        base.execute("UPDATE folders SET listing=5")  # one that died
    put(tmp_path, "blue", address(7), age=-7)
    listing = Listing(file, PictureTable(file), Stamps(os.fspath(storage.layout.output)), Watch())
    assert listing.unsettled() == [Changed("blue", 3)]
    assert shown(storage)[0] == address(7)
    assert listings(storage) == 1


def test_shows_changes_at_once_while_another_process_lists(storage: FolderStorage, tmp_path: Path) -> None:
    for number in range(2000):
        os.link(folder(tmp_path) / f"{address(0)}.png", folder(tmp_path) / f"{address(100 + number)}.png")
    storage.pictures.catch_up()
    with flocked(tmp_path / "gallery" / "listing"):
        with IndexFile(storage.layout.index).writing() as base:
            base.execute("UPDATE folders SET listing=5")
        for number in range(MOST_SETTLED + 2):
            put(tmp_path, "blue", address(5000 + number), age=-number - 1)
            if number % 50 == 0 or number > MOST_SETTLED:
                assert shown(storage)[0] == address(5000 + number)
    wait(lambda: storage.pictures.tend(1) and not stamps_differ(storage))
    assert sum(each.count for each in storage.pictures.folders()) == 2003 + MOST_SETTLED + 2


def stamps_differ(storage: FolderStorage) -> bool:
    base = IndexFile(storage.layout.index).base()
    ((stamp, listing),) = base.execute("SELECT stamp, listing FROM folders").fetchall()
    return bool(listing) or stamp != folder(storage.layout.root).stat().st_mtime_ns


def test_settles_what_a_run_could_not_note(storage: FolderStorage, tmp_path: Path) -> None:
    busy = IndexFile(storage.layout.index)
    with busy.writing():
        put_picture(storage, Key("blue", address(5)), png())
    assert shown(storage)[0] == address(5)
    assert listings(storage) == 0


def test_keeps_no_descriptor_of_storages_that_are_gone(storage: FolderStorage, tmp_path: Path) -> None:
    def descriptors() -> int:
        gc.collect()
        links = (os.readlink(path) for path in Path("/proc/self/fd").iterdir() if path.is_symlink())
        return sum("inotify" in link for link in links)

    before = descriptors()
    for _ in range(5):
        followed(FolderStorage(tmp_path))
    # Threads of this test, and of those before it, may take a moment to let go of theirs.
    wait(lambda: descriptors() <= before, "the descriptors to be closed")
