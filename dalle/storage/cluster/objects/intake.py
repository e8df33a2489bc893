"""Brings answers that were paid for from this host's spool into bucket and database, as soon as both are there."""

import logging
import os
import threading
import time
from contextlib import suppress

from dalle.atomic import flocked
from dalle.quiet_log import QuietLog
from dalle.storage.blob import Content, Original
from dalle.storage.cluster.database.database import Database
from dalle.storage.cluster.objects.depot import Depot, Stored
from dalle.storage.cluster.objects.rows import PUT_WAITING, naming, numbers
from dalle.storage.cluster.objects.spool import Spool, Waiting

log = logging.getLogger(__name__)

PAUSE = 1.0  # seconds between two tries
LAST = 2.0  # seconds that an end waits for a try
YOUNG = 2.0  # seconds in which who wrote an answer brings it in


class Intake:
    """One process's part in it; the processes of a host take turns."""

    def __init__(self, spool: Spool, depot: Depot, database: Database, *, pause: float = PAUSE) -> None:
        self.spool = spool
        self._depot = depot
        self._database = database
        self._pause = pause
        self._quiet = QuietLog(log)
        self._mutex = threading.Lock()
        self._thread: threading.Thread | None = None
        self._process = 0
        self._closing = threading.Event()

    def put(self, original: Original, content: Content, modified_ns: int = 0) -> None:
        """Keep an answer. It is safe on this host's disk, or in the bucket, or this raises StorageError."""
        try:
            waiting = self.spool.add(original, content, modified_ns or self._now_ns())
        except OSError as exc:
            self._quiet.error(exc, "an answer cannot be kept on this host's disk: straight into the bucket")
            self._database.run(
                *naming(original, self._depot.upload(original, content, durable=True, modified_ns=modified_ns))
            )
            return
        try:
            self._bring(waiting)
        except OSError as exc:
            self._quiet.error(exc, "an answer waits in %s", self.spool.folder)
            self.wake()

    def _now_ns(self) -> int:
        """Return the database's time, or that of this host while the database is away."""
        try:
            return self._depot.now_ns()
        except OSError:
            return time.time_ns()

    def wake(self) -> None:
        """Let a thread of this process bring in what waits, until nothing does. Cheap while there is one."""
        with self._mutex:
            if self._process == os.getpid() and self._thread:
                return
            self._process, self._thread, self._closing = os.getpid(), None, threading.Event()
            if self.spool.count():
                self._thread = threading.Thread(target=self._loop, args=(self._closing,), name="spool", daemon=True)
                self._thread.start()

    def check_in(self) -> None:
        """Look once in each process whether an earlier one has left something. Cheap."""
        if self._process != os.getpid():
            self.wake()

    def close(self) -> None:
        """Stop the thread, if there is one."""
        self._closing.set()
        if self._process == os.getpid() and (thread := self._thread):
            thread.join(LAST)

    def bring_in(self, older_than: float = 0.0) -> None:
        """Try it once for all that has waited for so many seconds; the first failure is raised at the end."""
        trouble: OSError | None = None
        with suppress(BlockingIOError), flocked(self.spool.folder / ".lock", wait=False):
            for waiting in self.spool.waiting(older_than):
                try:
                    self._bring(waiting)
                    log.info("the answer %s has left the spool", waiting.original.name)
                except OSError as exc:
                    trouble = trouble or exc
        if trouble:
            raise trouble

    def _loop(self, closing: threading.Event) -> None:
        while not self._ends(closing):
            try:
                self.bring_in(YOUNG)
            except Exception as exc:
                self._quiet.error(exc, "answers wait in %s", self.spool.folder)
            closing.wait(self._pause)

    def _ends(self, closing: threading.Event) -> bool:
        """Return whether the thread is not needed any more. What comes after that starts another one."""
        with self._mutex:
            if not closing.is_set() and self.spool.count():
                return False
            self._thread = None
            return True

    def _bring(self, waiting: Waiting) -> None:
        """The database first: other hosts see that there is an answer before they can read it, and buy no other."""
        stored = Stored(waiting.object, waiting.size, waiting.modified_ns, waiting.sha256)
        about = (stored.name, stored.size, stored.sha256, stored.modified_ns)
        self._database.run(PUT_WAITING, (*about, *numbers(waiting.original), stored.name))
        found = self.spool.read(waiting.original)
        if found is None or found[0] != waiting:
            return  # it was deleted meanwhile, or another came in its place
        self._depot.bucket.put(stored.name, found[1])
        self.spool.release(waiting)
