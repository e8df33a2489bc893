"""What the server does by itself: it refuses requests, and shares connections out."""

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
        (b"GET / HTTP/1.1\r\n" + b"Long: %s\r\n" % (b"x" * 8000) * 5, 431, "the headers are too long or too many"),
        (b"GET / HTTP/1.1\r\nExpect: more\r\n\r\n", 417, "expected no Expect header other than 100-continue"),
    ],
    ids=["spaces", "version", "header name", "long path", "long header", "long headers", "expectation"],
)
def test_refuses_in_the_contracts_shape(client: Client, request_: bytes, status: int, details: str) -> None:
    answer = client.send(request_)
    assert (answer.status, answer.error["code"], answer.error["details"]) == (status, "INVALID_REQUEST", details)
    assert answer.headers["cache-control"] == "no-store"


REQUEST = b"GET /series HTTP/1.1\r\nHost: x\r\n\r\n"
LARGE = b"Host: x\r\nContent-Length: 16385\r\n"


@pytest.mark.parametrize("lines", [b"", b"Expect: 100-continue\r\n", b"X-Request-ID: DEADBEEF-1\r\n"])
@pytest.mark.parametrize("method", [b"GET /series", b"POST /preview/make", b"DELETE /nowhere"])
def test_refuses_a_body_that_nothing_reads_before_it_comes(client: Client, method: bytes, lines: bytes) -> None:
    answer = client.send(method + b" HTTP/1.1\r\n" + LARGE + lines + b"\r\n")
    assert (answer.status, answer.error["code"]) == (413, "PAYLOAD_TOO_LARGE")
    assert (answer.headers["x-request-id"] == "deadbeef") is (b"DEADBEEF" in lines)


def test_refuses_head_requests_without_a_body(client: Client) -> None:
    answer, rest = raw(client, b"HEAD /series /more HTTP/1.1\r\n\r\n")
    assert answer[0] == "HTTP/1.1 400 Bad Request"
    assert rest == b""


@pytest.mark.parametrize(
    "request_",
    [
        b"GET /series HTTP/1.2\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"GET /series /more HTTP/1.1\r\n\r\n",
        b"GET /nowhere HTTP/1.9\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"POST /series HTTP/1.1\r\n" + LARGE + b"\r\n",
    ],
    ids=["a version to come", "no request", "another one", "large"],
)
def test_answers_in_its_own_version_with_each_header_once(client: Client, request_: bytes) -> None:
    lines, _ = raw(client, request_)
    assert lines[0].startswith("HTTP/1.1 ")
    names = Counter(line.partition(":")[0].lower() for line in lines[1:])
    assert set(names.values()) == {1}
    assert {"connection", "date", "x-request-id", "x-content-type-options"} <= set(names)


def raw(client: Client, request_: bytes) -> tuple[list[str], bytes]:
    """The lines of a head as they come, and the bytes after it."""
    with client.connected() as connection:
        connection.connect()
        connection.sock.sendall(request_)
        data = b""
        while part := connection.sock.recv(1 << 16):
            data += part
    head, _, rest = data.partition(b"\r\n\r\n")
    return head.decode().split("\r\n"), rest


def test_answers_once_when_a_body_that_nothing_reads_is_broken(client: Client) -> None:
    lines, body = raw(client, b"GET /series HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n")
    assert lines[0].startswith("HTTP/1.1 400 ")
    assert b"HTTP/1.1" not in body


def test_goes_on_with_a_body_that_waits_to_be_asked_for(client: Client) -> None:
    head = b"POST /preview/make HTTP/1.1\r\nHost: x\r\nConnection: close\r\nExpect: 100-continue\r\n"
    head += b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 13\r\n\r\n"
    with client.connected() as connection:
        connection.connect()
        connection.sock.sendall(head)
        assert connection.sock.recv(999) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sock.sendall(b"series=simple")
        answer = connection.sock.recv(999)
    assert answer.startswith(b"HTTP/1.1 400 BAD REQUEST\r\n")


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
