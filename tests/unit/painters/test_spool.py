"""Bodies that are too large for memory."""

import errno
import os
import tempfile
from pathlib import Path
from typing import IO

import pytest

from dalle.painters.openai.answers.received import Received
from dalle.painters.openai.spool import Spool

PARTS = [bytes([number]) * 1000 for number in range(1, 30)]
WHOLE = b"".join(PARTS)


class Disk:
    """Opens files below a folder, unless it is full."""

    def __init__(self, folder: Path, *, full: bool = False) -> None:
        self.folder = folder
        self.full = full
        self.opened: list[IO[bytes]] = []

    def scratch(self) -> IO[bytes]:
        if self.full:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        file = tempfile.TemporaryFile(dir=self.folder, buffering=0)  # noqa: SIM115 — the spool closes it
        self.opened.append(file)
        return file

    @property
    def size(self) -> int:
        return sum(os.fstat(file.fileno()).st_size for file in self.opened)


@pytest.fixture
def disk(tmp_path: Path) -> Disk:
    return Disk(tmp_path)


def filled(disk: Disk, most: int) -> Spool:
    spool = Spool(disk.scratch, most)
    for part in PARTS:
        spool.add(part)
    return spool


def test_keeps_a_small_body_in_memory(disk: Disk) -> None:
    spool = filled(disk, len(WHOLE))
    assert disk.opened == []
    assert (bytes(spool), len(spool)) == (WHOLE, len(WHOLE))


def test_keeps_a_large_one_in_a_file_without_a_name(disk: Disk) -> None:
    spool = filled(disk, 5000)
    assert disk.size == len(WHOLE)
    assert list(disk.folder.iterdir()) == []
    assert bytes(spool) == WHOLE
    assert [b"".join(spool), b"".join(spool)] == [WHOLE, WHOLE]


def test_closes_its_file_when_it_is_not_needed_any_more(disk: Disk) -> None:
    spool = filled(disk, 5000)
    assert not disk.opened[0].closed
    del spool
    assert disk.opened[0].closed


def test_goes_on_in_memory_when_the_disk_is_full(disk: Disk) -> None:
    disk.full = True
    spool = filled(disk, 5000)
    assert (bytes(spool), b"".join(spool)) == (WHOLE, WHOLE)


def test_goes_on_in_memory_when_the_disk_becomes_full(disk: Disk) -> None:
    spool = Spool(disk.scratch, 5000)
    for number, part in enumerate(PARTS):
        if number == 10:
            read_only = os.open(f"/proc/self/fd/{disk.opened[0].fileno()}", os.O_RDONLY)
            os.dup2(read_only, disk.opened[0].fileno())
            os.close(read_only)
        spool.add(part)
    assert os.fstat(disk.opened[0].fileno()).st_size == 10_000
    assert (bytes(spool), b"".join(spool)) == (WHOLE, WHOLE)


def test_is_kept_as_any_other_body(disk: Disk) -> None:
    large = Received(200, {"content-type": "image/png"}, filled(disk, 5000), url="http://host/v1")
    small = Received(200, {"content-type": "image/png"}, WHOLE, url="http://host/v1")
    assert large.encode() == small.encode() == b"".join(large.pieces())
    assert large.content(1 << 20) == WHOLE
    assert Received.decode(large.encode()) == small
