"""Few connections at once bring large bodies."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from gunicorn.config import Config

from app.server.arrival import Arrival
from app.server.connection import Connection, State
from app.server.large_bodies import LargeBodies
from app.web import bodies


class Clients:
    """Their connections on our side."""

    def __init__(self, sockets: ExitStack) -> None:
        self._sockets = sockets

    def one(self, size: int, path: str = "/workshop") -> Connection:
        """A connection where so many bytes of a large body have come."""
        ours, theirs = socket.socketpair()
        self._sockets.enter_context(ours)
        self._sockets.enter_context(theirs)
        conn = Connection(ours, "", "", Arrival(Config(), "", bodies.largest))
        conn.arrival.add(f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {bodies.OF_A_SERIES}\r\n\r\n".encode())
        assert conn.arrival.request() is None
        conn.arrival.add(b"x" * size)
        return conn


@pytest.fixture
def clients() -> Iterator[Clients]:
    with ExitStack() as sockets:
        yield Clients(sockets)


def test_are_admitted_as_long_as_they_are_few(clients: Clients) -> None:
    large = LargeBodies(most=2)
    first, second, third = (clients.one(bodies.LARGEST + 1) for _ in range(3))
    assert [large.admits(conn) for conn in (first, second, third, first)] == [True, True, False, True]
    assert large.admits(clients.one(bodies.LARGEST))


def test_make_room_when_they_are_answered_or_gone(clients: Clients) -> None:
    large = LargeBodies(most=2)
    first, second, third, fourth = (clients.one(bodies.LARGEST + 1) for _ in range(4))
    assert large.admits(first)
    assert large.admits(second)
    first.state = State.DEPARTING
    assert large.admits(third)
    assert not large.admits(fourth)
    second.close()
    assert large.admits(fourth)
