"""Whose the files of a data folder are, and who may read them."""

import os
from pathlib import Path

import pytest

from dalle.host.owner import Owner
from dalle.storage.folder.inspection import ownership
from dalle.storage.folder.layout import Layout

OTHER = Owner(os.geteuid() + 1, os.getegid())


def test_counts_what_belongs_to_others_and_shows_the_first_of_it(tmp_path: Path) -> None:
    (tmp_path / "runs" / "simple").mkdir(parents=True)
    (tmp_path / "runs" / "simple" / "a.json").touch()
    for folder in ("locks", "outbox", "series", "lost+found"):
        (tmp_path / folder).mkdir()
    found = ownership.foreign(Layout(tmp_path), OTHER)
    assert (found.count, found.shown) == (5, ["locks", "outbox", "runs"])
    assert found.uids == {os.geteuid()}
    assert ownership.foreign(Layout(tmp_path), ownership.owner(Layout(tmp_path))).count == 0


def test_goes_by_the_nearest_folder_for_one_that_is_not_there(tmp_path: Path) -> None:
    owner = ownership.owner(Layout(tmp_path / "not" / "there"))
    assert (owner.uid, owner.umask) == (tmp_path.stat().st_uid, 0o022)


@pytest.mark.parametrize("umask", [0o022, 0o027, 0o077])
def test_takes_the_umask_from_what_the_service_has_made(tmp_path: Path, umask: int) -> None:
    (tmp_path / "output").mkdir()
    (tmp_path / "output").chmod(0o777 & ~umask)
    assert ownership.owner(Layout(tmp_path)).umask == umask


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    """A folder with a report of one key; pytest's own folders above it are closed."""
    for folder in (tmp_path / "data", tmp_path / "data/output", tmp_path / "data/output/simple"):
        folder.mkdir(mode=0o755)
    (tmp_path / "data/output/simple/progress").mkdir(mode=0o755)
    (tmp_path / "data/output/simple/progress/0x1.json").touch(mode=0o644)
    return Layout(tmp_path / "data")


def closed(layout: Layout, umask: int = 0) -> list[str]:
    """What is closed in the data folder, relative to it."""
    places = ownership.closed_to_others(layout, umask)
    return [str(place.relative_to(layout.root)) for place in places if place.is_relative_to(layout.root)]


@pytest.mark.parametrize(
    "name", ["output", "output/simple", "output/simple/progress", "output/simple/progress/0x1.json"]
)
def test_finds_what_a_web_server_cannot_read(layout: Layout, name: str) -> None:
    assert closed(layout) == []
    (layout.root / name).chmod(0o700)
    assert closed(layout) == [name]


def test_finds_a_umask_that_hides_what_will_come(layout: Layout) -> None:
    assert closed(layout, 0o022) == []
    assert closed(layout, 0o077) == ["output"]
