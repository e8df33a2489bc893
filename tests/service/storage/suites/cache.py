"""What every `Cache` promises."""

import hashlib
from collections.abc import Iterator
from multiprocessing.connection import Connection

import pytest

from dalle.storage.protocol import Cache
from tests.kit.processes import Child
from tests.service.storage.suites.engine import Engine, Opener

MEGABYTE = 1024 * 1024
MOST = 64 * MEGABYTE


def name_of(number: int) -> str:
    return hashlib.sha256(b"%d" % number).hexdigest()


def content(number: int, size: int = MEGABYTE) -> bytes:
    return (b"%d." % number).ljust(size, b"\xff")


def kept(cache: Cache, numbers: range) -> Iterator[int]:
    for number in numbers:
        data = cache.get(name_of(number))
        if data is not None:
            assert data == content(number)
            yield number


def filling(pipe: Connection, opener: Opener, first: int) -> None:
    """Another worker, which fills the cache."""
    cache = opener().cache
    for number in range(first, first + 40):
        cache.put(name_of(number), content(number))
    pipe.send("done")


class CacheTests:
    def test_has_nothing_at_first(self, engine: Engine) -> None:
        assert engine.storage.cache.get(name_of(1)) is None

    @pytest.mark.parametrize("data", [b"", b"x", content(1)], ids=["nothing", "a byte", "a megabyte"])
    def test_keeps_bytes_for_every_worker(self, engine: Engine, data: bytes) -> None:
        engine.storage.cache.put(name_of(1), data)
        engine.storage.cache.put(name_of(2), b"other")
        for cache in (engine.storage.cache, engine.open().cache):
            assert (cache.get(name_of(1)), cache.get(name_of(2)), cache.get(name_of(3))) == (data, b"other", None)

    def test_is_bounded_and_keeps_what_was_asked_for_last(self, engine: Engine) -> None:
        cache = engine.storage.cache
        cache.put(name_of(0), content(0))
        for number in range(1, 120):
            engine.advance(1)
            cache.put(name_of(number), content(number))
            assert cache.get(name_of(number)) == content(number)
            assert cache.get(name_of(0)) == content(0)
        numbers = list(kept(engine.open().cache, range(120)))
        assert MOST / 2 <= len(numbers) * MEGABYTE <= MOST
        assert 0 in numbers
        assert sum(numbers) / len(numbers) > 85

    def test_is_bounded_over_all_workers(self, engine: Engine) -> None:
        children = [Child(filling, engine.opener, first) for first in (0, 40)]
        for child in children:
            with child:
                assert child.receive() == "done"
        assert MOST / 2 <= len(list(kept(engine.storage.cache, range(80)))) * MEGABYTE <= MOST

    def test_does_not_return_what_is_damaged(self, engine: Engine) -> None:
        cache = engine.storage.cache
        cache.put(name_of(1), content(1))
        engine.damage_cached(name_of(1))
        assert cache.get(name_of(1)) is None
        cache.put(name_of(1), content(1))
        assert cache.get(name_of(1)) == content(1)

    def test_keeps_nothing_on_a_full_disk_and_says_nothing(self, engine: Engine) -> None:
        cache = engine.storage.cache
        cache.put(name_of(1), b"before")
        with engine.failing():
            cache.put(name_of(2), content(2))
            assert (cache.get(name_of(1)), cache.get(name_of(2))) == (b"before", None)
        cache.put(name_of(2), content(2))
        assert cache.get(name_of(2)) == content(2)
