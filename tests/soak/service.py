"""Services on one data folder, with what they answer and what is in the folder."""

import asyncio
import json
import os
import re
import secrets
import signal
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.kit.program import children
from tests.kit.service import Service
from tests.kit.stub import Stub

SITE = Path(__file__).resolve().parent / "site"
SERIES = "simple"
OPEN = (".lock", ".live", ".waiting", ".running", ".cancelled")
"""How the names of claims and tickets end."""
TEXTS = ("data", "title", "terse", "prompt", "technical")


def new_address() -> str:
    return f"0x{secrets.token_hex(20)}"


def path_of(address: str) -> str:
    return f"/dalle/{SERIES}/{address}"


class Soaked(Service):
    """A service whose processes can be met by a plan, see tests/soak/site/sitecustomize.py."""

    def __init__(self, folder: Path, stub: Stub, *, prefix: Sequence[str] = (), **settings: Any) -> None:
        quick: dict[str, Any] = {
            "JOBS": 2,
            "LOCK_TTL": "2s",
            "NO_ENHANCE": 1,
            "IMAGE_SIZE": "256x256",
            "BREAKER_FAILURES": 1000,
        }
        variables = {**stub.variables, "SOAK_PLAN": str(folder)}
        settings = {**quick, "GRACEFUL_TIMEOUT": "20s", **settings}
        super().__init__(folder, prefix=prefix, variables=variables, **settings)
        self.environ = {**self.environ, "PYTHONPATH": f"{SITE}:{self.environ['PYTHONPATH']}"}
        self.log = folder / f"log.{self.port}"  # two services share a folder
        self.data.mkdir(exist_ok=True)
        self.prefix = prefix

    def workers(self) -> list[int]:
        """Also of a master that `unshare` has started in a namespace of its own."""
        found = self.children()
        return children(found[0]) if found and self.prefix[:1] == ("unshare",) else found

    def stop(self) -> None:
        if self.process.poll() is None and self.prefix:  # `unshare` does not pass it on
            os.killpg(self.process.pid, signal.SIGTERM)
        super().stop()

    def generate(self, address: str) -> Any:
        """The answer to one `generate=1`; None while nobody answers."""
        with suppress(OSError, ValueError):
            return self.ask(f"{path_of(address)}?generate=1").json
        return None

    def finish(self, address: str, seconds: float = 60, every: float = 0.25) -> Any:
        """The documented loop; returns the last report."""

        def done() -> Any:
            answer = self.generate(address)
            if answer and answer.get("done"):
                return answer
            time.sleep(every)
            return None

        return self.wait_for(done, f"{address} to be done", seconds)

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
        """All files of a key, relative to the data folder; run ids, tokens and versions replaced by a letter.

        Notes of failures are left out: the list of the latest ones is not the key's.
        """
        found = [path for path in self.data.rglob(f"*{address}*") if path.is_file() and path.suffix != ".failed"]
        return {re.sub(r"(?<=\.)[0-9a-f]{16}(?=\.)", "X", str(path.relative_to(self.data))) for path in found}

    def temporaries(self) -> list[Path]:
        return [path for path in self.data.rglob(".*.tmp") if path.is_file()]

    def left(self) -> list[str]:
        """Claims and tickets."""
        names = os.listdir(self.data / "locks") + os.listdir(self.data / "queue")
        return [name for name in names if name.endswith(OPEN)]


def finished_files(address: str) -> set[str]:
    """What one paid run that went well leaves of its key, no more and no less."""
    output = f"output/{SERIES}"
    return {
        *(f"{output}/{kind}/{address}.txt" for kind in TEXTS),
        f"{output}/selector/{address}.json",
        f"{output}/generated/{address}.png",
        f"{output}/annotated/{address}.png",
        *(f"{output}/thumbs/{width}/{address}.webp" for width in (64, 128, 256, 512)),
        f"{output}/versions/{address}.txt",
        f"{output}/versions/{address}.X.png",
        *(f"{output}/versions/{width}/{address}.X.webp" for width in (64, 128, 256, 512)),
        f"{output}/progress/{address}.json",
        f"runs/{SERIES}/{address}.json",
    }


def is_whole(picture: Path) -> bool:
    data = picture.read_bytes()
    return data.startswith(b"\x89PNG\r\n\x1a\n") and data.endswith(b"\0\0\0\0IEND\xaeB`\x82")
