"""What gunicorn does by itself, asked of a real one: to refuse requests, and to share connections out."""

import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

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


@pytest.mark.skipif(not shutil.which("wrk"), reason="wrk is not installed")
def test_shares_connections_out_that_come_at_once(tmp_path: Path) -> None:
    """Else one worker gets them all in a third of the rounds, and two do not answer more than one."""
    with Service(tmp_path, WORKERS=2) as service:

        def shares() -> list[float]:
            """Of both workers, in the answers to sixteen clients."""
            before = len(service.lines())
            load = ["wrk", "-t1", "-c16", "-d1s", f"http://127.0.0.1:{service.port}/series"]
            subprocess.run(load, capture_output=True, check=True, timeout=60)
            served = Counter(line.split()[3] for line in service.lines()[before:] if " app.access: " in line)
            return [served[str(pid)] / sum(served.values()) for pid in service.workers()]

        service.wait_for(lambda: all(shares()), "both workers to answer")
        rounds = [min(shares()) for _ in range(6)]
    assert min(rounds) > 0, rounds
    assert sum(rounds) / len(rounds) > 0.2, rounds
