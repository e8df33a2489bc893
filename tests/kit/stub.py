"""The paid provider, in a process of its own: it outlives the services that are killed."""

import json
import subprocess
import sys
from typing import Any, Self

from tests.kit.environment import environment
from tests.kit.http import Client
from tests.kit.lan import Place
from tests.kit.repository import ROOT
from tests.kit.waiting import PATIENCE

API_KEY = "sk-test-do-not-show-0815"


class Stub:
    """`url` is its base URL, `variables` are those of a service that shall pay it.

    place: where it runs, if not on this machine
    """

    def __init__(self, place: Place | None = None) -> None:
        self._prefix = place.prefix if place else []
        self._host = place.address if place else "127.0.0.1"

    def __enter__(self) -> Self:
        command = [*self._prefix, sys.executable, "-m", "tests.stub_openai", "--host", self._host]
        self.process = subprocess.Popen(command, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, text=True)
        assert self.process.stdout
        self.url = self.process.stdout.readline().strip()
        self.port = int(self.url.rsplit(":", 1)[1].split("/")[0])
        self.client = Client(self.url.removesuffix("/v1"))
        self.variables = {
            "OPENAI_API_KEY": API_KEY,
            "OPENAI_BASE_URL": self.url,
            "TB_DALLE_PROVIDER_HOSTS": self._host,
        }
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(PATIENCE)
        assert self.process.stdout
        self.process.stdout.close()

    def script(self, plan: Any = ()) -> None:
        """Sets its plan, see `Script.load`; without one it answers well and at once."""
        assert self.client.ask("/script", "POST", json.dumps(plan or {}).encode()).status == 200

    def reset(self) -> None:
        """Forgets its calls."""
        assert self.client.ask("/reset", "POST", b"{}").status == 200

    def hurry(self) -> None:
        """Answers at once what has waited for its latency so far."""
        assert self.client.ask("/hurry", "POST", b"{}").status == 200

    def images(self) -> int:
        """How many pictures were asked for."""
        return int(self.client.ask("/calls").json["images"])

    def rows(self) -> list[Any]:
        """The calls for pictures in the order of their arrival; `time` and `answered` are begin and end."""
        return [row for row in self.client.ask("/calls?rows=1").json["rows"] if row["path"] == "images"]
