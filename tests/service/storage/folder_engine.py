"""The folder engine under test."""

import os
import resource
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from dalle.key import Key
from dalle.storage.folder.engine import FolderSettings, FolderStorage
from dalle.storage.folder.layout import Layout
from dalle.storage.folder.locks.claims import Claims
from dalle.storage.local.liveness import boot_clock
from tests.kit.data_folder import put_bytes
from tests.kit.dying import DyingAtWrite
from tests.service.storage.suites.engine import CAPACITY, TTL, Opener, picture


@dataclass
class Shifted:
    """The real clocks, some seconds later."""

    seconds: float = 0.0

    def now_ns(self) -> int:
        return time.time_ns() + round(self.seconds * 1e9)

    def boot(self) -> float:
        return boot_clock() + self.seconds


def open_folder(root: Path, clock: Shifted) -> FolderStorage:
    settings = FolderSettings(claim_ttl=TTL, capacity=CAPACITY)
    return FolderStorage(
        root, settings, now_ns=clock.now_ns, claims=Claims(Layout(root).locks, settings.claim_ttl, now=clock.boot)
    )


class FolderEngine:
    """Satisfies `Engine`."""

    def __init__(self, root: Path) -> None:
        self.layout = Layout(root)
        self.clock = Shifted()
        self.storage = self.open()

    @property
    def opener(self) -> Opener:
        return partial(open_folder, self.layout.root, self.clock)

    def open(self) -> FolderStorage:
        return open_folder(self.layout.root, self.clock)

    def advance(self, seconds: float) -> None:
        self.clock.seconds += seconds

    def dying(self, number: int) -> Callable[[], None]:
        return DyingAtWrite(number)

    @contextmanager
    def failing(self) -> Iterator[None]:
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    def tear(self, key: Key) -> None:
        path = self.layout.annotated(key)
        put_bytes(path.with_suffix(".part"), picture(0)[:-20])
        os.utime(path.with_suffix(".part"), (1000, 1000))
        path.with_suffix(".part").replace(path)

    def damage_journal(self, key: Key) -> None:
        put_bytes(self.layout.journal(key), b'{"version":1,"state":"failed"')

    def damage_document(self, name: str) -> None:
        put_bytes(self.layout.document(name), b'{"n":')

    def damage_cached(self, name: str) -> None:
        path = self.layout.cached(name)
        put_bytes(path, path.read_bytes()[: path.stat().st_size // 2])


class FolderTests:
    """Brings the folder engine to the suites."""

    @pytest.fixture
    def engine(self, tmp_path: Path) -> FolderEngine:
        return FolderEngine(tmp_path)
