"""What the provider's tests share: a recorder and an observer that remember, an order, a stub on loopback."""

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dalle.errors import GenerationError
from dalle.events import Observer
from dalle.imaging.decoding import Examined, examine
from dalle.key import Key
from dalle.painters.openai.provider import Provider, build_provider
from dalle.painters.openai.settings import ProviderSettings
from dalle.painters.protocol import Admit, Answer, Call, Order
from dalle.storage.blob import Content
from dalle.storage.folder.engine import FolderStorage
from dalle.words.selection import Selection
from tests.kit.fakes import attempt
from tests.stub_openai.server import StubServer

API_KEY = "sk-test-do-not-show-4711"
ADDRESS = "0x" + "ab" * 20


class MemoryRecorder:
    """A `Recorder` that keeps the rows in memory; what must be one commit with them goes into the data folder."""

    def __init__(self, folder: Path) -> None:
        self.rows: list[tuple[Any, ...]] = []
        self.kept: dict[int, bytes] = {}
        self.tasks: dict[int, list[str]] = {}
        self.sizes: list[int] = []
        self._documents = FolderStorage(folder).documents

    def sent(self, call: Call, admit: Admit | None = None) -> int:
        number = 1 + self.names.count("sent")
        if admit:
            admit(self._documents.edit, number)
        self.rows.append(("sent", call))
        return number

    def confirm_claim(self, number: int) -> None:
        """The key is still ours."""

    def failed(self, number: int, error: GenerationError) -> None:
        self.rows.append(("failed", number, error.code, error.billed))

    def received(self, number: int, answer: Content) -> None:
        self.kept[number] = answer if isinstance(answer, bytes) else b"".join(answer)

    def make_room(self, size: int) -> None:
        self.sizes.append(size)

    def examine(self, data: bytes) -> Examined:
        return examine(data)

    def submitted(self, number: int, task: Sequence[str], ids: Mapping[str, str]) -> None:
        self.tasks[number] = list(task)

    def answered(self, number: int, answer: Answer) -> None:
        self.rows.append(("answered", number, answer))

    @property
    def names(self) -> list[str]:
        return [row[0] for row in self.rows]

    def document(self, name: str) -> dict[str, Any]:
        """What is stored now."""
        return self._documents.read(name)


class EventLog(Observer):
    """Remembers the events."""

    def __init__(self) -> None:
        self.rows: list[tuple[Any, ...]] = []

    def attempt_sent(self, kind: str, model: str) -> None:
        self.rows.append(("sent", kind))

    def attempt_ended(self, kind: str, model: str, quality: str, outcome: str, code: str, seconds: float) -> None:
        self.rows.append(("ended", kind, outcome, code))

    def attempt_timed_out(self, kind: str) -> None:
        self.rows.append(("timed out", kind))

    def spent(self, model: str, quality: str, usd: float, tokens: dict[str, int]) -> None:
        self.rows.append(("spent", model, usd, tokens))

    def retried(self, kind: str) -> None:
        self.rows.append(("retried", kind))

    def breaker_moved(self, state: str) -> None:
        self.rows.append(("breaker", state))


@contextmanager
def serving(plan: Any = None) -> Iterator[StubServer]:
    server = StubServer(plan=plan)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def order(prompt: str = "a cat", *, seconds: float = 30, **fields: Any) -> Order:
    """An order of a run that holds no claim; `fields` replace those of `Order`."""
    values: dict[str, Any] = {
        "key": Key("simple", ADDRESS),
        "run_id": "run1",
        "holder": f"simple/{ADDRESS}/0123456789abcdef",
        "selection": Selection(ADDRESS, "0" * 64, "simple", "", 0, ()),
        "orientation": "square",
        "deadline": time.monotonic() + seconds,
    }
    return Order(prompt=prompt, **(values | fields))


PARTS = ("observer", "alarms", "clock", "sleep", "backoff")


def provider(folder: Path, base_url: str, **given: Any) -> Provider:
    """With short timeouts and no real waiting between attempts; settings and injected parts by name."""
    quick: dict[str, Any] = {"api_key": API_KEY, "image_timeout": 5.0, "connect_timeout": 2.0}
    quick |= {"provider_hosts": ("127.0.0.1",)}
    parts: dict[str, Any] = {"backoff": 0.001} | {name: given.pop(name) for name in PARTS if name in given}
    return build_provider(FolderStorage(folder), ProviderSettings(base_url=base_url, **(quick | given)), **parts)


def fetched(ours: Provider, folder: Path, url: str, seconds: float = 5, *, bought: bool = True) -> bytes:
    """The picture that a provider has under a URL."""
    recorder = MemoryRecorder(folder)
    return ours.finisher.fetch(attempt(url=url), time.monotonic() + seconds, recorder, bought=bought).data
