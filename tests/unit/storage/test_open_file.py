"""Regular files and nothing else."""

import os
from pathlib import Path

import pytest

from dalle.storage.open_file import open_below, open_file, read_bounded


def descriptors() -> int:
    return len(os.listdir("/proc/self/fd"))


@pytest.fixture
def odd(tmp_path: Path) -> list[Path]:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "zero").symlink_to("/dev/zero")
    return [tmp_path / "folder", tmp_path / "fifo", tmp_path / "zero", tmp_path / "absent"]


def test_opens_nothing_but_regular_files_and_keeps_no_descriptor(odd: list[Path], tmp_path: Path) -> None:
    before = descriptors()
    assert [open_file(path) for path in odd] == [None] * 4
    assert [open_below(tmp_path, path.name) for path in odd] == [None] * 4
    assert [read_bounded(path, 10) for path in odd] == [None] * 4
    assert descriptors() == before


def test_reads_one_byte_more_than_is_allowed(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"123456")
    assert read_bounded(tmp_path / "file", 10) == b"123456"
    assert read_bounded(tmp_path / "file", 4) == b"12345"
