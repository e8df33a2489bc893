"""What is refused whatever it asks for."""

import re
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from gunicorn.http.errors import InvalidChunkSize, NoMoreData
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.test import create_environ

from app.web import acceptance, errors
from dalle.errors import InvalidRequest
from tests.kit.repository import ROOT

MOST = 8  # bytes of a body


def largest(path: str) -> int:
    return 2 * MOST if path == "/larger" else MOST


def environ(**changes: Any) -> dict[str, Any]:
    """`changes` of a request; what was sent is its path, unless they say otherwise."""
    return {**create_environ("/series"), "RAW_URI": changes.get("PATH_INFO", "/series"), **changes}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"REQUEST_METHOD": "X-Y"},
        {"HTTP_HOST": "[::1]:8080"},
        {"HTTP_HOST": "", "SERVER_PROTOCOL": "HTTP/1.0"},
        {"PATH_INFO": ""},
        {"PATH_INFO": "//../a/../..b"},
        {"RAW_URI": "/a%20b?c=%zz%00"},
        {"CONTENT_LENGTH": "8"},
        {"CONTENT_LENGTH": ""},
    ],
)
def test_accepts_any_path_and_any_name(changes: dict[str, str]) -> None:
    acceptance.check(environ(**changes), largest)


@pytest.mark.parametrize(
    ("changes", "details"),
    [
        ({"REQUEST_METHOD": "GET1"}, "method: expected capital letters"),
        ({"HTTP_HOST": ""}, "Host: expected one name, with or without a port"),
        ({"HTTP_HOST": "a b"}, "Host: expected one name, with or without a port"),
        ({"HTTP_HOST": "a b", "SERVER_PROTOCOL": "HTTP/1.0"}, "Host: expected one name, with or without a port"),
        ({"HTTP_HOST": "a/b"}, "Host: expected one name, with or without a port"),
        ({"HTTP_HOST": "a..b"}, "Host: expected one name, with or without a port"),
        ({"PATH_INFO": "*"}, "request target: expected a path"),
        ({"PATH_INFO": "80"}, "request target: expected a path"),
        ({"PATH_INFO": "/.."}, "path: expected no more .. than segments before it"),
        ({"PATH_INFO": "/a/./../../b"}, "path: expected no more .. than segments before it"),
        ({"RAW_URI": "/%"}, "path: expected two hexadecimal digits after each %, and no %00"),
        ({"RAW_URI": "/%a?"}, "path: expected two hexadecimal digits after each %, and no %00"),
        ({"RAW_URI": "/%00"}, "path: expected two hexadecimal digits after each %, and no %00"),
        ({"CONTENT_LENGTH": "-1"}, "Content-Length: expected a number"),
        ({"HTTP_TRANSFER_ENCODING": "gzip, chunked"}, "Transfer-Encoding: expected chunked"),
    ],
)
def test_refuses_what_nginx_refuses(changes: dict[str, str], details: str) -> None:
    with pytest.raises(InvalidRequest, match=f"^{re.escape(details)}$"):
        acceptance.check(environ(**changes), largest)


def test_limits_bodies() -> None:
    with pytest.raises(RequestEntityTooLarge):
        acceptance.check(environ(CONTENT_LENGTH="9"), largest)
    acceptance.check(environ(PATH_INFO="/larger", CONTENT_LENGTH="16"), largest)
    chunked = {"HTTP_TRANSFER_ENCODING": "Chunked"}
    with pytest.raises(RequestEntityTooLarge):
        acceptance.check(environ(**chunked, **{"wsgi.input": BytesIO(b"123456789")}), largest)
    accepted = environ(**chunked, **{"wsgi.input": BytesIO(b"12345678")})
    acceptance.check(accepted, largest)
    assert accepted["wsgi.input"].read() == b"12345678"


@pytest.mark.parametrize("error", [InvalidChunkSize(b"zz"), NoMoreData()])
def test_looks_at_the_chunks_of_a_body_that_nobody_reads(client: FlaskClient, error: Exception) -> None:
    class Broken(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise error

    answer = client.get("/series", headers={"Transfer-Encoding": "chunked"}, input_stream=Broken())
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (400, "INVALID_REQUEST")


def test_uses_the_codes_and_messages_of_nginx() -> None:
    conf = (ROOT / "deploy" / "nginx" / "dalleserver.conf").read_text()
    tables = {
        name: re.search(rf"map \$status \${name} {{(.*?)\n}}", conf, re.DOTALL)
        for name in ("dalle_code", "dalle_message")
    }
    values = {name: dict(re.findall(r"(\d{3}) \"?(.*?)\"?;", table[1])) for name, table in tables.items() if table}
    for status, code in values["dalle_code"].items():
        message = values["dalle_message"].get(
            status, "The service is not available" if status[0] == "5" else "Invalid request"
        )
        expected = errors.CRASH if status == "500" else errors.CODES.get(int(status), errors.CODES[503])
        assert (code, message) == expected, status
