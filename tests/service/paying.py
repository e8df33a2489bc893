"""A service of four workers that pays a stub on loopback."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from typing import Any

from tests.kit.http import ask
from tests.kit.service import Service
from tests.kit.stub import Stub
from tests.kit.waiting import wait

WORKERS = 4


class Paying(Service):
    """The service, and as `stub` the provider that it pays."""

    def __init__(self, folder: Path, stub: Stub, **settings: Any) -> None:
        self.stub = stub
        quick: dict[str, Any] = {"WORKERS": WORKERS, "NO_ENHANCE": 1, "IMAGE_TIMEOUT": "2s", **settings}
        super().__init__(folder, variables=stub.variables, **quick)

    def script(self, plan: Any) -> None:
        """Lets the stub forget its calls and follow a new plan."""
        self.stub.reset()
        self.stub.script(plan)

    def generate(self, count: int) -> list[str]:
        """Generates so many new keys, one request after the other; returns their paths."""
        paths = [f"/dalle/simple/0x{token_hex(20)}" for _ in range(count)]
        for path in paths:
            self.ask(f"{path}?generate=1")
        return paths

    def end(self, path: str) -> Any:
        """The last report of a key, waited for without generating it again; of a painted one its `errorCode`."""

        def ended() -> Any:
            answer = self.ask(path)
            if answer.headers["content-type"] == "image/png":
                return {"errorCode": ""}
            return answer.data if answer.data["done"] else None

        return self.wait_for(ended, f"{path} to end", 120)

    def codes(self, paths: list[str]) -> list[str]:
        """How these keys ended: "" for a picture."""
        return [str(self.end(path)["errorCode"]) for path in paths]

    def run(self) -> tuple[str, Any]:
        """Generates a new key to its end; returns its path and the last report."""
        path = f"/dalle/simple/0x{token_hex(20)}"
        return path, self.client.painted(path).data

    def metric(self, name: str) -> float:
        """The sum of a metric's samples (`name` may hold a label), 0 without any."""
        return sum(value for series, value in self.client.figures().items() if series.startswith(name))

    def openai(self) -> Any:
        """The component of /health."""
        return self.ask("/health").data["components"]["openai"]

    def look(self) -> tuple[int, dict[str, Any]]:
        """Some worker's pid, and what it says of the breaker: a kept connection stays with its worker."""
        with self.client.connected() as connection:
            health = ask(connection, "/health").data
            kept = connection.sock
            lines = ask(connection, "/metrics").text.splitlines()
            assert connection.sock is kept is not None
        figures = [line.rsplit(" ", 1) for line in lines if line.startswith("dalleserver_circuit_breaker_")]
        details = health["components"]["openai"]["details"]
        return health["system"]["worker"], {
            "health": (details["state"], details["opened"]),
            "metrics": {name.removeprefix("dalleserver_circuit_breaker_"): float(value) for name, value in figures},
        }

    def state(self) -> str:
        """The breaker's, by some worker."""
        return str(self.look()[1]["health"][0])

    def views(self) -> list[dict[str, Any]]:
        """What each of the four workers says."""
        seen: dict[int, dict[str, Any]] = {}

        def complete() -> bool:
            pid, view = self.look()
            seen[pid] = view
            return len(seen) == WORKERS

        wait(complete, "every worker to answer")
        return list(seen.values())

    def prompt(self, path: str) -> str:
        """What the painter was asked for, from the texts of the key."""
        series, address = path.split("/")[2:]
        folder = self.data / "output" / series
        texts = [(folder / kind / f"{address}.txt").read_text().rstrip("\n") for kind in ("prompt", "technical")]
        return "\n\n".join(texts)

    def journal(self, path: str) -> Any:
        series, address = path.split("/")[2:]
        return json.loads((self.data / "runs" / series / f"{address}.json").read_text())


@contextmanager
def paying(folder: Path, **settings: Any) -> Iterator[Paying]:
    """The stub and the service, with `settings` beside the defaults of these tests."""
    with Stub() as stub, Paying(folder, stub, **settings) as service:
        yield service
