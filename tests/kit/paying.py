"""A service of four real workers that pays a stub on loopback."""

import http.client
import json
import os
import secrets
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.system.conftest import ROOT, Client, await_liveness, free_port

API_KEY = "sk-system-do-not-show-0815"
WORKERS = 4


@dataclass
class Service:
    """A service, its data folder, its log and the stub that it pays."""

    client: Client
    data: Path
    log: Path
    stub: str
    master: int

    def script(self, plan: Any) -> None:
        """Forget the stub's calls and give it a new plan."""
        for path, body in (("/reset", {}), ("/script", plan)):
            urllib.request.urlopen(self.stub + path, json.dumps(body).encode(), timeout=10).close()

    def calls(self) -> Any:
        """The stub's counts, and as `rows` its calls in the order of their arrival."""
        with urllib.request.urlopen(self.stub + "/calls?rows=1", timeout=10) as answer:
            return json.load(answer)

    def images(self) -> list[Any]:
        """The image calls in the order of their arrival; `time` and `answered` tell begin and end."""
        return [row for row in self.calls()["rows"] if row["path"] == "images"]

    def ask(self, count: int) -> list[str]:
        """Generate so many new keys, one request after the other; gives their paths."""
        paths = [f"/dalle/simple/0x{secrets.token_hex(20)}" for _ in range(count)]
        for path in paths:
            self.client.ask(f"{path}?generate=1")
        return paths

    def end(self, path: str) -> Any:
        """The last report of a key, waited for without generating it again; of a painted one its `errorCode`."""
        until = time.monotonic() + 120
        while time.monotonic() < until:
            answer = self.client.ask(path)
            if answer.headers["content-type"] == "image/png":
                return {"errorCode": ""}
            if answer.json["data"]["done"]:
                return answer.json["data"]
            time.sleep(0.05)
        raise AssertionError(f"{path} does not end: {answer.body[:500]!r}")

    def codes(self, paths: list[str]) -> list[str]:
        """How these keys ended: "" for a picture."""
        return [str(self.end(path)["errorCode"]) for path in paths]

    def run(self) -> tuple[str, Any]:
        """Generate a new key to its end; gives its path and the last report."""
        path = f"/dalle/simple/0x{secrets.token_hex(20)}"
        return path, self.client.painted(path).json["data"]

    def metric(self, name: str) -> float:
        """The sum of a metric's samples (`name` may hold a label), 0 without any."""
        lines = self.client.ask("/metrics").body.decode().splitlines()
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith(name))

    def health(self) -> Any:
        value = self.client.ask("/health").json
        return value["data"]["components"]["openai"]

    def look(self) -> tuple[int, dict[str, Any]]:
        """Some worker's pid, and what it tells of the breaker: a kept connection stays with its worker."""
        parts = urlsplit(self.client.url)
        connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=30)
        try:
            connection.request("GET", "/health")
            health = json.load(connection.getresponse())["data"]
            kept = connection.sock
            connection.request("GET", "/metrics")
            lines = connection.getresponse().read().decode().splitlines()
            assert connection.sock is kept is not None
        finally:
            connection.close()
        figures = [line.rsplit(" ", 1) for line in lines if line.startswith("dalleserver_circuit_breaker_")]
        told = health["components"]["openai"]["details"]
        return health["system"]["worker"], {
            "health": (told["state"], told["opened"]),
            "metrics": {name.removeprefix("dalleserver_circuit_breaker_"): float(value) for name, value in figures},
        }

    def views(self) -> list[dict[str, Any]]:
        """What each of the four workers tells."""
        seen: dict[int, dict[str, Any]] = {}
        for _ in range(1000):
            pid, view = self.look()
            seen[pid] = view
            if len(seen) == WORKERS:
                return list(seen.values())
        raise AssertionError(f"only {len(seen)} workers answered")

    def prompt(self, path: str) -> str:
        """What the painter was told, from the texts of the key."""
        series, address = path.split("/")[2:]
        folder = self.data / "output" / series
        texts = [(folder / kind / f"{address}.txt").read_text().rstrip("\n") for kind in ("prompt", "technical")]
        return "\n\n".join(texts)

    def journal(self, path: str) -> Any:
        series, address = path.split("/")[2:]
        return json.loads((self.data / "runs" / series / f"{address}.json").read_text())


@contextmanager
def started(folder: Path, **environ: str) -> Iterator[Service]:
    """The stub and the service, with `environ` beside the defaults of these tests."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TB_DALLE_", "OPENAI_"))}
    stub = subprocess.Popen(
        [sys.executable, "-m", "tests.stub_openai", "--port", "0"], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    process = None
    log = folder / "service.log"
    try:
        assert stub.stdout
        base, port = stub.stdout.readline().strip(), free_port()
        settings = {
            "OPENAI_API_KEY": API_KEY,
            "OPENAI_BASE_URL": base,
            "TB_DALLE_DATA_DIR": str(folder / "data"),
            "TB_DALLE_PORT": str(port),
            "TB_DALLE_WORKERS": str(WORKERS),
            "TB_DALLE_NO_ENHANCE": "1",
            "TB_DALLE_IMAGE_TIMEOUT": "2s",
        }
        with open(log, "wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "gunicorn"],
                cwd=ROOT,
                env=kept | settings | environ,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        url = f"http://127.0.0.1:{port}"
        await_liveness(url, process, log)
        yield Service(Client(url), folder / "data", log, base.removesuffix("/v1"), process.pid)
    finally:
        for child in (process, stub):
            if child:
                child.send_signal(signal.SIGTERM)
                child.wait(60)
        if stub.stdout:
            stub.stdout.close()
