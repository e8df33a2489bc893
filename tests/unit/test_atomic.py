import os
import resource
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest

from dalle import atomic


def test_replaces_a_file_wholly_and_makes_its_folders(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "c"
    atomic.write_atomic(path, b"one", durable=True)
    atomic.write_atomic(path, b"two")
    assert path.read_bytes() == b"two"
    assert os.listdir(path.parent) == ["c"]


def test_leaves_the_old_file_and_no_temporary_one_when_it_fails(tmp_path: Path) -> None:
    path = tmp_path / "folder"
    path.mkdir()
    (path / "inside").touch()
    with pytest.raises(OSError, match="irectory"):
        atomic.write_atomic(path, b"data")
    assert os.listdir(tmp_path) == ["folder"]


def test_writes_again_when_a_sweep_took_its_temporary_file(tmp_path: Path) -> None:
    path, data = tmp_path / "picture", b"x" * (1 << 22)
    swept = threading.Event()

    def sweep() -> None:
        while not swept.is_set():
            for temporary in tmp_path.glob(".*.tmp"):
                with suppress(FileNotFoundError):
                    temporary.unlink()
                    swept.set()

    thread = threading.Thread(target=sweep)
    thread.start()
    while not swept.is_set():
        atomic.write_atomic(path, data, durable=True)
    thread.join()
    assert path.read_bytes() == data


def test_can_be_read_by_the_web_server(tmp_path: Path) -> None:
    mask = os.umask(0o022)
    try:
        atomic.write_atomic(tmp_path / "picture", b"")
    finally:
        os.umask(mask)
    assert (tmp_path / "picture").stat().st_mode & 0o777 == 0o644


def test_ends_a_torn_line_before_it_appends(tmp_path: Path) -> None:
    path = tmp_path / "metrics" / "calls.jsonl"
    atomic.append_line(path, b"one\n")
    with path.open("ab") as file:
        file.write(b"tor")
    atomic.append_line(path, b"two\n", durable=True)
    assert path.read_bytes() == b"one\ntor\ntwo\n"


def test_takes_a_line_back_that_is_written_in_part_only(tmp_path: Path) -> None:
    """As on a disk that is full after some bytes."""
    path = tmp_path / "calls.jsonl"
    path.write_bytes(b"one\ntor")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, hard))
    try:
        with pytest.raises(OSError, match="large"):
            atomic.append_line(path, b"two and more\n")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert path.read_bytes() == b"one\ntor"
    atomic.append_line(path, b"two and more\n")
    assert path.read_bytes() == b"one\ntor\ntwo and more\n"


def test_removes_only_old_temporary_files(tmp_path: Path) -> None:
    for name in (".a.1.tmp", "b.tmp", ".c", "d"):
        (tmp_path / name).touch()
    assert not atomic.remove_temporaries(tmp_path, 10)
    assert atomic.remove_temporaries(tmp_path, 10, now=lambda: time.time() + 60)
    assert sorted(os.listdir(tmp_path)) == [".c", "b.tmp", "d"]


def test_does_not_wait_for_a_lock_without_wait(tmp_path: Path) -> None:
    path = tmp_path / "guard"
    with atomic.flocked(path), pytest.raises(BlockingIOError), atomic.flocked(path, wait=False):
        raise AssertionError("it was locked")
