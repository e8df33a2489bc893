"""Bytes and files on their way to a client that takes them when it likes."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.server.departure import Departure

DATA = bytes(range(256)) * 8192  # two megabytes, more than a socket keeps


@pytest.fixture
def sockets() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.setblocking(False)
        yield ours, theirs


@pytest.fixture
def departure(sockets: tuple[socket.socket, socket.socket]) -> Departure:
    return Departure(sockets[0])


@pytest.fixture
def client(sockets: tuple[socket.socket, socket.socket]) -> socket.socket:
    return sockets[1]


def taken(departure: Departure, client: socket.socket, size: int, *, once: bool = False) -> bytes:
    """What the client has once it has read as many bytes."""
    data = b""
    while len(data) < size:
        departure.flush(once=once)
        data += client.recv(1 << 20)
    return data


def test_sends_nothing_before_it_is_flushed(departure: Departure, client: socket.socket) -> None:
    departure.sendall(b"head")
    departure.sendall(b"body")
    client.setblocking(False)
    with pytest.raises(BlockingIOError):
        client.recv(9)
    assert departure.size == 8
    assert departure.flush()
    assert client.recv(9) == b"headbody"
    assert (departure.size, departure.sent) == (0, 8)


@pytest.mark.parametrize("once", [False, True])
def test_keeps_bytes_until_they_are_taken(departure: Departure, client: socket.socket, once: bool) -> None:
    departure.sendall(b"head")
    departure.sendall(DATA)
    departure.sendall(b"end")
    assert not departure.flush(once=once)
    assert 0 < departure.size < len(DATA)
    assert taken(departure, client, len(DATA) + 7, once=once) == b"head" + DATA + b"end"
    assert departure.flush()


@pytest.mark.parametrize("once", [False, True])
def test_sends_the_part_of_a_file_between_bytes(
    departure: Departure, client: socket.socket, tmp_path: Path, once: bool
) -> None:
    (tmp_path / "file").write_bytes(DATA)
    with open(tmp_path / "file", "rb") as file:
        departure.sendall(b"head")
        departure.sendfile(file, 1000, len(DATA) - 2000)
        departure.sendall(b"end")
        assert not departure.flush(once=once)
        assert departure.size < 8  # the file is not in memory
        expected = b"head" + DATA[1000:-1000] + b"end"
        assert taken(departure, client, len(expected), once=once) == expected
        assert departure.flush()


def test_says_that_a_file_has_become_shorter(departure: Departure, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"short")
    with open(tmp_path / "file", "rb") as file:
        departure.sendfile(file, 0, 6)
        assert not departure.flush()
        with pytest.raises(OSError, match="shorter than announced"):
            departure.flush()


def test_says_that_the_client_is_gone(departure: Departure, client: socket.socket) -> None:
    client.close()
    departure.sendall(b"head")
    with pytest.raises(ConnectionError):
        departure.flush()


def test_forgets_what_has_not_left(departure: Departure, client: socket.socket) -> None:
    departure.sendall(b"half")
    departure.clear()
    departure.sendall(b"whole")
    assert departure.flush()
    assert client.recv(99) == b"whole"
