"""Taking many keys to their pictures, a few at a time."""

import time
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.client import terminal
from app.client.following import PATIENCE, is_queued
from app.client.local import Desk
from app.client.remote import Unreachable
from dalle.errors import QueueFull
from dalle.key import Key

# After these every other picture would fail the same way, at once or after a charge.
HOPELESS = {"OPENAI_AUTH", "OPENAI_QUOTA", "BUDGET_EXHAUSTED", "FILE_SYSTEM_ERROR"}
PASSING = {"OPENAI_RATE_LIMIT", "OPENAI_UNAVAILABLE", "OPENAI_TIMEOUT"}
MOST_IN_A_ROW = 5


@dataclass
class Warming:
    """`run` returns when every key is settled, or, once `stop` was called, when the runs of this process are.

    there    pictures that were there already (or that somebody else made before their turn)
    made     pictures that came while this waited for them
    failed   key → its report
    active   keys that are being made
    stopped  why the rest is not tried, "" otherwise
    """

    desk: Desk
    keys: Sequence[Key]
    jobs: int
    there: int = 0
    made: int = 0
    failed: dict[Key, dict[str, Any]] = field(default_factory=dict)
    active: dict[Key, dict[str, Any]] = field(default_factory=dict)
    stopped: str = ""
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic

    def __post_init__(self) -> None:
        self._waiting = deque(self.keys)
        self._began = self.clock()
        self._not_before = self._heard = self.clock()
        self._in_a_row = 0

    @property
    def settled(self) -> int:
        return self.there + self.made + len(self.failed)

    @property
    def untried(self) -> int:
        return len(self._waiting)

    def stop(self, why: str) -> None:
        """Begin nothing more; safe to call from a signal handler."""
        self.stopped = self.stopped or why

    def run(self, moved: Callable[[], None]) -> None:
        """Work; `moved` is called whenever something may have changed."""
        while self._going_on():
            moved()
            self._fill()
            self.sleep(0.5 if self.desk.remote else 0.05)
            self._look()
        moved()
        # A run of this process is never left in the middle of a call that costs money.
        self.desk.close()
        self._look()
        moved()

    def _going_on(self) -> bool:
        if self.stopped:
            return bool(self.active) and not self.desk.remote and self._running()
        return bool(self._waiting or self.active)

    def _running(self) -> bool:
        """Whether a run is past the queue: the others are taken up by whoever comes next."""
        return not all(is_queued(report) for report in self.active.values())

    def _fill(self) -> None:
        while self._waiting and not self.stopped and len(self.active) < self.jobs and self.clock() >= self._not_before:
            key = self._waiting.popleft()
            try:
                report = self.desk.request(key)
            except QueueFull as exc:
                self._waiting.appendleft(key)
                self._not_before = self.clock() + (exc.retry_after or 10)
                return
            except Unreachable as exc:
                self._waiting.appendleft(key)
                self._be_patient(exc)
                return
            self._heard = self.clock()
            if report and report["done"] and not report["error"]:
                self.there += 1
            else:
                self._sort(key, report)

    def _look(self) -> None:
        for key in list(self.active):
            try:
                self._sort(key, self.desk.look(key))
                self._heard = self.clock()
            except Unreachable as exc:
                self._be_patient(exc)
                return

    def _be_patient(self, exc: Unreachable) -> None:
        """A server that restarts comes back; raises Unreachable when it stays away."""
        if self.clock() - self._heard > PATIENCE:
            raise exc
        self._not_before = self.clock() + 2

    def _sort(self, key: Key, report: dict[str, Any]) -> None:
        self.active.pop(key, None)
        if not report:
            self.failed[key] = {"errorCode": "REMOVED", "error": "somebody removed it", "retryAtNs": 0}
        elif not report["done"]:
            self.active[key] = report
        elif report["error"]:
            self.failed[key] = report
            self._judge(report["errorCode"])
        else:
            self.made += 1
            self._in_a_row = 0

    def _judge(self, code: str) -> None:
        self._in_a_row = self._in_a_row + 1 if code in PASSING else 0
        if code in HOPELESS or self._in_a_row >= max(MOST_IN_A_ROW, self.jobs + 1):
            self.stop(code)

    def text(self) -> str:
        """Failures so far and the time that is left, in few words."""
        failed = f"{len(self.failed)} failed " if self.failed else ""
        done = self.made + len(self.failed)
        if self.stopped:
            return f"{failed}stopping"
        if not done:
            return f"{len(self.active)} at work"
        if not (self._waiting or self.active):
            return failed.strip()
        left = (self.clock() - self._began) / done * (len(self._waiting) + len(self.active))
        return f"{failed}{terminal.time_left(left)} left"

    def codes(self) -> list[tuple[str, int]]:
        """Failures by code, the most frequent first."""
        return Counter(str(report["errorCode"]) for report in self.failed.values()).most_common()
