"""Copies of objects on a host's disk."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from dalle.storage.blob import OpenBlob
from dalle.storage.cluster.objects.disk_cache import SHARDS, DiskCache, Wanted
from dalle.storage.protocol import StorageError

MOMENT_NS = 1_700_000_000_123_456_789
DATA = b"picture" * 100


class Clock:
    """A clock in the hands of a test, far ahead of the kernel's, which marks files that are read too."""

    now_ns = 4_000_000_000 * 10**9

    def __call__(self) -> int:
        return self.now_ns


def wanted(number: int = 1, owner: str = "simple/annotated/0x1.png", data: bytes = DATA) -> Wanted:
    return Wanted(owner, f"object{number}", MOMENT_NS + number, len(data))


def content(opened: OpenBlob | None) -> bytes | None:
    if opened is None:
        return None
    with opened.file as file:
        return file.read()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def cache(tmp_path: Path, clock: Clock) -> DiskCache:
    return DiskCache(tmp_path, now_ns=clock)


def test_has_nothing_at_first(cache: DiskCache) -> None:
    assert cache.open(wanted()) is None
    assert cache.newest("simple/annotated/0x1.png") is None


def test_keeps_a_copy_with_the_time_of_its_object(cache: DiskCache, tmp_path: Path) -> None:
    for _ in range(2):
        opened = cache.fetch(wanted(), lambda: [DATA[:99], DATA[99:]])
        assert (opened.size, opened.modified_ns) == (len(DATA), MOMENT_NS + 1)
        assert os.fstat(opened.file.fileno()).st_mtime_ns == MOMENT_NS + 1
        assert content(opened) == DATA
    assert content(DiskCache(tmp_path).open(wanted())) == DATA
    assert cache.open(wanted(2)) is None


def test_takes_no_part_for_the_whole(cache: DiskCache) -> None:
    cache.put(wanted(), [DATA])
    path = cache._path(wanted())
    path.write_bytes(DATA[:-1])
    assert cache.open(wanted()) is None
    assert content(cache.fetch(wanted(), lambda: [DATA])) == DATA
    assert content(cache.open(wanted())) == DATA


def test_keeps_nothing_of_what_cannot_be_fetched(cache: DiskCache, tmp_path: Path) -> None:
    def broken() -> Iterator[bytes]:
        yield DATA[:99]
        raise StorageError("gone")

    with pytest.raises(StorageError):
        cache.fetch(wanted(), broken)
    assert cache.open(wanted()) is None
    assert [path for path in tmp_path.rglob("*") if path.is_file() and path.parent.name != "locks"] == []


def test_lets_one_thread_fetch_and_the_others_wait(tmp_path: Path) -> None:
    began, go_on, fetched = threading.Event(), threading.Event(), list[int]()

    def slow() -> Iterator[bytes]:
        fetched.append(1)
        began.set()
        assert go_on.wait(30)
        yield DATA

    found: list[bytes | None] = []
    caches = [DiskCache(tmp_path) for _ in range(5)]  # as if each were another process
    threads = [
        threading.Thread(target=lambda one=one: found.append(content(one.fetch(wanted(), slow)))) for one in caches
    ]
    for thread in threads:
        thread.start()
    assert began.wait(30)
    go_on.set()
    for thread in threads:
        thread.join()
    assert (found, fetched) == ([DATA] * 5, [1])


def test_has_the_bytes_in_memory_where_the_disk_takes_none(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    cache = DiskCache(tmp_path / "file")
    for _ in range(2):
        opened = cache.fetch(wanted(), lambda: [DATA])
        assert (opened.size, opened.modified_ns) == (len(DATA), MOMENT_NS + 1)
        assert os.pread(opened.file.fileno(), 7, 7) == b"picture"
        assert content(opened) == DATA


def test_finds_the_newest_object_of_an_owner(cache: DiskCache) -> None:
    for number in (2, 3, 1):
        cache.put(wanted(number), [b"%d" % number])
    cache.put(wanted(9, "simple/annotated/0x2.png"), [b"other"])
    opened = cache.newest("simple/annotated/0x1.png")
    assert opened
    assert (opened.modified_ns, content(opened)) == (MOMENT_NS + 3, b"3")


def test_is_bounded_and_keeps_what_was_asked_for_last(tmp_path: Path, clock: Clock) -> None:
    data = b"x" * 4096
    cache = DiskCache(tmp_path, len(SHARDS) * 40 * 4096, now_ns=clock)
    favourite = wanted(0, data=data)
    cache.put(favourite, [data])
    for number in range(1, 200):
        clock.now_ns += 100_000_000_000
        cache.put(wanted(number, data=data), [data])  # all of one owner, and so in one shard
        assert content(cache.open(favourite)) == data
    kept = [number for number in range(200) if content(cache.open(wanted(number, data=data)))]
    assert 20 <= len(kept) <= 40
    assert kept[1:] == list(range(201 - len(kept), 200))


def test_does_not_mark_a_copy_each_time_it_is_sent(cache: DiskCache, clock: Clock) -> None:
    cache.put(wanted(), [DATA])
    path, began, marked = cache._path(wanted()), clock.now_ns, []
    for seconds in (0, 30, 40, 30):
        clock.now_ns += seconds * 10**9
        content(cache.open(wanted()))
        marked.append((path.stat().st_atime_ns - began) // 10**9)
    assert marked == [0, 0, 70, 70]
    assert path.stat().st_mtime_ns == MOMENT_NS + 1


def test_removes_what_killed_processes_left(cache: DiskCache, clock: Clock) -> None:
    left = cache.stage("simple/annotated/0x1.png", DATA)
    os.utime(left, ns=(clock.now_ns, clock.now_ns))
    cache.tidy(60)
    assert left.exists()
    clock.now_ns += 61 * 10**9
    cache.tidy(60)
    assert not left.exists()
