"""A real service of several workers, for tests that need processes."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
BOUND = ("setpriv", "--bounding-set", "-dac_override,-dac_read_search")
PATIENCE = 60.0  # seconds; only to end a test that would hang


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Any
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Service:
    """gunicorn with our settings; `variables` are TB_DALLE_… without the prefix, `plain` variables as they are called.

    `bound`: permissions count for it even when the tests are run by root, who else may write everywhere.
    `root`: the tree whose code it runs. `settings`: where gunicorn finds ours, from there.
    """

    def __init__(
        self,
        folder: Path,
        *,
        bound: bool = False,
        plain: dict[str, str] | None = None,
        root: Path = ROOT,
        settings: str = "",
        **variables: object,
    ) -> None:
        self.folder = folder
        self.root = root
        self.settings = settings or str(root / "gunicorn.conf.py")
        self.prefix = BOUND if bound and os.geteuid() == 0 else ()
        self.plain = plain or {}
        self.variables = {"WORKERS": 4, "THREADS": 4, "DATA_DIR": folder / "data", **variables}
        self.port = free_port()
        self.log = folder / "service.log"

    def __enter__(self) -> "Service":
        environ = {name: value for name, value in os.environ.items() if not name.startswith(("TB_DALLE", "OPENAI"))}
        environ.pop("PROMETHEUS_MULTIPROC_DIR", None)
        environ |= {f"TB_DALLE_{name}": str(value) for name, value in self.variables.items()}
        environ |= self.plain
        environ |= {"TB_DALLE_PORT": str(self.port), "PYTHONPATH": str(self.root), "PYTHONDONTWRITEBYTECODE": "1"}
        command = [*self.prefix, sys.executable, "-m", "gunicorn", "-c", self.settings]
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(command, cwd=self.folder, env=environ, stderr=log, stdout=log)
        self.wait_for(self.is_up, "the service to answer")
        self.wait_for(lambda: len(self.workers()) == self.variables["WORKERS"], "all of its workers")
        return self

    def __exit__(self, *_: object) -> None:
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(PATIENCE)
        finally:
            if self.process.poll() is None:
                self.process.kill()
                self.process.wait()

    def is_up(self) -> bool:
        if self.process.poll() is not None:
            raise AssertionError(f"the service ended: {self.log.read_text()}")
        try:
            return self.get("/health?check=liveness").status == 200
        except OSError:
            return False

    def wait_for(self, condition: Any, what: str) -> None:
        end = time.monotonic() + PATIENCE
        while not condition():
            if time.monotonic() > end:
                raise AssertionError(f"waited in vain for {what}: {self.log.read_text()[-3000:]}")
            time.sleep(0.02)

    def get(self, path: str, **headers: str) -> Answer:
        """Raises OSError when there is no answer."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers=headers)
        try:
            answer = urllib.request.urlopen(request, timeout=PATIENCE)
            return whole(answer.status, answer)
        except urllib.error.HTTPError as error:
            return whole(error.code, error)

    def figures(self) -> dict[str, float]:
        """A scrape: series as written → value."""
        answer = self.get("/metrics")
        assert answer.status == 200, (answer.body.decode(), self.log.read_text()[-3000:])
        lines = answer.body.decode().splitlines()
        return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines if line[0] != "#")}

    def workers(self) -> list[int]:
        path = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in path.read_text().split()]

    def reload(self) -> None:
        self.process.send_signal(signal.SIGHUP)

    def lines(self) -> list[str]:
        return self.log.read_text().splitlines()


def whole(status: int, answer: Any) -> Answer:
    """The answer with its body; an OSError when the worker died between its headers and its body."""
    with answer:
        try:
            return Answer(status, answer.headers, answer.read())
        except http.client.HTTPException as error:
            raise ConnectionError("half an answer") from error


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
