"""Where it happens: two services and an nginx on one data folder, and the provider."""

import json
import random
import shutil
import subprocess
import threading
import time
from collections import Counter
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any, Self

from dalle.library import open_library
from dalle.settings import StudioSettings
from dalle.storage.folder.engine import FolderStorage
from dalle.words import prompts
from dalle.words.selection import select
from tests.kit.data_folder import put_bytes
from tests.kit.http import Answer, Client
from tests.kit.mounts import MOUNTS, SmallDisk, small_disk
from tests.kit.nginx import Nginx, Place
from tests.kit.ports import free_port
from tests.kit.service import Service
from tests.kit.stub import Stub
from tests.soak.attack.witness import Witness
from tests.soak.service import new_address

SETTINGS: dict[str, Any] = {
    "LOCK_TTL": "2s",
    "NO_ENHANCE": 1,
    "IMAGE_SIZE": "256x256",
    "BREAKER_FAILURES": 100_000,
    "IMAGE_TIMEOUT": "8s",
    "GRACEFUL_TIMEOUT": "10s",
    "QUEUE": 60,
}
QUIET = 25  # keys of a round that are only asked for: each may be paid for once
WILD = 8  # keys that are also removed, damaged and made again


class Ground:
    """Everything that attackers use. `a` is behind nginx and on a port of its own, `b` on a port only.

    With an odd seed, and where mounts are permitted, the data folder is a small `disk` that can be filled up.
    """

    def __init__(self, seed: int, minutes: float) -> None:
        self.chance = random.Random(seed)
        self.ending = threading.Event()
        self.restarting = threading.Lock()
        """Held while a service reads settings that another attacker must not change."""
        self.quiet = [new_address() for _ in range(QUIET)]
        self.wild = [new_address() for _ in range(WILD)]
        self.addresses = [*self.quiet, *self.wild]
        self.touched: list[tuple[float, str, str, int]] = []
        self.forgotten: Counter[str] = Counter()
        self.read: Counter[Path] = Counter()  # characters of logs
        self.minutes = minutes
        self.small = bool(seed % 2) and subprocess.run(MOUNTS, capture_output=True, check=False).returncode == 0
        self.disk: SmallDisk | None = None
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        self.stub = self._stack.enter_context(Stub())
        self.place = self._stack.enter_context(Place())
        if self.small:
            shutil.rmtree(self.place.data)
            self.disk = self._stack.enter_context(small_disk(self.place.data, size="250m", inodes=12_000))
            self.place.output.mkdir()
        put_old_calls(self.place.data)
        port = free_port()
        self.a = self.place.service(port=port, variables=self.stub.variables, **SETTINGS)
        folder = self.place.folder / "b"
        folder.mkdir()
        self.b = Service(folder, variables=self.stub.variables, DATA_DIR=self.place.data, **SETTINGS)
        self.services = [self.a, self.b]
        self._library = open_library(StudioSettings(data_dir=self.place.data), FolderStorage(self.place.data))
        self._prompts: dict[str, str] = {}
        self.witness = Witness((str(self.place.folder),))
        for service in self.services:
            self._stack.enter_context(service)
        self.nginx = self._stack.enter_context(Nginx(self.place, workers=2))
        self.clients = {"nginx": self.nginx.client, "a": Client(f"http://127.0.0.1:{port}"), "b": self.b.client}
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.__exit__(None, None, None)

    @property
    def data(self) -> Any:
        return self.place.data

    def note_touch(self, path: Path, what: str, calls: int) -> None:
        """Note what a hand did to a file, and how many calls that were out nothing on disk shows any more."""
        address = path.name[:42]
        self.witness.count("files touched")
        self.touched.append((time.time(), path.name, what, calls))
        self.forgotten[address] += calls

    def prompt(self, address: str) -> str:
        """What the provider is asked for; the words of the folder make it, and no setting."""
        if address not in self._prompts:
            series = self._library.shelf.get("simple")
            assert series
            selection = select(address, series, self._library.catalog)
            self._prompts[address] = prompts.write(selection).prompt
        return self._prompts[address]

    def any_address(self, chance: random.Random) -> str:
        return chance.choice(self.wild if chance.random() < 0.4 else self.quiet)

    def ask(
        self, chance: random.Random, path: str, method: str = "GET", body: bytes | None = None, **headers: str
    ) -> Answer | None:
        """Ask one of the three; None where nobody answers, as while it is being killed."""
        name = chance.choice(list(self.clients))
        with suppress(OSError):
            answer = self.clients[name].ask(path, method, body, timeout=20, **headers)
            self.witness.look((name, method, path, headers), answer, proxied=name == "nginx", head=method == "HEAD")
            return answer
        self.witness.count("no answer")
        return None

    def renew(self) -> None:
        """Begin a round with keys that nobody has asked for."""
        self.quiet = [new_address() for _ in range(QUIET)]
        self.wild = [*self.wild[-WILD // 2 :], *(new_address() for _ in range(WILD // 2))]
        self.addresses += [*self.quiet, *self.wild[-WILD // 2 :]]


def put_old_calls(data: Path) -> None:
    """Begin the call log in an earlier month, so that it is closed under load."""
    line = {
        "series": "simple",
        "kind": "chat",
        "paid": True,
        "model": "gpt-5-mini",
        "outcome": "accepted",
        "cost": 0.01,
    }
    sent_ns = time.time_ns() - 40 * 86_400_000_000_000
    rows = [json.dumps({**line, "runId": f"old{number}", "number": 0, "sentNs": sent_ns}) for number in range(2000)]
    put_bytes(data / "metrics" / "calls.jsonl", "\n".join([*rows, ""]).encode())
