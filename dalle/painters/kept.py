"""Finishes from answers that were kept, without what a provider takes to be asked."""

from typing import TYPE_CHECKING

from dalle.errors import DownloadFailed
from dalle.painters.protocol import Answer, Recorder
from dalle.storage.attempt import Attempt

if TYPE_CHECKING:
    from dalle.painters.openai.answers.reading import Reading


class KeptAnswers:
    """Satisfies `Finisher` without a provider: finishes from answers that hold their picture."""

    def fetch(self, attempt: Attempt, deadline: float, record: Recorder, *, bought: bool = False) -> Answer:
        """Raise DownloadFailed."""
        raise DownloadFailed("without the provider's key it cannot be fetched")

    def resume(self, attempt: Attempt, kept: bytes | None, deadline: float, record: Recorder) -> Answer:
        """See `Finisher`."""
        reading = reading_of(kept) if kept else None
        if reading is None or not reading.data:
            raise DownloadFailed("without the provider's key it cannot be fetched")
        answer = answer_of(reading, attempt.model, attempt.cost or attempt.estimate)
        record.answered(attempt.number, answer)
        return answer


def reading_of(kept: bytes) -> "Reading | None":
    # Where there is no key, this is for what was paid for with an earlier one: a tenth of the start.
    from dalle.painters.openai.answers.reading import read  # noqa: PLC0415
    from dalle.painters.openai.answers.received import Received  # noqa: PLC0415

    return read(Received.decode(kept))


def answer_of(reading: "Reading", model: str, cost: float) -> Answer:
    """Return what the pipeline goes on with; `cost` in USD."""
    return Answer(
        data=reading.data,
        url="" if reading.data else reading.urls[0],
        model=model,
        ids=reading.ids,
        revised_prompt=reading.revised_prompt,
        usage=reading.usage,
        cost=cost,
        note=reading.note,
    )
