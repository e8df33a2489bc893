"""What gunicorn refuses by itself, asked of a real one."""

from collections.abc import Iterator

import pytest

from tests.app.service import Service
from tests.system.conftest import Client


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with Service(tmp_path_factory.mktemp("service"), WORKERS=1) as service:
        yield Client(f"http://127.0.0.1:{service.port}")


@pytest.mark.parametrize(
    ("request_", "status", "details"),
    [
        (b"GET /series /more HTTP/1.1\r\n\r\n", 400, "the request is not valid HTTP"),
        (b"GET /series HTTP/9.0\r\nHost: x\r\n\r\n", 400, "the request is not valid HTTP"),
        (b"GET /series HTTP/1.1\r\nHost: x\r\nA header: 1\r\n\r\n", 400, "the request is not valid HTTP"),
        (b"GET /" + b"x" * 9000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414, "the request line is too long"),
        (b"GET / HTTP/1.1\r\nLong: " + b"x" * 9000 + b"\r\n\r\n", 431, "the headers are too long or too many"),
        (b"GET / HTTP/1.1\r\nExpect: more\r\n\r\n", 417, "expected no Expect header but 100-continue"),
    ],
    ids=["spaces", "version", "header name", "long path", "long header", "expectation"],
)
def test_refuses_in_the_contracts_shape(client: Client, request_: bytes, status: int, details: str) -> None:
    answer = client.send(request_)
    assert (answer.status, answer.error["code"], answer.error["details"]) == (status, "INVALID_REQUEST", details)
    assert answer.headers["cache-control"] == "no-store"
