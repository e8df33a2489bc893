"""Tasks: a provider that answers a call with an id is asked for the picture until it is there."""

import time
from collections.abc import Callable, Sequence

from dalle.errors import GenerationError, TaskOpen
from dalle.painters.openai.answers.reading import Reading
from dalle.painters.openai.client import Client, Refused
from dalle.painters.protocol import Recorder

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 15.0  # seconds
ROUNDS = 3  # in which each form of a task's URL may be unknown: some providers know a task only after a moment
NOT_FOUND = 404


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
        record.submitted(number, submitted.task)
        return self.resume(submitted.task, number, deadline, record, first=submitted.retry_after)

    def resume(
        self, task: Sequence[str], number: int, deadline: float, record: Recorder, *, first: float | None = 0.0
    ) -> Reading:
        """Ask until the task has ended; return what it brought, which is kept.

        `first`: seconds before it is asked. Raises TaskOpen at the deadline, and the error that the task ended with.
        """
        urls, unknown, pause, trouble = list(task), 0, self._pause, ""
        rest = pause if first is None else first
        while time.monotonic() + rest < deadline:
            self._sleep(rest)
            pause = min(pause * 1.5, LONGEST_PAUSE)
            rest = pause
            try:
                received = self._client.ask(urls[0], deadline - time.monotonic())
            except Refused as exc:
                trouble = f"it answers HTTP {exc.received.status}"
                if exc.received.status == NOT_FOUND:
                    unknown += 1
                    if unknown >= ROUNDS * len(urls):
                        break
                    urls.append(urls.pop(0))
                    rest = 0.0 if unknown < len(urls) else pause
                elif not exc.retryable:
                    record.received(number, exc.received.encode())
                    self._client.read(exc.received)
                continue
            except GenerationError as exc:
                trouble = exc.details
                continue
            try:
                reading = self._client.read(received)
            except GenerationError:
                record.received(number, received.encode())
                raise
            if not reading.task:
                record.received(number, received.encode())
                return reading
            if not set(reading.task) <= set(urls):  # the result lies elsewhere
                urls = list(reading.task)
                record.submitted(number, urls)
            rest = pause if reading.retry_after is None else reading.retry_after
        raise TaskOpen(trouble)
