"""The threads of one process: they take runs, keep them alive, and look after what others left."""

import os
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dalle.runs.dispatcher import Dispatcher
from dalle.runs.heartbeat import Heartbeat
from dalle.runs.settings import RunSettings
from dalle.threads.periodic import PeriodicThread
from dalle.threads.pool import JobPool

Chore = tuple[str, Callable[[], None]]

SECOND = 1.0


@dataclass(frozen=True, slots=True)
class Chores:
    """What is done every second: in each process, and only in those that work on runs. Names are for the log.

    background  started beside the threads where runs are worked on; returns at once
    farewell    called there when the threads have ended, for what should not wait for another process
    """

    everywhere: Sequence[Chore] = ()
    working: Sequence[Chore] = ()
    background: Callable[[], None] = lambda: None
    farewell: Callable[[], None] = lambda: None


class Workers:
    """`start` brings the threads to life, in the process that calls it; `jobs` 0: no runs are worked on."""

    def __init__(
        self,
        dispatcher: Dispatcher,
        heartbeat: Heartbeat,
        chores: Chores,
        settings: RunSettings,
        *,
        jobs: int,
        poll: float,
    ) -> None:
        self._dispatcher = dispatcher
        self._heartbeat = heartbeat
        self._chores = chores
        self._beat = min(SECOND, settings.claim_ttl / 4)
        self._jobs = jobs
        self._poll = poll
        self._starting = threading.Lock()
        self._started_in = 0
        self._pool: JobPool | None = None
        self._periodics: list[PeriodicThread] = []

    def start(self) -> None:
        """Start once in each process: threads do not survive a fork."""
        if self._started_in == os.getpid():
            return
        with self._starting:
            if self._started_in == os.getpid():
                return
            chores = [*self._chores.everywhere, *(self._chores.working if self._jobs else ())]
            self._periodics = [
                PeriodicThread("heartbeat", self._beat, self._heartbeat.beat),
                *(PeriodicThread(name, SECOND, action) for name, action in chores),
            ]
            for periodic in self._periodics:
                periodic.start()
            if self._jobs:
                self._pool = JobPool(self._jobs, self._dispatcher.take, poll=self._poll)
                self._pool.start()
                self._chores.background()
            self._started_in = os.getpid()

    def wake(self) -> None:
        """A run was queued."""
        if self._pool:
            self._pool.wake()

    def close(self) -> None:
        """Take no new runs from now on; safe in a signal handler."""
        if self._pool:
            self._pool.close()

    def stop(self) -> None:
        """Take no new runs, finish the present ones, then stop the periodic threads."""
        if self._started_in != os.getpid():
            return
        if self._pool:
            self._pool.stop()
        for periodic in self._periodics:
            periodic.stop()
        if self._pool:
            self._chores.farewell()
