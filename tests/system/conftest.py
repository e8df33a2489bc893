"""The service under test: TB_DALLE_TEST_URL, or one started here by real gunicorn. Imports nothing of ours."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Answer:
    """One HTTP answer; header names are lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def error(self) -> Any:
        """The error object of an answer in the error shape, which is checked."""
        value = self.json
        assert value["success"] is False
        assert set(value["error"]) == {"code", "message", "details", "timestamp", "request_id"}
        assert abs(value["error"]["timestamp"] - time.time()) < 60
        assert value["request_id"] == value["error"]["request_id"] == self.headers["x-request-id"]
        return value["error"]


class Client:
    """Asks the service; paths are sent as they are, without any normalisation."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")

    def ask(self, path: str, method: str = "GET", **headers: str) -> Answer:
        parts = urlsplit(self.url)
        connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=30)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            connection.request(method, path, headers=sent)
            response = connection.getresponse()
            body = response.read()
            return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, body)
        finally:
            connection.close()

    def send(self, request: bytes) -> Answer:
        """Send bytes that no HTTP library would, and read to the end of the connection."""
        parts = urlsplit(self.url)
        with socket.create_connection((str(parts.hostname), parts.port), timeout=30) as connection:
            connection.sendall(request)
            response = http.client.HTTPResponse(connection)
            response.begin()
            headers = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, headers, response.read())

    def painted(self, path: str) -> Answer:
        """Generate and poll as the documentation says; gives the last answer of `generate=1`."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            answer = self.ask(f"{path}?generate=1")
            assert answer.status == 200, answer.body
            if answer.json["done"]:
                return answer
            time.sleep(0.1)
        raise AssertionError(f"{path} is not done after a minute: {answer.body[:500]!r}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of the service, whoever started it (TB_DALLE_TEST_DATA)."""
    given = os.environ.get("TB_DALLE_TEST_DATA")
    return Path(given) if given else tmp_path_factory.mktemp("data")


@pytest.fixture(scope="session")
def client(data_dir: Path) -> Iterator[Client]:
    """A client of the running service."""
    given = os.environ.get("TB_DALLE_TEST_URL")
    if given:
        yield Client(given)
        return
    port = free_port()
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TB_DALLE_", "OPENAI_"))}
    environ = {**kept, "TB_DALLE_DATA_DIR": str(data_dir), "TB_DALLE_PORT": str(port), "TB_DALLE_WORKERS": "4"}
    log = data_dir.parent / "gunicorn.log"
    with open(log, "wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn"], cwd=ROOT, env=environ, stdout=output, stderr=subprocess.STDOUT
        )
        try:
            await_liveness(f"http://127.0.0.1:{port}", process, log)
            yield Client(f"http://127.0.0.1:{port}")
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)


def await_liveness(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(150):
        try:
            with urllib.request.urlopen(f"{url}/health?check=liveness", timeout=2):
                return
        except OSError:
            assert process.poll() is None, log.read_text()
            time.sleep(0.1)
    raise AssertionError(f"the service does not answer: {log.read_text()}")
