import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future

import pytest

from app.server.waiters import MOST_FOR_SKETCHES, Waiters
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
        self.called: list[tuple[str, Wait]] = []
        super().__init__(most, lambda waiter, wait: self.called.append((waiter, wait)), self.clock)

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
    assert list(waiters.over()) == []
    waiters.begin("a")
    waiters.put("b", wait(seconds=3))
    waiters.clock.now += 3
    assert list(waiters.over()) == ["b"]
    waiters.clock.now += 2
    assert list(waiters.over()) == ["a", "b"]
    waiters.discard("a")
    assert list(waiters.over()) == ["b"]


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
    assert list(waiters.over()) == ["a", "b", "c"]
    assert looks == ["key", "other"]


def test_wait_on_when_a_disk_cannot_be_read(caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> bool:
        raise OSError("no disk")

    waiters = Waiting()
    waiters.put("a", wait(has_ended=fail))
    with caplog.at_level(logging.ERROR):
        assert list(waiters.over()) == []
    assert "no disk" in caplog.text
    waiters.clock.now += 10
    assert list(waiters.over()) == ["a"]


def test_are_not_taken_any_more_after_the_close() -> None:
    waiters = Waiting()
    waiters.put("a", wait())
    waiters.add("reserved", wait())
    assert waiters.close() == ["a"]
    assert not waiters.add("b", wait())


def sketch(waiting: Future[bytes], seconds: int = 10) -> Wait:
    return Wait(KEY, seconds, "", started=False, has_ended=waiting.done, sketch=waiting)


def test_for_sketches_have_places_of_their_own() -> None:
    waiters = Waiting(most=0)
    assert not waiters.add("a", wait())
    assert all(waiters.add(str(number), sketch(Future())) for number in range(MOST_FOR_SKETCHES))
    assert not waiters.add("one more", sketch(Future()))
    assert waiters.discard("0")
    assert waiters.add("one more", sketch(Future()))


def test_for_sketches_do_not_take_the_places_of_others() -> None:
    waiters = Waiting(most=1)
    waiters.put("sketch", sketch(Future()))
    assert waiters.add("run", wait())


def test_are_called_back_when_their_sketch_is_drawn() -> None:
    waiters, first, second = Waiting(), sketch(Future()), sketch(Future())
    waiters.put("a", first)
    waiters.put("b", second)
    assert (waiters.called, list(waiters.over())) == ([], [])
    assert second.sketch
    second.sketch.set_result(b"x")
    assert (waiters.called, list(waiters.over())) == ([("b", second)], ["b"])
    waiters.put("c", second)
    assert waiters.called[1:] == [("c", second)]


def test_let_a_sketch_be_when_it_is_not_waited_for_any_more() -> None:
    waiters, left, drawn = Waiting(), Future[bytes](), Future[bytes]()
    waiters.put("left", sketch(left))
    waiters.put("drawn", sketch(drawn))
    drawn.set_result(b"x")
    waiters.clock.now += 10
    assert list(waiters.over()) == ["left", "drawn"]
    for name in waiters.over():
        waiters.discard(name)
    assert (left.cancelled(), drawn.result()) == (True, b"x")


def test_know_what_each_waits_for() -> None:
    waiters, before, after = Waiting(), wait(), wait()
    waiters.put("a", before)
    assert waiters.has("a", before)
    waiters.discard("a")
    waiters.put("a", after)
    assert (waiters.has("a", before), waiters.has("a", after)) == (False, True)


def test_are_called_back_by_one_thread() -> None:
    called: list[tuple[str, str]] = []
    over = threading.Event()

    def call_back(waiter: str, wait: Wait) -> None:
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
