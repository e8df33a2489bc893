"""What a worker's thread does when the application fails, and when the worker has answered enough."""

import json
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from gunicorn.config import Config

from app.server.arrival import Arrival
from app.server.connection import Connection
from app.server.connections import Connections
from app.server.worker import Worker
from tests.kit.gunicorn_log import Log

REQUEST = b"GET /series HTTP/1.1\r\nHost: x\r\nX-Request-ID: 0badcafe\r\n\r\n"


@pytest.fixture
def worker() -> Iterator[Worker]:
    cfg = Config()
    cfg.set("threads", 4)
    made = Worker(1, 1, [], None, 30, cfg, Log())
    made.connections = Connections(made, 10)
    yield made
    made.tmp.close()


@pytest.fixture
def client() -> Iterator[tuple[socket.socket, Connection]]:
    """A client, and its connection on our side, where a request has come."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        arrival = Arrival(Config(), "", lambda _: 0)
        conn = Connection(ours, "", "", arrival)
        arrival.add(REQUEST)
        conn.request = arrival.request()
        yield theirs, conn


def failing(*parts: bytes) -> Any:
    """An application that fails after it has produced these parts of its answer."""

    def application(_environ: Any, start_response: Any) -> Iterator[bytes]:
        start_response("200 OK", [])
        yield from parts
        raise ValueError("secret")

    return application


def test_answers_for_an_application_that_fails(
    worker: Worker, client: tuple[socket.socket, Connection], caplog: pytest.LogCaptureFixture
) -> None:
    worker.wsgi = failing(b"half")
    theirs, conn = client
    assert worker.handle(conn) is True
    head, _, body = theirs.recv(9999).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 500 Internal Server Error\r\n")
    error = json.loads(body)["error"]
    assert (error["code"], error["request_id"], error["details"]) == ("INTERNAL_SERVER_ERROR", "0badcafe", "")
    assert "secret" in caplog.text
    assert conn.end_exchange() is False


def test_breaks_off_an_answer_of_which_a_part_has_left(
    worker: Worker, client: tuple[socket.socket, Connection]
) -> None:
    worker.wsgi = failing(bytes(100_000))
    theirs, conn = client
    with pytest.raises(ValueError, match="secret"):
        worker.handle(conn)
    assert b"500" not in theirs.recv(100)


def test_closes_connections_after_as_many_requests_as_it_may_answer(
    worker: Worker, client: tuple[socket.socket, Connection]
) -> None:
    worker.max_requests = 1
    worker.wsgi = lambda _environ, start_response: start_response("204 NO CONTENT", []) and []
    theirs, conn = client
    assert worker.handle(conn) is True
    assert b"Connection: close\r\n" in theirs.recv(9999)
    assert not worker.alive
