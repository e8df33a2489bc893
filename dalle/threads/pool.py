"""A bounded pool of threads that takes a job when a thread is free; it knows nothing of pictures.

The executor never holds a backlog, which it would run at interpreter exit: the pool waits for a free thread first, then
takes a job. Threads start in `start`, after the fork.
"""

import logging
import os
import random
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from dalle.quiet_log import QuietLog

log = logging.getLogger(__name__)

Job = Callable[[], None]

# Jobs get a smaller share of the processor than requests. Measured in turns, polls that saturate both cores beside two
# jobs: p99 9.1 ms instead of 11.4, at the cost of a quarter fewer pictures. A higher value gains nothing more.
NICENESS = 4

LONGEST_PAUSE = 15.0  # seconds


class JobPool:
    """Runs the jobs that `take` returns (None: no job). Calls it at once after `wake`, else every `poll` seconds.

    While it fails it is called less and less often, and as often as before once it has worked.
    """

    def __init__(
        self,
        threads: int,
        take: Callable[[], Job | None],
        *,
        poll: float = 0.1,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._take = take
        self._poll = poll
        self._jitter = jitter
        self._failures = 0
        self._quiet = QuietLog(log)
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix="job", initializer=lower_priority)
        self._room = threading.Semaphore(threads)
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._closed = False
        self._thread = threading.Thread(target=self._loop, name="jobs", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def wake(self) -> None:
        """Makes the pool look for a job now."""
        self._wake.set()

    def close(self) -> None:
        """Takes no more jobs. Acquires no lock: a signal handler may call it."""
        self._closed = True

    def stop(self) -> None:
        """Takes no more jobs and waits for the running ones."""
        self._stopping.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join()
        self._executor.shutdown(wait=True)

    def _loop(self) -> None:
        while not self._stopping.is_set():
            if not self._room.acquire(timeout=1):
                continue
            job = self.look()
            if job is None:
                self._room.release()
                self._wake.wait(self.rest())
                continue
            try:
                self._executor.submit(self._do, job)
            except RuntimeError:  # the interpreter is exiting: the next sweep of another worker takes the job
                self._room.release()
                return

    def look(self) -> Job | None:
        """Return a job; None without one, or when that cannot be known: then the failures are counted."""
        try:
            self._wake.clear()
            job = self._take() if not self._stopping.is_set() and not self._closed else None
        except Exception as exc:
            self._failures += 1
            self._quiet.error(exc, "cannot take a job from the queue")
            return None
        self._failures = 0
        return job

    def rest(self) -> float:
        """Return the seconds until the next look: twice as many after each failure, and not the same in all workers."""
        if not self._failures:
            return self._poll
        return min(LONGEST_PAUSE, 2.0 ** min(self._failures - 1, 10)) * (1 + self._jitter()) / 2

    def _do(self, job: Job) -> None:
        try:
            job()
        except Exception:
            log.exception("unhandled exception in a job")
        finally:
            self._room.release()
            self._wake.set()


def lower_priority(set_priority: Callable[[int, int, int], None] = os.setpriority) -> None:
    """Lowers the priority of this thread, where threads have their own and the system permits it."""
    if sys.platform == "linux":
        thread = threading.get_native_id()
        with suppress(OSError):
            set_priority(os.PRIO_PROCESS, thread, os.getpriority(os.PRIO_PROCESS, thread) + NICENESS)
