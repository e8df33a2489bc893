"""How folders are looked through a part at a time."""

import os
from pathlib import Path

import pytest

from dalle.storage.blob import Original
from dalle.storage.folder.layout import Layout
from dalle.storage.folder.locks.claims import Claims
from dalle.storage.folder.patrol import Patrol
from dalle.storage.folder.sweeping import Sweeping, written_folders
from tests.kit.data_folder import put_bytes
from tests.kit.fakes import KEY

LATER = 2**62  # Unix nanoseconds


@pytest.fixture
def folders(tmp_path: Path) -> list[Path]:
    """Two folders: one with four files, one with three."""
    for name in ("a/1", "a/2", "a/3", "a/4", "b/5", "b/6", "b/7"):
        put_bytes(tmp_path / name, b"")
    return [tmp_path / "a", tmp_path / "b"]


def patrol(folders: list[Path], most: int = 3, now_ns: int = LATER) -> Patrol:
    return Patrol(lambda: folders, most=most, now_ns=lambda: now_ns)


def names(patrol: Patrol) -> list[str]:
    return [entry.name for entry in patrol.look()]


def test_looks_at_no_more_than_so_many_entries_and_goes_on_from_there(folders: list[Path]) -> None:
    looking = patrol(folders)
    looks = [names(looking) for _ in range(3)]
    assert [len(look) for look in looks] == [3, 3, 1]
    assert sorted(name for look in looks for name in look) == list("1234567")


def test_leaves_out_folders_that_have_not_changed(folders: list[Path]) -> None:
    looking = patrol(folders, most=100)
    assert len(names(looking)) == 7
    put_bytes(folders[1] / "8", b"")
    assert sorted(names(looking)) == list("5678")
    assert names(looking) == []


def test_looks_again_where_it_is_asked_to(folders: list[Path]) -> None:
    looking = patrol(folders, most=100)
    for entry in looking.look():
        if entry.name == "6":
            looking.again()
    assert sorted(names(looking)) == list("567")


def test_looks_again_into_a_folder_that_changed_at_that_moment(folders: list[Path]) -> None:
    looking = patrol(folders, most=100, now_ns=folders[0].stat().st_mtime_ns)
    assert (len(names(looking)), len(names(looking))) == (7, 7)


def test_goes_on_with_the_others_where_a_folder_cannot_be_read(folders: list[Path], tmp_path: Path) -> None:
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    looking = patrol([loop, tmp_path / "missing", *folders], most=100)
    seen: list[str] = []
    with pytest.raises(OSError, match="loop"):
        seen.extend(entry.name for entry in looking.look())
    assert sorted(seen) == list("1234567")


def test_lists_no_folder_that_has_a_file_for_each_key(tmp_path: Path) -> None:
    """A folder in such a one would be found by listing it only."""
    output = tmp_path / "output" / "simple"
    for deep in ("annotated/deep", "thumbs/64/deep", "versions/64/deep", "../../runs/simple/x"):
        (output / deep).mkdir(parents=True)
    for name in ("locks", "queue", "metrics/calls"):
        (tmp_path / name).mkdir(parents=True)
    found = {str(path.relative_to(tmp_path)) for path in written_folders(Layout(tmp_path))}
    assert found == {
        ".", "output", "runs", "locks", "queue", "metrics", "metrics/calls", "runs/simple",
        "output/simple", "output/simple/annotated", "output/simple/thumbs", "output/simple/thumbs/64",
        "output/simple/versions", "output/simple/versions/64",
    }  # fmt: skip


def test_removes_what_is_left_a_part_at_a_time(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    for number in range(9):
        put_bytes(layout.locks / f".{number}.tmp", b"")
        put_bytes(layout.locks / f"simple.0x{number}.lock", b"")
    claims = Claims(layout.locks, 10.0)
    sweeping = Sweeping(layout, claims, most=5, now_ns=lambda: LATER)
    left = []
    for _ in range(6):
        sweeping.remove_leftovers(10)
        left.append(len([name for name in os.listdir(layout.locks) if not name.startswith("guard")]))
    assert left[0] >= 13
    assert left[-1] == 0


def test_finds_originals_a_part_at_a_time(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    original = Original.of(KEY, "run1", 1)
    for number in range(9):
        put_bytes(layout.runs / KEY.series / f"{number}.json", b"")
    put_bytes(layout.blob(original), b"paid")
    sweeping = Sweeping(layout, Claims(layout.locks, 10.0), most=3, now_ns=lambda: LATER)
    assert [found for _ in range(4) for found in sweeping.originals()] == [original]
