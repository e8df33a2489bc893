"""The workbench: one file at a time, in bounded memory, for a bounded number of callers."""

import threading

import pytest

from dalle.errors import ServiceUnavailable
from dalle.threads.workbench import Workbench
from tests.kit.waiting import wait


class Maker:
    """Makes the same file each time, and counts."""

    def __init__(self, made: bytes = b"made") -> None:
        self.made = made
        self.count = 0

    def __call__(self) -> bytes:
        self.count += 1
        return self.made


def test_makes_a_file_once() -> None:
    bench, make = Workbench(), Maker()
    assert [bench.get("name", make), bench.get("name", make)] == [b"made", b"made"]
    assert make.count == 1


def test_keeps_what_was_asked_for_last_within_its_bytes() -> None:
    bench, first, second, third = Workbench(most_bytes=10), Maker(), Maker(), Maker()
    for name, make in (("1", first), ("2", second), ("1", first), ("3", third), ("1", first), ("2", second)):
        bench.get(name, make)
    assert (first.count, second.count, third.count) == (1, 2, 1)


def test_keeps_nothing_that_is_larger_than_all_it_may_keep() -> None:
    bench, small, large = Workbench(most_bytes=4), Maker(), Maker(b"large")
    for name, make in (("small", small), ("large", large), ("large", large), ("small", small)):
        assert bench.get(name, make) == make.made
    assert (small.count, large.count) == (1, 2)


def test_keeps_no_failure() -> None:
    bench, make = Workbench(), Maker()

    def fail() -> bytes:
        raise ValueError("broken")

    for _ in range(5):
        with pytest.raises(ValueError, match="broken"):
            bench.get("name", fail)
    assert bench.get("name", make) == b"made"


def test_refuses_at_once_who_comes_while_too_many_wait() -> None:
    bench, free, begun, make = Workbench(most_at_once=1), threading.Event(), threading.Event(), Maker()

    def slow() -> bytes:
        begun.set()
        assert free.wait(30)
        return b"slow"

    kept: list[bytes] = []
    bench.get("kept", make)
    thread = threading.Thread(target=lambda: kept.append(bench.get("slow", slow)))
    thread.start()
    try:
        assert begun.wait(30)
        assert bench.is_full
        with pytest.raises(ServiceUnavailable) as refused:
            bench.get("other", make)
        assert (refused.value.retry_after, make.count, bench.get("kept", make)) == (1, 1, b"made")
    finally:
        free.set()
        thread.join()
    assert (kept, bench.is_full) == ([b"slow"], False)
    assert bench.get("other", make) == b"made"


def test_lets_those_who_want_the_same_wait_for_it() -> None:
    bench, free, begun = Workbench(most_at_once=2), threading.Event(), threading.Event()
    made: list[bytes] = []

    def slow() -> bytes:
        begun.set()
        assert free.wait(30)
        made.append(b"slow")
        return b"slow"

    threads = [threading.Thread(target=bench.get, args=("slow", slow)) for _ in range(2)]
    for thread in threads:
        thread.start()
    assert begun.wait(30)
    wait(lambda: bench.is_full)
    free.set()
    for thread in threads:
        thread.join()
    assert made == [b"slow"]
