"""The thread that draws: one drawing at a time, each once for all who ask meanwhile."""

import logging
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future

import pytest

from dalle.errors import ServiceUnavailable
from dalle.sketches.drawings import Drawings
from tests.kit.waiting import wait

SECONDS = 20


class Artist:
    """Draws when it may; `drawn` has the names, in order."""

    def __init__(self) -> None:
        self.drawings = Drawings()
        self.go = threading.Event()
        self.drawn: list[str] = []
        self.threads = set[str]()

    def order(self, name: str) -> "Future[bytes]":
        return self.drawings.add(name, self.drawing(name))

    def drawing(self, name: str) -> Callable[[], bytes]:
        def draw() -> bytes:
            self.drawn.append(name)
            self.threads.add(threading.current_thread().name)
            assert self.go.wait(SECONDS)
            return name.encode()

        return draw

    def held(self) -> "Future[bytes]":
        """The first one, which is being drawn."""
        future = self.order("first")
        wait(lambda: self.drawn)
        return future


@pytest.fixture
def artist() -> Iterator[Artist]:
    made = Artist()
    yield made
    made.go.set()
    made.drawings.stop()


def test_are_drawn_by_one_thread_the_newest_wish_first(artist: Artist) -> None:
    futures = [artist.held(), *(artist.order(name) for name in "cabc")]
    artist.go.set()
    assert [future.result(SECONDS) for future in futures] == [b"first", b"c", b"a", b"b", b"c"]
    assert (artist.drawn, len(artist.threads)) == (["first", "c", "b", "a"], 1)


def test_are_not_waited_for(artist: Artist) -> None:
    assert not artist.held().done()
    assert not artist.order("second").done()


def test_are_drawn_once_for_all_who_ask_meanwhile(artist: Artist) -> None:
    futures = [artist.held(), artist.order("first"), artist.order("second"), artist.order("second")]
    artist.go.set()
    assert [future.result(SECONDS) for future in futures] == [b"first", b"first", b"second", b"second"]
    assert artist.drawn == ["first", "second"]
    assert artist.order("second").result(SECONDS) == b"second"
    assert artist.drawn == ["first", "second", "second"]


def test_are_left_out_when_nobody_wants_them_any_more(artist: Artist) -> None:
    first = artist.held()
    left, shared, kept = artist.order("left"), artist.order("shared"), artist.order("shared")
    assert (left.cancel(), shared.cancel()) == (True, True)
    last = artist.order("last")
    artist.go.set()
    assert (first.result(SECONDS), kept.result(SECONDS), last.result(SECONDS)) == (b"first", b"shared", b"last")
    assert artist.drawn == ["first", "last", "shared"]


def test_can_be_cancelled_while_they_are_drawn(artist: Artist) -> None:
    first, same = artist.held(), artist.order("first")
    assert first.cancel()
    artist.go.set()
    assert same.result(SECONDS) == b"first"


def test_call_back_in_their_thread(artist: Artist) -> None:
    called = list[str]()
    future = artist.held()
    future.add_done_callback(lambda _: called.append(threading.current_thread().name))
    artist.go.set()
    artist.order("second").result(SECONDS)
    assert called == list(artist.threads)


def test_fail_for_all_who_wait_and_for_nobody_else(artist: Artist, caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> bytes:
        raise ValueError("no colours")

    first = artist.held()
    with caplog.at_level(logging.ERROR):
        futures = [artist.drawings.add("bad", fail), artist.drawings.add("bad", fail), artist.order("good")]
        artist.go.set()
        assert futures[2].result(SECONDS) == b"good"
    for future in futures[:2]:
        with pytest.raises(ValueError, match="no colours"):
            future.result(SECONDS)
    assert first.result() == b"first"
    assert caplog.text.count("a sketch cannot be drawn") == 1


def test_end_with_the_present_one(artist: Artist) -> None:
    first, second = artist.held(), artist.order("second")
    stopping = threading.Thread(target=artist.drawings.stop)
    stopping.start()
    wait(lambda: artist.drawings._is_stopped)
    with pytest.raises(ServiceUnavailable):
        artist.order("third").result(SECONDS)
    artist.go.set()
    stopping.join(SECONDS)
    assert (first.result(), artist.drawn) == (b"first", ["first"])
    with pytest.raises(CancelledError):
        second.result(SECONDS)


def test_need_no_thread_to_be_stopped() -> None:
    Drawings().stop()


def test_rest_once_when_there_was_nothing_to_draw_for_a_while() -> None:
    rests: list[str] = []
    drawings = Drawings(lambda: rests.append(threading.current_thread().name), idle=0.01)
    for name in "ab":
        assert drawings.add(name, name.encode).result(SECONDS) == name.encode()
        wait(lambda: rests)
        assert rests == ["sketches"]
        rests.clear()
    drawings.stop()
    assert rests == []
