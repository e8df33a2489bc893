"""The façade: everything that a server, a command line or a program asks of this package.

with Studio(Path("data")) as studio:
    studio.request(key := Key("simple", "0x…"))
    studio.wait(key)
"""

import math
import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from dalle import pinning
from dalle.errors import FileSystemError
from dalle.events import Observer
from dalle.gallery.caretaker import Caretaker
from dalle.gallery.details import details
from dalle.key import ADDRESS, SERIES, Key
from dalle.outcome import Idle, Outcome, Ready, Report
from dalle.painters.protocol import Painter
from dalle.painters.sketch import Sketch
from dalle.pictures.finished import Pictures
from dalle.pictures.previous import Keepsakes
from dalle.runs.admission import Reception
from dalle.runs.averages import Averages
from dalle.runs.dispatcher import Crew
from dalle.runs.heartbeat import Heart
from dalle.runs.pipeline import Pipeline, Writer
from dalle.runs.recovery import Recovery
from dalle.runs.reports import Reports
from dalle.runs.retry import Pauses
from dalle.storage.folder.claims import Locks
from dalle.storage.folder.index import FolderIndex
from dalle.storage.folder.journals import Ledger
from dalle.storage.folder.layout import Store
from dalle.storage.folder.queue import Queue
from dalle.storage.folder.series import SeriesFolder
from dalle.storage.journal import Journal
from dalle.threads.periodic import PeriodicThread
from dalle.threads.pool import JobPool
from dalle.words.shelf import SeriesShelf

SWEEP = CURATE = 1.0  # seconds


class Studio:
    """One data folder at work. `start` brings its threads to life, in the process that calls it.

    writer      None: prompts are not enhanced
    fallback    paints when `painter` is unavailable
    longest_run, lock_ttl, pauses: seconds
    background  started beside the threads, in each process; must return at once
    provider_status  what all workers know of the paid provider, for health; None when painting costs nothing
    jobs        runs at once in this process; 0: others on the same data folder do the work
    configuration  fingerprint of what an operator may repair: key, base URL, models
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        painter: Painter | None = None,
        fallback: Painter | None = None,
        writer: Writer | None = None,
        catalog_version: str = "",
        databases_dir: Path | None = None,
        lock_ttl: float = 300,
        longest_run: float = 600,
        jobs: int = 2,
        queue: int = 200,
        pauses: Pauses | None = None,
        configuration: str = "",
        observer: Observer | None = None,
        background: Callable[[], None] = lambda: None,
        provider_status: Callable[[], dict[str, Any] | None] = lambda: None,
        now_ns: Callable[[], int] = time.time_ns,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        pauses = pauses or Pauses()
        self.store = Store(data_dir)
        self.observer = observer or Observer()
        self.provider_status = provider_status
        self.catalog = pinning.pinned(self.store, catalog_version, databases_dir)
        self.shelf = SeriesShelf(SeriesFolder(self.store.series))
        self.averages = Averages(self.store.averages)
        self.painter: Painter = painter or Sketch()
        self.queue = Queue(self.store.queue, queue)
        self.locks = Locks(self.store.locks, lock_ttl)
        self.keepsakes = Keepsakes(self.store, self.locks, self.queue)
        self.index = FolderIndex(self.store)
        self._ledger = Ledger(self.store, pause=pauses.unknown, now_ns=now_ns)
        self._pictures = Pictures(self.store)
        self._reports = Reports(
            store=self.store,
            ledger=self._ledger,
            pictures=self._pictures,
            queue=self.queue,
            averages=self.averages,
            now_ns=now_ns,
        )
        self._reception = Reception(
            store=self.store,
            locks=self.locks,
            queue=self.queue,
            keepsakes=self.keepsakes,
            ledger=self._ledger,
            reports=self._reports,
            index=self.index,
            averages=self.averages,
            observer=self.observer,
            configuration=configuration,
            now_ns=now_ns,
            sleep=sleep,
        )
        self._heart = Heart()
        self._crew = Crew(
            store=self.store,
            locks=self.locks,
            queue=self.queue,
            ledger=self._ledger,
            reports=self._reports,
            pipeline=Pipeline(
                store=self.store,
                catalog=self.catalog,
                shelf=self.shelf,
                painter=self.painter,
                fallback=fallback,
                writer=writer,
            ),
            heart=self._heart,
            averages=self.averages,
            observer=self.observer,
            pauses=pauses,
            configuration=configuration,
            longest_run=longest_run,
            now_ns=now_ns,
        )
        self._recovery = Recovery(
            store=self.store,
            locks=self.locks,
            queue=self.queue,
            averages=self.averages,
            hold=self._crew.hold,
            report=self._reports.publish,
            observer=self.observer,
            ttl=lock_ttl,
        )
        self._background = background
        self._lock_ttl = lock_ttl
        self._threads = jobs
        self._starting = threading.Lock()
        self._started_in = 0
        self._jobs: JobPool | None = None
        self._periodic: list[PeriodicThread] = []

    # -- life --------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Bring the threads to life, once in each process: threads do not survive a fork."""
        if self._started_in == os.getpid():
            return
        with self._starting:
            if self._started_in == os.getpid():
                return
            self._periodic = [
                PeriodicThread("heart", min(1.0, self._lock_ttl / 4), self._heart.beat),
                PeriodicThread("sweep", SWEEP, self._recovery.sweep),
            ]
            if self._threads:
                caretaker = Caretaker(store=self.store, index=self.index, locks=self.locks, queue=self.queue)
                self._periodic.append(PeriodicThread("caretaker", CURATE, caretaker.tend))
            for thread in self._periodic:
                thread.start()
            if self._threads:
                self._jobs = JobPool(self._threads, self._crew.take)
                self._jobs.start()
                self._background()
            self._started_in = os.getpid()

    def close(self) -> None:
        """Take no new runs from now on; safe in a signal handler."""
        if self._jobs:
            self._jobs.close()

    def stop(self) -> None:
        """Take no new runs, finish those that run, then rest."""
        if self._started_in == os.getpid():
            if self._jobs:
                self._jobs.stop()
            for thread in self._periodic:
                thread.stop()
            with suppress(OSError):
                self.averages.flush()

    def __enter__(self) -> "Studio":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    # -- questions ---------------------------------------------------------------------------------------------

    def series(self) -> list[str]:
        """The names that may be asked for, sorted."""
        return self.shelf.names()

    def knows(self, series: str, address: str) -> bool:
        """Whether the pair may be asked for: its series is defined, or its picture is there anyway."""
        if self.shelf.get(series) is not None:
            return True
        return bool(
            SERIES.fullmatch(series)
            and ADDRESS.fullmatch(address)
            and self.store.annotated(Key(series, address)).exists()
        )

    def look(self, key: Key) -> Outcome:
        """What there is, starting nothing. Raises FileSystemError."""
        try:
            # The picture may have been published after the first look and before the report was read.
            return self.ready(key) or self._reports.of_work(key) or self.ready(key) or Idle()
        except OSError as exc:
            raise trouble("the data folder cannot be read", exc) from exc

    def ready(self, key: Key) -> Ready | None:
        """The finished picture; None without one, or without a whole one."""
        return self._pictures.ready(key)

    def thumbnail(self, key: Key, width: str) -> Ready | None:
        """The finished picture at a width, made when it is missing; None without a picture.

        Raises InvalidRequest for any width that is not made.
        """
        return self._pictures.thumbnail(key, width)

    def journal(self, key: Key) -> Journal | None:
        """The key's journal, None without one; one that cannot be read is shown as a failure."""
        return self._ledger.read(key)

    def report(self, key: Key) -> dict[str, Any] | None:
        """The progress fields of a key that is at work, has failed or has a picture; None when it is idle."""
        return self._reports.of(key)

    def wait(self, key: Key, timeout: float = math.inf) -> dict[str, Any] | None:
        """`report` once the key's run has ended, or after `timeout` seconds, whichever comes first."""
        until = time.monotonic() + timeout
        while (report := self.report(key)) and not report["done"] and time.monotonic() < until:
            time.sleep(0.1)
        return report

    def runs(self) -> list[dict[str, Any]]:
        """The progress fields of every open run, oldest first."""
        return self._reports.runs()

    def failures(self) -> list[dict[str, Any]]:
        """The progress fields of the runs that failed within the last hour, newest first."""
        return self._reports.failures()

    def details(self, key: Key) -> dict[str, Any] | None:
        """Return everything that is known about a finished picture; None without one."""
        if not self.store.annotated(key).exists():
            return None
        report = self.report(key)
        return details(report, self.journal(key)) if report else None

    # -- actions -----------------------------------------------------------------------------------------------

    def request(self, key: Key, request_id: str = "") -> Report:
        """See to it that the key gets its picture; gives the finished, the running or the new run's report.

        Raises QueueFull, FileSystemError.
        """
        return self._received(self._reception.request, key, request_id)

    def renew(self, key: Key, request_id: str = "") -> Report:
        """Make a finished picture anew; the present one comes back when no new one comes. Otherwise as `request`.

        Raises QueueFull, FileSystemError.
        """
        return self._received(self._reception.renew, key, request_id)

    def _received(self, receive: Callable[[Key, str], Report], key: Key, request_id: str) -> Report:
        self.start()
        try:
            report = receive(key, request_id)
        except OSError as exc:
            raise trouble("a run cannot be started", exc) from exc
        if self._jobs:
            self._jobs.wake()
        return report

    def remove(self, key: Key) -> bool:
        """Delete the annotated picture; False when there was none or its key is at work. Raises FileSystemError."""
        try:
            return self._reception.remove(key)
        except OSError as exc:
            raise trouble("the picture cannot be removed", exc) from exc


def trouble(what: str, cause: OSError) -> FileSystemError:
    """What a disk in trouble is for whoever asks; `what` is public."""
    return FileSystemError(what, private=f"{type(cause).__name__}: {cause}")
