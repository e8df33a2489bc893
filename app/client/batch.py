"""Makes the pictures of many keys, a few at a time."""

import time
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from app.client import terminal
from app.client.client import Client, Fields, Unreachable
from app.client.following import PATIENCE, is_queued
from dalle.errors import QueueFull
from dalle.key import Key

# After these codes all other pictures would fail the same way, at once or after a charge.
FATAL = {"OPENAI_AUTH", "OPENAI_QUOTA", "BUDGET_EXHAUSTED", "FILE_SYSTEM_ERROR"}
TRANSIENT = {"OPENAI_RATE_LIMIT", "OPENAI_UNAVAILABLE", "OPENAI_TIMEOUT"}
MOST_IN_A_ROW = 5


@dataclass
class Batch:
    """`run` returns when every key is done or, after `stop`, when the runs of this process have ended.

    existing  pictures that existed already, or were made by another process before their turn
    made      pictures that were finished while the batch waited for them
    failed    key → its report
    active    key → its report, while its picture is being made
    stopped   why the remaining keys are not tried, "" otherwise
    """

    client: Client
    keys: Sequence[Key]
    jobs: int
    existing: int = 0
    made: int = 0
    failed: dict[Key, Fields] = field(default_factory=dict)
    active: dict[Key, Fields] = field(default_factory=dict)
    stopped: str = ""
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic

    def __post_init__(self) -> None:
        self._waiting = deque(self.keys)
        self._started = self._not_before = self._answered = self.clock()
        self._in_a_row = 0

    @property
    def done(self) -> int:
        return self.existing + self.made + len(self.failed)

    @property
    def untried(self) -> int:
        return len(self._waiting)

    def stop(self, reason: str) -> None:
        """Starts no more runs from now on; safe in a signal handler."""
        self.stopped = self.stopped or reason

    def run(self, changed: Callable[[], None]) -> None:
        """Makes the pictures; `changed` is called whenever something may have changed. Raises Unreachable."""
        while self._is_running():
            changed()
            self._start_runs()
            self.sleep(0.5 if self.client.remote else 0.05)
            self._poll()
        changed()
        # A run of this process is never abandoned in the middle of a call that costs money.
        self.client.drain()
        self._poll()
        changed()

    def _is_running(self) -> bool:
        if not self.stopped:
            return bool(self._waiting or self.active)
        # A server finishes its runs without us, and queued ones are left to the next process on the data folder.
        return not self.client.remote and not all(is_queued(report) for report in self.active.values())

    def _start_runs(self) -> None:
        while self._waiting and not self.stopped and len(self.active) < self.jobs and self.clock() >= self._not_before:
            key = self._waiting.popleft()
            try:
                report = self.client.request(key)
            except QueueFull as exc:
                self._waiting.appendleft(key)
                self._not_before = self.clock() + (exc.retry_after or 10)
                return
            except Unreachable as exc:
                self._waiting.appendleft(key)
                self._wait_for_server(exc)
                return
            self._answered = self.clock()
            if report and report["done"] and not report["error"]:
                self.existing += 1
            else:
                self._sort(key, report)

    def _poll(self) -> None:
        for key in list(self.active):
            try:
                self._sort(key, self.client.report(key))
                self._answered = self.clock()
            except Unreachable as exc:
                self._wait_for_server(exc)
                return

    def _wait_for_server(self, exc: Unreachable) -> None:
        """A server that restarts comes back. Raises `exc` when this one has been away for too long."""
        if self.clock() - self._answered > PATIENCE:
            raise exc
        self._not_before = self.clock() + 2

    def _sort(self, key: Key, report: Fields) -> None:
        self.active.pop(key, None)
        if not report:
            self.failed[key] = {"errorCode": "REMOVED", "error": "removed by another process", "retryAtNs": 0}
        elif not report["done"]:
            self.active[key] = report
        elif report["error"]:
            self.failed[key] = report
            self._count_failure(report["errorCode"])
        else:
            self.made += 1
            self._in_a_row = 0

    def _count_failure(self, code: str) -> None:
        self._in_a_row = self._in_a_row + 1 if code in TRANSIENT else 0
        if code in FATAL or self._in_a_row >= max(MOST_IN_A_ROW, self.jobs + 1):
            self.stop(code)

    def describe(self) -> str:
        """Returns failures and remaining time, in few words."""
        failed = f"{len(self.failed)} failed " if self.failed else ""
        done = self.made + len(self.failed)
        if self.stopped:
            return f"{failed}stopping"
        if not done:
            return f"{len(self.active)} running"
        if not (self._waiting or self.active):
            return failed.strip()
        left = (self.clock() - self._started) / done * (len(self._waiting) + len(self.active))
        return f"{failed}{terminal.time_left(left)} left"

    def codes(self) -> list[tuple[str, int]]:
        """Returns failures by code, the most frequent first."""
        return Counter(str(report["errorCode"]) for report in self.failed.values()).most_common()
