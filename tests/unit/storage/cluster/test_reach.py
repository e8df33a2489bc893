"""What a process knows of a server that may be away."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from dalle.storage.cluster.reach import AGAIN, DOUBT, REST, Reach
from dalle.storage.protocol import StorageError
from tests.kit.waiting import wait


class Server:
    """It answers, or refuses, or is silent until it is let go."""

    def __init__(self) -> None:
        self.answers = True
        self.asked = 0
        self.now = 1000.0
        self.silence: threading.Event | None = None
        self.reach = Reach("the server", self.ask, clock=lambda: self.now)

    def ask(self) -> None:
        self.asked += 1
        if self.silence:
            self.silence.wait()
        if not self.answers:
            raise StorageError("refused")

    def is_there(self) -> bool:
        try:
            self.reach.require()
        except StorageError:
            return False
        return True

    def has_asked(self, times: int) -> bool:
        """Return whether it was asked so often, and what came of it is known."""
        return self.asked == times and not any(thread.name == "reach" for thread in threading.enumerate())


@pytest.fixture
def server() -> Server:
    return Server()


def test_asks_nothing_while_nothing_was_lost(server: Server) -> None:
    assert server.is_there()
    assert server.asked == 0


def test_refuses_at_once_and_asks_now_and_then(server: Server) -> None:
    server.answers = False
    server.reach.lost()
    assert [server.is_there() for _ in range(3)] == [False] * 3
    assert server.asked == 0
    server.now += REST
    assert not server.is_there()
    wait(lambda: server.has_asked(1), "the question")
    server.answers = True
    server.now += REST
    wait(server.is_there, "the server to be used again")
    assert server.asked == 2


def test_lets_nobody_wait_for_a_silent_server(server: Server) -> None:
    server.silence = threading.Event()
    server.reach.lost()
    server.now += REST
    with ThreadPoolExecutor(4) as callers:
        assert list(callers.map(lambda _: server.is_there(), range(12))) == [False] * 12
    assert server.asked == 1
    server.silence.set()
    wait(lambda: server.has_asked(1), "the answer")
    wait(server.is_there, "the server to be used again")


def test_lets_one_who_waits_find_out(server: Server) -> None:
    begun = server.now
    server.reach.doubt(begun)
    assert server.asked == 0
    server.now += DOUBT
    server.reach.doubt(begun)
    wait(lambda: server.has_asked(1), "the question")
    server.reach.doubt(begun)  # it answers others: this takes long
    server.answers = False
    server.now += AGAIN

    def gives_up() -> bool:
        try:
            server.reach.doubt(begun)
        except StorageError:
            return True
        return False

    wait(gives_up, "the one who waits to be refused")
    server.reach.doubt(server.now)  # who has just begun finds out in time
    assert not server.is_there()
