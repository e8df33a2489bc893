"""Finishes what earlier calls for a key were paid for, before anything is bought."""

from collections.abc import Callable
from dataclasses import replace

from dalle.errors import BadAnswer, GenerationError, OutcomeUnknown
from dalle.painters.protocol import Answer, Finisher
from dalle.runs.purchases import next_purchase_ns
from dalle.runs.run import Run
from dalle.runs.settings import RunSettings
from dalle.storage.attempt import Attempt


class Finishing:
    """`compose` computes the texts of a run that goes on from an earlier call."""

    def __init__(self, finisher: Finisher, compose: Callable[[Run], object], settings: RunSettings) -> None:
        self._finisher = finisher
        self._compose = compose
        self._settings = settings

    def finish(self, run: Run, *, paid: bool) -> tuple[Attempt, Answer] | None:
        """Return a picture that comes of an earlier call; None when none does, and one may be made.

        Raises a GenerationError when the next one would be `paid` and may not be bought now.
        """
        trouble: GenerationError | None = None
        for known in run.journal.open_attempts:
            attempt = run.journal.find(known)  # what was tried before may have replaced the journal's records
            try:
                if answer := self._from(run, attempt):
                    return attempt, answer
            except GenerationError as error:
                trouble = error if trouble is None or is_refusal(error) else trouble
            run.room.leave()
        if paid:
            self._decide(run, trouble)
        return None

    def fetch(self, run: Run, attempt: Attempt, *, bought: bool = False) -> Answer:
        """Download the picture of an attempt that has a URL. Raises DownloadFailed."""
        run.enter("image_download")
        return self._finisher.fetch(attempt, run.deadline, run.record, bought=bought)

    def _from(self, run: Run, attempt: Attempt) -> Answer | None:
        """Return what comes of one attempt, None where there is nothing of it."""
        run.room.for_bytes(run.originals.size(attempt))
        raw, kept = run.originals.raw(attempt), run.originals.answer(attempt)
        if raw is None and kept is None and not attempt.task and not attempt.url:
            return None
        run.record.painter, run.record.paid = attempt.painter, attempt.paid
        if not run.journal.dress:
            self._compose(run)
            for phase in ("enhance_prompt", "image_prep", "image_wait", "image_download"):
                run.skip(phase)
        if raw is not None:
            run.record.adopt(attempt)
            return self._examined(run, attempt, Answer(raw))
        if kept is not None or attempt.task:
            run.enter("image_wait")
            try:
                answer = self._finisher.resume(attempt, kept, run.deadline, run.record)
                if answer.data:
                    return self._examined(run, attempt, answer)
            except BadAnswer:
                if not attempt.url:
                    raise
        return self._examined(run, attempt, self.fetch(run, attempt))

    def _examined(self, run: Run, attempt: Attempt, answer: Answer) -> Answer:
        try:
            return replace(answer, examined=run.record.examine(answer.data))
        except GenerationError:
            run.refuse(attempt)
            raise

    def _decide(self, run: Run, trouble: GenerationError | None) -> None:
        """Raise unless a picture may be bought now."""
        last = run.journal.last
        if last and last.paid and last.is_open:
            # This run has bought one, and buys none again.
            if last.outcome == "" and trouble is None:
                trouble = OutcomeUnknown()
                run.record.failed(last.number, trouble)
            raise trouble or OutcomeUnknown()
        if trouble and is_refusal(trouble):
            raise trouble  # it is known only now, and has its pause
        moment = next_purchase_ns(run.journal, self._settings)
        if moment is None or moment > run.now_ns():
            raise trouble or OutcomeUnknown()


def is_refusal(error: GenerationError) -> bool:
    """Return whether a call was refused and would be again."""
    return error.billed == "no" and not error.retryable
