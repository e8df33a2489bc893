"""Where pictures are asked for. A report is the contract's progress as a dictionary, {} for an idle key."""

import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, Protocol

from app import wiring
from app.config import Config
from dalle.errors import FileSystemError, Forbidden, NotFound
from dalle.key import Key
from dalle.runs import progress
from dalle.storage import journal as journals
from dalle.storage.folder.atomic import read_bytes

Fields = dict[str, Any]


class Desk(Protocol):
    """This process or a server. Every method may raise a DalleError."""

    remote: bool

    def key(self, series: str, address: str) -> Key:
        """The key, if it may be asked for."""

    def series(self) -> list[str]: ...

    def finished(self, key: Key) -> bool:
        """Whether the picture is there."""

    def request(self, key: Key) -> Fields:
        """See to it that the key gets its picture."""

    def look(self, key: Key) -> Fields:
        """The report; starts nothing."""

    def picture(self, key: Key) -> bytes:
        """The finished PNG."""

    def place(self, key: Key) -> str:
        """Where the finished picture is: a path or a URL."""

    def remove(self, key: Key) -> bool:
        """Delete the finished picture; tells whether there was one."""

    def runs(self) -> list[Fields]:
        """Runs that are open, oldest first, then those that failed, newest first."""

    def close(self) -> None:
        """Let go; work of this process that runs is finished first."""


class LocalDesk:
    """This process, beside any server on the same data folder: claims and queue are shared."""

    remote = False

    def __init__(self, config: Config, jobs: int | None = None) -> None:
        self.config = config
        self.studio = wiring.studio(config, jobs=jobs)

    def key(self, series: str, address: str) -> Key:
        return Key.parse(series, address, self.studio.knows)

    def series(self) -> list[str]:
        return self.studio.series()

    def finished(self, key: Key) -> bool:
        return self.studio.store.annotated(key).exists()

    def request(self, key: Key) -> Fields:
        if self.config.read_only:
            if self.finished(key):
                return self.look(key)
            raise Forbidden("TB_DALLE_READ_ONLY is set: nothing is generated here")
        return envelope(self.studio.request(key).body)

    def look(self, key: Key) -> Fields:
        return self.studio.report(key) or {}

    def picture(self, key: Key) -> bytes:
        ready = self.studio.ready(key)
        if ready is None:
            raise NotFound(f"there is no picture of {key}")
        with ready.file as file:
            return file.read()

    def place(self, key: Key) -> str:
        return str(self.studio.store.annotated(key))

    def remove(self, key: Key) -> bool:
        if self.config.read_only:
            raise Forbidden("TB_DALLE_READ_ONLY is set: nothing is removed here")
        return self.studio.remove(key)

    def runs(self) -> list[Fields]:
        return [*self.studio.runs(), *sorted(self._failed(), key=lambda run: -int(run["updatedNs"]))]

    def _failed(self) -> Iterator[Fields]:
        averages = self.studio.averages.durations()
        for path in self.studio.store.runs.glob("*/0x*.json"):
            # Parsing is dear where there are many, and most of them have not failed.
            if b'"state":"failed"' not in (read_bytes(path) or b""):
                continue
            with suppress(FileSystemError):
                journal = journals.read(path)
                if journal and journal.state == "failed":
                    yield progress.report(journal, averages, journal.endedNs)

    def close(self) -> None:
        self.studio.stop()


def envelope(body: bytes) -> Fields:
    """The progress inside the body of an answer."""
    data: Fields = json.loads(body)["data"]
    return data
