"""A bounded pool of threads that takes work when it has room; knows no pictures.

The executor never holds a backlog (it would run all of it at interpreter exit): a thread is asked for first, then
the work is taken. Threads are born on `start`, after the fork.
"""

import logging
import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

log = logging.getLogger(__name__)

Job = Callable[[], None]

# A job gets less of a processor than who answers. Measured by turns, polls that saturate both cores beside two jobs:
# p99 9.1 ms instead of 11.4, for a quarter fewer pictures meanwhile. Nicer jobs gain nothing more.
NICENESS = 4


class Jobs:
    """`take` gives the next job or None; it is asked at once after `wake`, and else every `poll` seconds."""

    def __init__(self, threads: int, take: Callable[[], Job | None], *, poll: float = 0.1) -> None:
        self._take = take
        self._poll = poll
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix="job", initializer=_step_back)
        self._room = threading.Semaphore(threads)
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._closed = False
        self._thread = threading.Thread(target=self._loop, name="jobs", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def wake(self) -> None:
        """Say that there may be work."""
        self._wake.set()

    def close(self) -> None:
        """Take nothing more, from now on. Takes no lock: a signal handler may call it."""
        self._closed = True

    def stop(self) -> None:
        """Take nothing more and wait for the jobs that run."""
        self._stopping.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join()
        self._executor.shutdown(wait=True)

    def _loop(self) -> None:
        while not self._stopping.is_set():
            if not self._room.acquire(timeout=1):
                continue
            job, rest = None, self._poll
            try:
                self._wake.clear()
                if not self._stopping.is_set() and not self._closed:
                    job = self._take()
            except Exception:
                log.exception("cannot take work from the queue")
                rest = 1.0
            if job is None:
                self._room.release()
                self._wake.wait(rest)
                continue
            try:
                self._executor.submit(self._do, job)
            except RuntimeError:  # the interpreter is on its way out: the next sweep of another worker has it
                self._room.release()
                return

    def _do(self, job: Job) -> None:
        try:
            job()
        except Exception:
            log.exception("a job failed without handling it")
        finally:
            self._room.release()
            self._wake.set()


def _step_back() -> None:
    """Lower the priority of this thread, where a thread has its own and the system lets it."""
    if sys.platform == "linux":
        thread = threading.get_native_id()
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, thread, os.getpriority(os.PRIO_PROCESS, thread) + NICENESS)
