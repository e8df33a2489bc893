import logging
import threading
from collections.abc import Callable

import pytest

from app.server.waiters import Waiters
from app.web.waiting import Wait
from dalle.key import Key
from tests.kit.clocks import Clock
from tests.kit.fakes import KEY, OTHER


def wait(key: Key = KEY, seconds: int = 10, has_ended: Callable[[], bool] = lambda: False) -> Wait:
    return Wait(key, seconds, "", started=False, has_ended=has_ended)


class Waiting(Waiters[str]):
    """Its thread is the test's."""

    def __init__(self, most: int = 9) -> None:
        self.clock = Clock()
        super().__init__(most, lambda waiter: None, self.clock)

    def _start(self) -> None:
        pass

    def put(self, waiter: str, wait: Wait) -> None:
        assert self.add(waiter, wait)
        self.begin(waiter)


def test_have_so_many_places_and_no_more() -> None:
    waiters = Waiting(most=2)
    assert [waiters.add(name, wait()) for name in "abc"] == [True, True, False]
    assert waiters.discard("b")
    assert waiters.add("c", wait())
    assert waiters.discard("b") is None
    assert not waiters.add("d", wait())


def test_wait_as_long_as_they_prefer_once_they_have_begun() -> None:
    waiters = Waiting()
    assert waiters.add("a", wait(seconds=5))
    waiters.clock.now += 5
    assert waiters.over() == []
    waiters.begin("a")
    waiters.put("b", wait(seconds=3))
    waiters.clock.now += 3
    assert waiters.over() == ["b"]
    waiters.clock.now += 2
    assert waiters.over() == ["a", "b"]
    waiters.discard("a")
    assert waiters.over() == ["b"]


def test_end_with_their_run_which_is_looked_at_once() -> None:
    looks: list[str] = []

    def look(name: str, ended: bool) -> Callable[[], bool]:
        def has_ended() -> bool:
            looks.append(name)
            return ended

        return has_ended

    waiters = Waiting()
    for name in "abc":
        waiters.put(name, wait(KEY, has_ended=look("key", ended=True)))
    waiters.put("d", wait(OTHER, has_ended=look("other", ended=False)))
    assert waiters.over() == ["a", "b", "c"]
    assert looks == ["key", "other"]


def test_wait_on_when_a_disk_cannot_be_read(caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> bool:
        raise OSError("no disk")

    waiters = Waiting()
    waiters.put("a", wait(has_ended=fail))
    with caplog.at_level(logging.ERROR):
        assert waiters.over() == []
    assert "no disk" in caplog.text
    waiters.clock.now += 10
    assert waiters.over() == ["a"]


def test_are_not_taken_any_more_after_the_close() -> None:
    waiters = Waiting()
    waiters.put("a", wait())
    waiters.add("reserved", wait())
    assert waiters.close() == ["a"]
    assert not waiters.add("b", wait())


def test_are_called_back_by_one_thread() -> None:
    called: list[tuple[str, str]] = []
    over = threading.Event()

    def call_back(waiter: str) -> None:
        called.append((waiter, threading.current_thread().name))
        waiters.discard(waiter)
        if len(called) == 3:
            over.set()

    waiters = Waiters[str](9, call_back)
    for name in "ab":
        assert waiters.add(name, wait(has_ended=lambda: True))
        waiters.begin(name)
    assert waiters.add("c", wait(seconds=0))
    waiters.begin("c")
    assert over.wait(20)
    assert {name for name, _ in called} == {"a", "b", "c"}
    assert {thread for _, thread in called} == {"waiters"}
