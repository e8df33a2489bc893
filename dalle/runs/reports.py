"""The public reports of a data folder: read as they lie there, or made from the journal."""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from dalle.errors import FileSystemError
from dalle.key import Key
from dalle.outcome import Report
from dalle.pictures.finished import Pictures
from dalle.runs import legacy, progress
from dalle.runs.averages import Averages
from dalle.storage.folder.atomic import read_bytes, read_json, write_atomic
from dalle.storage.folder.journals import Ledger
from dalle.storage.folder.layout import Store
from dalle.storage.folder.queue import Queue
from dalle.storage.journal import Journal


class Reports:
    """Starts nothing, and writes only what `publish` is told to."""

    def __init__(
        self,
        *,
        store: Store,
        ledger: Ledger,
        pictures: Pictures,
        queue: Queue,
        averages: Averages,
        now_ns: Callable[[], int] = time.time_ns,
    ) -> None:
        self._store = store
        self._ledger = ledger
        self._pictures = pictures
        self._queue = queue
        self._averages = averages
        self._now_ns = now_ns

    def body(self, key: Key) -> bytes:
        """The report on disk; nothing when there is none, or no whole one."""
        body = read_bytes(self._store.progress_name(key)) or b""
        return body if body.startswith(b"{") and body.endswith(b"}\n") else b""

    def made(self, present: Journal) -> Report:
        """The report that follows from a journal now."""
        return Report(progress.body(self.fields(present)))

    def fields(self, present: Journal, position: int = 0) -> dict[str, Any]:
        """Its fields; `position`: 1 for the next to run."""
        return progress.report(present, self._averages.durations(), self._now_ns(), position=position)

    def publish(self, present: Journal, position: int = 0) -> bytes:
        """Write the report; gives its body. Raises OSError."""
        body = progress.body(self.fields(present, position))
        write_atomic(self._store.progress(Key(present.series, present.address)), body)
        return body

    def of_work(self, key: Key) -> Report | None:
        """The report of a key that is at work or has failed; None for any other."""
        body = self.body(key)
        if body and not is_done(body):
            return Report(body)
        present = self._ledger.read(key)
        if present is None or present.state in ("removed", "completed"):
            return None
        if body and present.state == "failed":
            return Report(body)
        return self.made(present)

    def of(self, key: Key) -> dict[str, Any] | None:
        """The fields of a key that is at work, has failed or has a picture; None when it is idle."""
        present = self._ledger.read(key)
        if self._pictures.has(key):
            return self.fields(self._finished(key, present))
        if present is None or present.state in ("removed", "completed"):
            return None
        return self.fields(present)

    def of_picture(self, key: Key) -> Report | None:
        """The report of a cache hit, when the picture is there."""
        fields = self.of(key) if self._pictures.has(key) else None
        return Report(progress.body(progress.cache_hit(fields, self._now_ns()))) if fields else None

    def runs(self) -> list[dict[str, Any]]:
        """The fields of every open run, oldest first."""
        return [found for ticket in self._queue.tickets() if (found := self._told(ticket.key))]

    def failures(self) -> list[dict[str, Any]]:
        """The fields of the runs that failed within the last hour, newest first."""
        told = [(self._told(key), run_id) for key, run_id in self._queue.failures(self._now_ns())]
        return [found for found, run_id in told if found and found["runId"] == run_id and found["error"]]

    def _told(self, key: Key) -> dict[str, Any] | None:
        try:
            answer = read_json(self._store.progress(key))
        except FileSystemError:
            return None
        found = answer.get("data") if isinstance(answer, dict) else None
        return found if isinstance(found, dict) else None

    def _finished(self, key: Key, present: Journal | None) -> Journal:
        """The journal of a picture that is there. Its run may be about to say so; or the picture is somebody else's."""
        if present is None or present.state in ("removed", "failed"):
            return legacy.adopt(self._store, key)
        return replace(present, state="completed")


def is_done(body: bytes) -> bool:
    """Whether a report is of a run that has ended."""
    return b'"done":true' in body
