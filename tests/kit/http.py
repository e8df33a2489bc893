"""An HTTP client that sends paths and bytes as they are and follows no redirect. Imports nothing of the service."""

import http.client
import json
import socket
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from tests.kit.waiting import wait


@dataclass(frozen=True)
class Answer:
    """One HTTP answer; header names are lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def data(self) -> Any:
        return self.json["data"]

    @property
    def error(self) -> Any:
        """The error object of an answer in the error shape, which is checked."""
        value = self.json
        assert value["success"] is False
        assert set(value["error"]) == {"code", "message", "details", "timestamp", "request_id"}
        assert abs(value["error"]["timestamp"] - time.time()) < 60
        assert value["request_id"] == value["error"]["request_id"] == self.headers["x-request-id"]
        return value["error"]


class UnixConnection(http.client.HTTPConnection):
    """A connection over the socket file `path`."""

    def __init__(self, path: str, timeout: float) -> None:
        super().__init__("localhost", timeout=timeout)
        self.path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


class Client:
    """Asks the service at `url`, which may be unix:/a/socket. Every failure to get a whole answer is an OSError."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")

    def ask(
        self, path: str, method: str = "GET", body: bytes | None = None, *, timeout: float = 60, **headers: str
    ) -> Answer:
        """Sends one request on a connection of its own; underscores in header names are dashes."""
        with self.connected(timeout) as connection:
            return ask(connection, path, method, body, **headers)

    def send(self, request: bytes) -> Answer:
        """Sends bytes that no HTTP library would, and reads to the end of the answer."""
        with self.connected(30) as connection:
            connection.connect()
            assert connection.sock
            connection.sock.sendall(request)
            method = request.partition(b" ")[0].decode("latin-1")
            return whole(http.client.HTTPResponse(connection.sock, method=method))

    @contextmanager
    def connected(self, timeout: float = 60) -> Iterator[http.client.HTTPConnection]:
        """A connection for several requests."""
        scheme, _, place = self.url.partition(":")
        parts = urlsplit(self.url)
        made = (
            UnixConnection(place, timeout)
            if scheme == "unix"
            else http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=timeout)
        )
        with closing(made):
            yield made

    def painted(self, path: str) -> Answer:
        """Generates and polls as the documentation says; returns the last answer of `generate=1`."""

        def done() -> Answer | None:
            answer = self.ask(f"{path}?generate=1")
            assert answer.status == 200, answer.body
            return answer if answer.json["done"] else None

        return wait(done, f"{path} to be painted")

    def figures(self) -> dict[str, float]:
        """A scrape: series as written → value."""
        answer = self.ask("/metrics")
        assert answer.status == 200, answer.text
        lines = [line for line in answer.text.splitlines() if line[0] != "#"]
        return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


def ask(
    connection: http.client.HTTPConnection, path: str, method: str = "GET", body: bytes | None = None, **headers: str
) -> Answer:
    """One request on a connection that is kept."""
    try:
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        response = connection.getresponse()
    except http.client.HTTPException as error:
        raise ConnectionError(f"no answer: {error!r}") from error
    return whole(response, begun=True)


def whole(response: http.client.HTTPResponse, *, begun: bool = False) -> Answer:
    """The answer with its body; a ConnectionError when the server died before its end."""
    try:
        if not begun:
            response.begin()
        lines = response.getheaders()
        headers = {name.lower(): value for name, value in lines}
        if varying := response.headers.get_all("Vary"):  # nginx adds a line of its own
            lines = [*(line for line in lines if line[0].lower() != "vary"), ("vary", "")]
            headers["vary"] = ", ".join(sorted(varying))
        body = response.read()
    except http.client.HTTPException as error:
        raise ConnectionError(f"half an answer: {error!r}") from error
    assert len(headers) == len(lines), f"a header comes twice: {lines}"
    return Answer(response.status, headers, body)
