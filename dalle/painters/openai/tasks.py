"""Tasks: a provider that answers a call with an id is asked for the picture until it is there."""

import time
from collections.abc import Callable, Sequence

from dalle.errors import BadAnswer, ContentBlocked, DownloadFailed, GenerationError, TaskOpen
from dalle.painters.openai.answers.reading import Reading
from dalle.painters.openai.client import Client, Refused
from dalle.painters.protocol import Recorder

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 15.0  # seconds
ROUNDS = 3  # in which each form of a task's URL may be unknown: some providers know a task only after a moment
FIRST_URLS = 6  # that are kept when an answer names others
NOT_FOUND = 404


class Miss(Exception):
    """Nothing was learned of a task at one of its URLs; `unknown` is whether that says not to know it."""

    def __init__(self, trouble: str, *, unknown: bool = False) -> None:
        super().__init__(trouble)
        self.unknown = unknown


class Tasks:
    """Asks for the results of tasks. Costs nothing."""

    def __init__(
        self, client: Client, *, pause: float = FIRST_PAUSE, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._client = client
        self._pause = pause
        self._sleep = sleep

    def wait(self, submitted: Reading, number: int, deadline: float, record: Recorder) -> Reading:
        """Record where a task is asked for, then ask until it has ended; see `resume`."""
        record.submitted(number, submitted.task, submitted.ids)
        return self.resume(submitted.task, number, deadline, record, first=submitted.retry_after)

    def resume(
        self, task: Sequence[str], number: int, deadline: float, record: Recorder, *, first: float | None = 0.0
    ) -> Reading:
        """Ask until the task has ended; return what it brought, which is kept.

        `first`: seconds before it is asked. Raises TaskOpen at the deadline, and the error that the task ended with.
        """
        urls, misses, unknown = list(task), 0, 0
        pause, trouble = self._pause, ""
        rest = pause if first is None else first
        while time.monotonic() + rest < deadline and unknown < ROUNDS * len(urls):
            self._sleep(rest)
            pause = min(pause * 1.5, LONGEST_PAUSE)
            try:
                reading = self._ask(urls[0], number, deadline, record)
            except Miss as miss:
                trouble, misses, unknown = str(miss), misses + 1, unknown + miss.unknown
                urls.append(urls.pop(0))
                rest = 0.0 if misses % len(urls) else pause
                continue
            if not reading.task:
                return reading
            misses = unknown = 0
            if not set(reading.task) <= set(urls):
                # The result lies elsewhere; or the answer named something else, and the first URLs are still right.
                urls = list(dict.fromkeys([*reading.task, *task[-FIRST_URLS:]]))
                record.submitted(number, urls, reading.ids)
            rest = pause if reading.retry_after is None else max(reading.retry_after, self._pause)
        raise TaskOpen(trouble)

    def _ask(self, url: str, number: int, deadline: float, record: Recorder) -> Reading:
        """Ask once, and keep what ends the task. Raises Miss, and the error that the task ended with.

        An error counts as its end only where it says so: that a question is refused says nothing of what was paid for.
        """
        unknown = False
        try:
            received = self._client.ask(url, deadline - time.monotonic())
        except Refused as exc:
            received = exc.received
            unknown = received.status == NOT_FOUND or not exc.retryable
        except DownloadFailed as exc:
            raise Miss(exc.details) from exc
        record.make_room(len(received.body))
        try:
            reading = self._client.read(received)
        except GenerationError as error:
            if error.ended or isinstance(error, ContentBlocked | BadAnswer):
                record.received(number, received.pieces())
                raise
            raise Miss(f"it answers HTTP {received.status}", unknown=unknown) from error
        if not reading.task:
            record.received(number, received.pieces())
        return reading
