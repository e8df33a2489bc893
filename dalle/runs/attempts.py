"""The attempts of one run: each written down before its call, its bytes kept before anything else."""

from typing import Literal

from dalle.errors import GenerationError
from dalle.painters.protocol import Answer, Call
from dalle.runs.claimed import Holding
from dalle.runs.late import reopen, same
from dalle.runs.originals import Raws
from dalle.storage import journal as journals
from dalle.storage.folder.calllog import CallLog
from dalle.storage.folder.claims import ClaimLost, Locks
from dalle.storage.folder.layout import Store
from dalle.storage.folder.queue import Queue, Ticket
from dalle.storage.journal import Attempt, Chat

OUTCOMES: dict[str, Literal["accepted", "refused", "unknown"]] = {
    "yes": "accepted",
    "no": "refused",
    "unknown": "unknown",
}


class Attempts:
    """Satisfies `painters.Recorder`; `painter` and `paid` are those of the painter at work.

    After a ClaimLost nothing of the run is written but what was paid for, and what lets its next holder go on.
    """

    def __init__(self, holding: Holding, *, store: Store, locks: Locks, queue: Queue, raws: Raws) -> None:
        self.painter = ""
        self.paid = False
        self._holding = holding
        self._journal = holding.journal
        self._store = store
        self._locks = locks
        self._queue = queue
        self._raws = raws
        self._log = CallLog(store.calls)

    def sent(self, call: Call) -> int:
        """Write the attempt ahead of the call, so that no crash can hide it."""
        with self._holding.mutex:
            attempt = Attempt(
                number=1 + max((one.number for one in self._journal.attempts), default=0),
                runId=self._journal.runId,
                painter=self.painter,
                paid=self.paid,
                model=call.model,
                size=call.size,
                quality=call.quality,
                estimate=call.estimate,
                sentNs=self._holding.now_ns(),
            )
            self._journal.attempts.append(attempt)
            self._journal.painter = self.painter
            self._holding.save(durable=self.paid)
            return attempt.number

    def failed(self, number: int, error: GenerationError) -> None:
        """Write down how an attempt ended without a picture. Raises ClaimLost."""
        with self._holding.mutex:
            attempt = self._numbered(number)
            attempt.endedNs, attempt.billed = self._holding.now_ns(), error.billed
            attempt.outcome, attempt.cost = OUTCOMES[error.billed], error.cost or 0.0
            attempt.errorCode, attempt.detail = error.code, error.private or error.details
            self._book(attempt, again=error.retryable)

    def answered(self, number: int, answer: Answer) -> None:
        """Commit the bytes first of all, then the journal. Raises ClaimLost, DiskTrouble."""
        attempt = self._numbered(number)
        try:
            if answer.data:
                self._raws.commit(attempt, answer.data)
        finally:
            with self._holding.mutex:
                accept(attempt, answer, self._holding.now_ns())
        with self._holding.mutex:
            self._book(attempt)

    def chatted(self, chat: Chat) -> None:
        """Write down a call to the language model. Raises ClaimLost."""
        with self._holding.mutex:
            chat.runId = self._journal.runId
            self._journal.chats.append(chat)
            self._log.chat(self._journal, chat)
            self._holding.save()

    def adopt(self, attempt: Attempt) -> None:
        """Go on from bytes on disk whose arrival nobody wrote down: the holder died, or lost the claim, just then."""
        with self._holding.mutex:
            attempt.raw = self._raws.path(attempt).name
            self._journal.painter = attempt.painter
            if attempt.outcome == "accepted":
                return
            known = attempt.outcome != ""
            accept(attempt, Answer(cost=attempt.estimate if attempt.paid else 0.0), self._holding.now_ns())
            if not known:
                self._log.image(self._journal, attempt)

    def close(self, error: GenerationError) -> bool:
        """Nobody will know how the newest call ended: write that down; tells whether it may have cost money.

        For a caller that has the mutex and saves the journal.
        """
        last = self._journal.last
        if last is None or not last.paid or last.used:
            return False
        if last.outcome == "":
            last.endedNs, last.outcome, last.billed = self._holding.now_ns(), "unknown", "unknown"
            last.errorCode, last.detail = error.code, error.private or error.details
            self._log.image(self._journal, last)
        lost = last.outcome == "accepted" and not last.url and not last.raw
        return last.outcome == "unknown" or lost

    def _numbered(self, number: int) -> Attempt:
        return next(one for one in self._journal.attempts if one.number == number)

    def _book(self, attempt: Attempt, *, again: bool = False) -> None:
        """Write down how an attempt ended. Raises ClaimLost, and then lets the run go on if that is how it can."""
        try:
            with self._holding.held():
                self._log.image(self._journal, attempt)
                self._holding.write(durable=attempt.paid)
        except ClaimLost:
            self._reopen(attempt, again=again)
            raise

    def _reopen(self, late: Attempt, *, again: bool) -> None:
        """Somebody gave this run up while its answer was on the way: let it go on with what is known now.

        Accepted: who is giving it up in this very moment writes "unknown" over a refusal. Bytes are found by the sweep.
        """
        key = self._holding.key
        with self._locks.guard(key):
            present = journals.read(self._store.journal(key))
            if present is None:
                return
            known = next((one for one in present.attempts if same(one, late)), None)
            if known is None:
                return
            if known.outcome == "":
                self._log.image(self._journal, late)
            if reopen(present, late, again=again):
                # The ticket first: an open journal without one would wait for ever.
                self._queue.restore(Ticket(present.startedNs, present.runId, key, "waiting"))
            elif not late.paid:
                self._raws.remove(late)
            journals.write(self._store.journal(key), present, durable=True)


def accept(attempt: Attempt, answer: Answer, now_ns: int) -> None:
    """Fill an attempt from its answer."""
    attempt.endedNs, attempt.outcome, attempt.errorCode = now_ns, "accepted", ""
    attempt.billed = "yes" if attempt.paid else "no"
    attempt.model = answer.model or attempt.model
    attempt.requestId, attempt.revisedPrompt = answer.request_id, answer.revised_prompt
    attempt.usage, attempt.cost, attempt.url = dict(answer.usage), answer.cost, answer.url
