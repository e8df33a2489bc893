"""Finishes what the provider was paid for: kept answers are read again, tasks asked for, pictures downloaded."""

import time
from collections.abc import Callable
from dataclasses import replace

from dalle.errors import DownloadFailed, GenerationError
from dalle.limits.breaker import Permit
from dalle.limits.limits import Limits
from dalle.painters.kept import answer_of
from dalle.painters.openai.answers.reading import Reading
from dalle.painters.openai.answers.received import Received
from dalle.painters.openai.calls import Calls
from dalle.painters.openai.client import Client
from dalle.painters.openai.judge import Judge
from dalle.painters.openai.settings import ProviderSettings
from dalle.painters.openai.tasks import Tasks
from dalle.painters.protocol import Answer, Recorder
from dalle.storage.attempt import Attempt


class OpenAIFinisher:
    """Satisfies `Finisher`. Asks the breaker for nothing, since nothing is bought."""

    def __init__(
        self,
        client: Client,
        calls: Calls,
        tasks: Tasks,
        limits: Limits,
        settings: ProviderSettings,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._calls = calls
        self._tasks = tasks
        self._prices = limits.prices
        self._judge = Judge(limits.breaker)
        self._task_seconds = settings.image_timeout
        self._download_seconds = settings.download_timeout
        self._clock = clock

    def fetch(self, attempt: Attempt, deadline: float, record: Recorder, *, bought: bool = False) -> Answer:
        """See `Finisher`. Temporary failures are repeated as long as there is time.

        The breaker learns of what was just bought: pictures that cannot be fetched, or are none, are not bought one
        after another.
        """
        try:
            answer = self._fetch(attempt, deadline, record)
        except GenerationError as error:
            if bought:
                self._judge.failed(Permit(), error)
            raise
        return (
            replace(answer, examined=self._judge.appraised(Permit(), answer.data, record.examine)) if bought else answer
        )

    def _fetch(self, attempt: Attempt, deadline: float, record: Recorder) -> Answer:
        until = min(deadline, self._clock() + self._download_seconds)
        received = self._calls.repeat(
            "download", until, lambda: self._client.ask(attempt.url, until - self._clock()), free=True
        )
        record.make_room(len(received.body))
        try:
            reading = self._client.read(received)
        except GenerationError as exc:  # it says nothing of the call
            raise DownloadFailed(f"there is no picture at its URL: {exc.details}") from exc
        if not reading.data:
            raise DownloadFailed("there is no picture at its URL")
        record.received(attempt.number, received.pieces())
        return Answer(reading.data, note=reading.note)

    def resume(self, attempt: Attempt, kept: bytes | None, deadline: float, record: Recorder) -> Answer:
        """See `Finisher`."""
        try:
            reading = self._read(attempt, kept, min(deadline, self._clock() + self._task_seconds), record)
        except GenerationError as error:
            if error.billed == "no" or (attempt.outcome == "" and not attempt.task):
                if error.billed == "yes":
                    error.cost = self._prices.cost_of(attempt.model, error.usage, attempt.estimate)
                record.failed(attempt.number, error)
            raise
        answer = answer_of(reading, attempt.model, self._prices.cost_of(attempt.model, reading.usage, attempt.estimate))
        record.answered(attempt.number, answer)
        return answer

    def _read(self, attempt: Attempt, kept: bytes | None, deadline: float, record: Recorder) -> Reading:
        """Return what the kept answer contains; where that is nothing, what its task has become."""
        reading = None
        try:
            reading = self._client.read(Received.decode(kept)) if kept is not None else None
        except GenerationError:
            if not attempt.task:
                raise
        if reading and not reading.task:
            return reading
        if reading and not attempt.task:
            return self._tasks.wait(reading, attempt.number, deadline, record)
        return self._tasks.resume(attempt.task, attempt.number, deadline, record)
