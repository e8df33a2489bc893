"""Whether runs can write what they need."""

import errno
import os
from pathlib import Path

import pytest

from dalle.storage.folder.inspection import probing
from dalle.storage.folder.inspection.probing import Probing
from dalle.storage.folder.layout import Layout


class Refusals:
    """Stands in for `os.access`: refuses the paths in `refused` and counts the questions."""

    def __init__(self) -> None:
        self.refused: set[str] = set()
        self.asked: list[str] = []

    def __call__(self, path: str, mode: int) -> bool:
        self.asked.append(path)
        return path not in self.refused


def skip(folder: Path) -> None:
    """Tries no file: a sync takes longer than all questions."""


def make(root: Path, *, series: int = 1, keys: int = 0) -> None:
    for number in range(series):
        for folder in (*(f"output/s{number}/{name}" for name in probing.OF_SERIES), f"runs/s{number}"):
            (root / folder).mkdir(parents=True, exist_ok=True)
        for key in range(keys):
            (root / f"runs/s{number}/{key}.json").touch()
    for folder in ("locks", "queue", "metrics", "gallery", "provider"):
        (root / folder).mkdir()
    (root / "locks/guard-f7").touch()
    (root / "metrics/calls.jsonl").touch()


def first_refused(look: Probing, looks: int = 8) -> str:
    """The path that is refused within so many looks, "" without one."""
    refused = next((error for _ in range(looks) if (error := look.look())), None)
    return str(refused.filename) if refused else ""


@pytest.mark.parametrize(
    "name",
    ["locks/guard-f7", "runs/s9", "output/s9/progress", "output/s9/thumbs/64", "metrics/calls.jsonl", "gallery"],
)
def test_finds_what_refuses_a_part_of_the_runs_until_it_is_mended(tmp_path: Path, name: str) -> None:
    make(tmp_path, series=12)
    access = Refusals()
    look = Probing(Layout(tmp_path), access=access, write=skip)
    assert first_refused(look) == ""
    access.refused = {str(tmp_path / name)}
    assert first_refused(look) == str(tmp_path / name)
    for _ in range(20):
        refused = look.look()
        assert refused
        assert (refused.errno, refused.filename) == (errno.EACCES, str(tmp_path / name))
    access.refused = set()
    assert look.look() is None


@pytest.mark.parametrize("name", ["output", "runs", "locks", "queue", "provider"])
def test_raises_where_no_run_can_be_made(tmp_path: Path, name: str) -> None:
    make(tmp_path)
    access = Refusals()
    access.refused = {str(tmp_path / name)}
    with pytest.raises(PermissionError) as caught:
        Probing(Layout(tmp_path), access=access, write=skip).look()
    assert caught.value.filename == str(tmp_path / name)


def test_asks_no_more_of_a_large_folder(tmp_path: Path) -> None:
    counts = []
    for name, series, keys in (("small", probing.SERIES_AT_ONCE, 0), ("large", 5 * probing.SERIES_AT_ONCE, 50)):
        (tmp_path / name).mkdir()
        make(tmp_path / name, series=series, keys=keys)
        access = Refusals()
        Probing(Layout(tmp_path / name), access=access, write=skip).look()
        counts.append(len(access.asked))
    assert counts[0] == counts[1] < 500


def test_finds_nothing_wrong_with_what_is_not_there_yet(tmp_path: Path) -> None:
    access = Refusals()
    look = Probing(Layout(tmp_path), access=access, write=skip)
    access.refused = {str(tmp_path / name) for name in ("runs", "metrics", "queue/guard")}
    assert look.look() is None
    assert os.listdir(tmp_path) == []
