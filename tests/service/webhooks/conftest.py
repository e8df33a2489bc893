"""A storage whose clock a test moves, and a delivery from it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from dalle.events import Observer
from dalle.storage.event import Event
from dalle.storage.folder.engine import FolderStorage
from dalle.webhooks import signing
from dalle.webhooks.delivery import Courier, Delivery
from dalle.webhooks.settings import WebhookSettings
from tests.kit.clocks import Clock
from tests.kit.receiver import SECRET, Receiver
from tests.unit import conftest as unit
from tests.unit.app.commands import conftest as commands

start, call, data = unit.start, commands.call, commands.data


class Counts(Observer):
    """What metrics would count."""

    def __init__(self) -> None:
        self.delivered = self.failed = self.given_up = 0

    def webhook_delivered(self) -> None:
        self.delivered += 1

    def webhook_failed(self) -> None:
        self.failed += 1

    def webhook_given_up(self) -> None:
        self.given_up += 1


class Setup:
    """The outbox of one data folder, and a receiver; pauses go by `clock`, signatures by the real time."""

    def __init__(self, folder: Path) -> None:
        self.clock = Clock(1_800_000_000.0)
        self.folder = folder
        self.storage = FolderStorage(folder, now_ns=self.clock.ns)
        self.outbox = self.storage.outbox
        self.receiver = Receiver()
        self.counts = Counts()

    def delivery(self, *, url: str = "", secrets: tuple[str, ...] = (SECRET,), **parts: Any) -> Delivery:
        """A worker; each has its own storage, as in another process."""
        keys = tuple(map(signing.secret_key, secrets))
        settings = WebhookSettings(url=url or self.receiver.url, secrets=keys)
        storage = FolderStorage(self.folder, now_ns=self.clock.ns)
        parts = {"courier": Courier(chance=lambda: 0.5), **parts}
        return Delivery(storage, settings, self.counts, **parts)

    def put(self, number: int = 1, **data: Any) -> Event:
        event = Event(f"msg_{number}", "run.failed", self.clock.ns(), {"series": "simple", "runId": "", **data})
        self.outbox.put(event)
        return event


Make = Callable[[], Setup]


@pytest.fixture
def setup(tmp_path: Path) -> Iterator[Setup]:
    made = Setup(tmp_path)
    yield made
    made.receiver.stop()
