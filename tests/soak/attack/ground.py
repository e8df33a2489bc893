"""Where it happens: two services and an nginx on one data folder, and the provider."""

import random
import threading
from contextlib import ExitStack, suppress
from typing import Any, Self

from tests.kit.http import Answer, Client
from tests.kit.nginx import Nginx, Place
from tests.kit.ports import free_port
from tests.kit.service import Service
from tests.kit.stub import Stub
from tests.soak.attack.witness import Witness
from tests.soak.service import new_address

SETTINGS: dict[str, Any] = {
    "JOBS": 2,
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
    """Everything that attackers use. `a` is behind nginx and on a port of its own, `b` on a port only."""

    def __init__(self, seed: int, minutes: float) -> None:
        self.chance = random.Random(seed)
        self.ending = threading.Event()
        self.quiet = [new_address() for _ in range(QUIET)]
        self.wild = [new_address() for _ in range(WILD)]
        self.minutes = minutes
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        self.stub = self._stack.enter_context(Stub())
        self.place = self._stack.enter_context(Place())
        port = free_port()
        self.a = self.place.service(port=port, variables=self.stub.variables, **SETTINGS)
        folder = self.place.folder / "b"
        folder.mkdir()
        self.b = Service(folder, variables=self.stub.variables, DATA_DIR=self.place.data, **SETTINGS)
        self.services = [self.a, self.b]
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
