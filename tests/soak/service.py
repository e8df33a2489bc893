"""A provider stub, services on one data folder, and what can be asked of them and read from the folder."""

import asyncio
import http.client
import json
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SITE = Path(__file__).resolve().parent / "site"
SERIES = "simple"
TEXTS = ("data", "title", "terse", "prompt", "technical")


def new_address() -> str:
    return f"0x{secrets.token_hex(20)}"


def path_of(address: str) -> str:
    return f"/dalle/{SERIES}/{address}"


class Stub:
    """The paid provider, in a process of its own that nobody kills."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.stub_openai"]
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.url = self.process.stdout.readline().strip()
        self.port = int(self.url.rsplit(":", 1)[1].split("/")[0])

    def script(self, **plan: Any) -> None:
        request = urllib.request.Request(self.url.removesuffix("/v1") + "/script", json.dumps(plan).encode())
        urllib.request.urlopen(request, timeout=10).close()

    def calls(self) -> int:
        """How many pictures were asked for so far."""
        with urllib.request.urlopen(self.url.removesuffix("/v1") + "/calls", timeout=10) as response:
            return int(json.load(response)["images"])

    def __enter__(self) -> "Stub":
        return self

    def __exit__(self, *failure: object) -> None:
        self.process.terminate()
        self.process.wait(10)
        if self.process.stdout:
            self.process.stdout.close()


class Service:
    """One gunicorn master and its workers, in a process group of their own."""

    def __init__(self, folder: Path, stub: Stub | None, *, prefix: tuple[str, ...] = (), **settings: Any) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.data.mkdir(exist_ok=True)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("TB_DALLE_", "OPENAI_"))}
        settings = {
            "DATA_DIR": self.data,
            "PORT": self.port,
            "WORKERS": 2,
            "JOBS": 2,
            "LOCK_TTL": "2s",
            "NO_ENHANCE": 1,
            "IMAGE_SIZE": "256x256",
            "BREAKER_FAILURES": 1000,
            "GRACEFUL_TIMEOUT": "20s",
        } | settings
        self.environ = kept | {f"TB_DALLE_{name}": str(value) for name, value in settings.items()}
        self.environ |= {"PYTHONPATH": f"{SITE}:{ROOT}", "SOAK_PLAN": str(folder)}
        if stub:
            self.environ |= {"OPENAI_API_KEY": "sk-soak", "OPENAI_BASE_URL": stub.url}
        self.prefix = prefix
        self.log = folder / f"log.{self.port}"
        self.start()

    def start(self) -> None:
        with open(self.log, "ab") as output:
            self.process = subprocess.Popen(
                [*self.prefix, sys.executable, "-m", "gunicorn"],
                cwd=ROOT,
                env=self.environ,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait(self) -> "Service":
        """Until it answers."""
        for _ in range(300):
            with suppress(OSError, http.client.HTTPException):
                if self.get("/health?check=liveness")[0] == 200:
                    return self
            assert self.process.poll() is None, self.log.read_text()
            time.sleep(0.1)
        raise AssertionError(self.log.read_text())

    def stop(self) -> None:
        if self.process.poll() is None:
            if self.prefix:  # `unshare` does not pass it on
                os.killpg(self.process.pid, signal.SIGTERM)
            self.process.terminate()
            self.process.wait(60)
        self.kill()  # whatever is left of the group

    def kill(self) -> None:
        """kill -9 of master and workers at once."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)

    def get(self, path: str, timeout: float = 30) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, {name.lower(): value for name, value in response.getheaders()}, response.read()
        finally:
            connection.close()

    def json(self, path: str) -> Any:
        return json.loads(self.get(path)[2])

    def generate(self, address: str) -> Any:
        """The answer to one `generate=1`; None while nobody answers."""
        with suppress(OSError, http.client.HTTPException, ValueError):
            return self.json(f"{path_of(address)}?generate=1")
        return None

    def finish(self, address: str, seconds: float = 60, every: float = 0.25) -> Any:
        """The documented loop; gives the last report."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            answer = self.generate(address)
            if answer and answer.get("done"):
                return answer
            time.sleep(every)
        raise AssertionError(f"{address} is not done: {self.log.read_text()[-4000:]}")

    async def flood(self, paths: list[str]) -> list[bytes]:
        """All requests at once, each on a connection of its own."""

        async def one(path: str) -> bytes:
            for _ in range(20):
                with suppress(OSError):
                    reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
                    writer.write(f"GET {path} HTTP/1.1\r\nHost: soak\r\nConnection: close\r\n\r\n".encode())
                    answer = await reader.read(-1)
                    writer.close()
                    if answer:
                        return answer
                await asyncio.sleep(0.1)
            return b""

        return await asyncio.gather(*(one(path) for path in paths))

    # -- plans ------------------------------------------------------------------------------------------------

    def plan(self, action: str, when: str, op: str, path: str, content: str = "") -> None:
        """See tests/soak/site/sitecustomize.py."""
        (self.folder / "taken").unlink(missing_ok=True)
        plan = {"action": action, "when": when, "op": op, "path": path, "content": content}
        (self.folder / "plan.new").write_text(json.dumps(plan))
        (self.folder / "plan.new").replace(self.folder / "plan.json")

    def taken(self) -> int:
        """The process that has met the plan, 0 before."""
        with suppress(FileNotFoundError):
            return int((self.folder / "taken").read_text())
        return 0

    # -- the folder -------------------------------------------------------------------------------------------

    def journal(self, address: str) -> Any:
        return json.loads((self.data / "runs" / SERIES / f"{address}.json").read_text())

    def files(self, address: str) -> set[str]:
        """All files of a key, relative to the data folder; run ids and tokens replaced by a letter.

        Notes of failures are left out: the list of the latest ones is not the key's.
        """
        found = [path for path in self.data.rglob(f"*{address}*") if path.is_file() and path.suffix != ".failed"]
        return {re.sub(r"(?<=\.)[0-9a-f]{16}(?=\.)", "X", str(path.relative_to(self.data))) for path in found}

    def temporaries(self) -> list[Path]:
        return [path for path in self.data.rglob(".*.tmp") if path.is_file()]

    def left(self) -> list[str]:
        """Claims and tickets."""
        names = os.listdir(self.data / "locks") + os.listdir(self.data / "queue")
        return [name for name in names if name.endswith((".lock", ".live", ".waiting", ".running"))]


def finished_files(address: str) -> set[str]:
    """What one paid run that went well leaves of its key, no more and no less."""
    output = f"output/{SERIES}"
    return {
        *(f"{output}/{kind}/{address}.txt" for kind in TEXTS),
        f"{output}/selector/{address}.json",
        f"{output}/generated/{address}.png",
        f"{output}/annotated/{address}.png",
        *(f"{output}/thumbs/{width}/{address}.webp" for width in (64, 128, 256, 512)),
        f"{output}/progress/{address}.json",
        f"runs/{SERIES}/{address}.json",
    }


def is_whole(picture: Path) -> bool:
    data = picture.read_bytes()
    return data.startswith(b"\x89PNG\r\n\x1a\n") and data.endswith(b"\0\0\0\0IEND\xaeB`\x82")
