"""What gunicorn does by itself: it refuses requests, and shares connections out."""

import socket
import statistics
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.kit.http import Client
from tests.kit.service import Service


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with Service(tmp_path_factory.mktemp("service"), WORKERS=1) as service:
        yield service.client


@pytest.mark.parametrize(
    ("request_", "status", "details"),
    [
        (b"GET /series /more HTTP/1.1\r\n\r\n", 400, "the request is not valid HTTP"),
        (b"GET /series HTTP/9.0\r\nHost: x\r\n\r\n", 400, "the request is not valid HTTP"),
        (b"GET /series HTTP/1.1\r\nHost: x\r\nA header: 1\r\n\r\n", 400, "the request is not valid HTTP"),
        (b"GET /" + b"x" * 9000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414, "the request line is too long"),
        (b"GET / HTTP/1.1\r\nLong: " + b"x" * 9000 + b"\r\n\r\n", 431, "the headers are too long or too many"),
        (b"GET / HTTP/1.1\r\nExpect: more\r\n\r\n", 417, "expected no Expect header other than 100-continue"),
    ],
    ids=["spaces", "version", "header name", "long path", "long header", "expectation"],
)
def test_refuses_in_the_contracts_shape(client: Client, request_: bytes, status: int, details: str) -> None:
    answer = client.send(request_)
    assert (answer.status, answer.error["code"], answer.error["details"]) == (status, "INVALID_REQUEST", details)
    assert answer.headers["cache-control"] == "no-store"


REQUEST = b"GET /series HTTP/1.1\r\nHost: x\r\n\r\n"


def test_shares_connections_out_that_come_at_once(tmp_path: Path) -> None:
    """Of sixteen, the worker that gets fewer gets six in the mean; with gunicorn's own worker two or three."""
    with Service(tmp_path, WORKERS=2) as service:

        def fewer() -> int:
            before = len(service.lines())
            with ExitStack() as stack:
                clients = []
                for _ in range(16):
                    clients.append(stack.enter_context(socket.create_connection(("127.0.0.1", service.port), 60)))
                    clients[-1].sendall(REQUEST)
                assert all(client.recv(1 << 16).startswith(b"HTTP/1.1 200 ") for client in clients)
            lines = [line.split() for line in service.lines()[before:] if " app.access: " in line]
            served = Counter(int(words[3]) for words in lines)
            return min(served[pid] for pid in service.workers())

        service.wait_for(fewer, "both workers to answer")
        rounds = [fewer() for _ in range(60)]
    assert statistics.mean(rounds) > 4, Counter(rounds)
