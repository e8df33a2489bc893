"""The attempts of a key: each written down before its call, its answer kept before it is understood."""

from collections.abc import Mapping, Sequence
from contextlib import suppress

from dalle.errors import FileSystemError, GenerationError, NotSent
from dalle.events import OUTCOMES
from dalle.imaging.decoding import Examined, examine
from dalle.painters.protocol import Admit, Answer, Call
from dalle.pictures.room import Room
from dalle.runs.claimed import Claimed
from dalle.runs.originals import Originals
from dalle.storage.attempt import Attempt, Chat, note_ids
from dalle.storage.blob import Content
from dalle.storage.codec import chat_line, image_line
from dalle.storage.journal import Journal
from dalle.storage.protocol import ClaimLost, Entry, Storage
from dalle.storage.ticket import Ticket

LONGEST_REVISED = 20_000
"""Characters of a prompt as the provider changed it: a journal that is too large is not read again."""


class Attempts:
    """Satisfies `painters.Recorder`; `painter` and `paid` are those of the painter whose turn it is.

    After a ClaimLost nothing of the run is written but what was paid for, and what lets its next holder go on.
    """

    def __init__(self, claimed: Claimed, storage: Storage, originals: Originals, room: Room) -> None:
        self.painter = ""
        self.paid = False
        self._claimed = claimed
        self._journal = claimed.journal
        self._storage = storage
        self._originals = originals
        self._room = room
        self._unnoted: set[int] = set()

    def sent(self, call: Call, admit: Admit | None = None) -> int:
        """Write the attempt ahead of the call, so that no crash can hide it.

        The journal in memory follows the one that was written: when that fails, nothing was sent.
        """
        with self._claimed.held() as entry:
            attempt = Attempt(
                number=1 + max((attempt.number for attempt in self._journal.attempts), default=0),
                run_id=self._journal.run_id,
                painter=self.painter,
                paid=self.paid,
                model=call.model,
                size=call.size,
                quality=call.quality,
                estimate=call.estimate,
                sent_ns=self._storage.now_ns(),
            )
            if admit:
                admit(entry.edit, attempt.number)
            with self._claimed.filing("write"):
                entry.save(self._journal.with_attempt(attempt, self.painter), durable=self.paid)
            self._unnoted.add(attempt.number)
            self._journal.attempts = [*self._journal.attempts, attempt]
            self._journal.painter = self.painter
            return attempt.number

    def confirm_claim(self, number: int) -> None:
        """See `Recorder`: a process that slept since may have been given up, and its attempt been called unknown."""
        if self._claimed.claim.remaining() <= 0:
            raise NotSent

    def failed(self, number: int, error: GenerationError) -> None:
        """Write down how an attempt ended without a picture. Raises ClaimLost."""
        with self._claimed.mutex:
            attempt = self._numbered(number)
            noted = attempt.outcome != ""
            attempt.ended_ns, attempt.billed = attempt.ended_ns or self._storage.now_ns(), error.billed
            attempt.outcome, attempt.cost = OUTCOMES[error.billed], error.cost or 0.0
            attempt.error_code, attempt.detail = error.code, error.private or error.details
            note_ids(attempt, error.ids)
            self._record_end(attempt, again=error.retryable, noted=noted)

    def received(self, number: int, answer: Content) -> None:
        """Commit an answer as it came, first of all. Raises DiskTrouble."""
        self._originals.commit(self._numbered(number), answer)

    def make_room(self, size: int) -> None:
        """See `Recorder`."""
        self._room.for_bytes(size)

    def examine(self, data: bytes) -> Examined:
        """See `Recorder`."""
        return examine(data, self._room.for_pixels)

    def submitted(self, number: int, task: Sequence[str], ids: Mapping[str, str]) -> None:
        """Write down where the provider is asked for the picture. Raises ClaimLost."""
        with self._claimed.mutex:
            attempt = self._numbered(number)
            attempt.task = list(task)
            note_ids(attempt, ids)
            self._record_end(attempt)

    def answered(self, number: int, answer: Answer) -> None:
        """Write down what an answer said. Raises ClaimLost."""
        with self._claimed.mutex:
            attempt = self._numbered(number)
            noted = attempt.outcome != ""
            accept(attempt, answer, self._storage.now_ns())
            self._journal.painter = attempt.painter
            self._record_end(attempt, noted=noted)

    def chatted(self, chat: Chat) -> None:
        """Write down a call to the language model. Raises ClaimLost, and then only the call log has it."""
        chat.run_id = self._journal.run_id
        line = chat_line(self._journal, chat)
        try:
            with self._claimed.drafted() as (entry, draft):
                entry.note_call(line)
                draft.chats = [*draft.chats, chat]
                self._claimed.write(entry, draft)
        except ClaimLost:
            with self._storage.guard(self._claimed.key) as entry:
                entry.note_call(line)
            raise

    def adopt(self, attempt: Attempt) -> None:
        """Go on from bytes of version 1.0 whose arrival it may not have written down."""
        with self._claimed.held() as entry:
            attempt.raw = self._originals.raw_of(attempt).name
            self._journal.painter = attempt.painter
            if attempt.outcome == "accepted":
                return
            known = attempt.outcome != ""
            accept(attempt, Answer(cost=attempt.estimate if attempt.paid else 0.0), self._storage.now_ns())
            if not known:
                self._note(entry, attempt)

    def close(self, entry: Entry, draft: Journal, error: GenerationError) -> bool:
        """Write down what is known of the newest call; return whether it may have cost money and brought nothing.

        For a caller that writes the draft in this entry.
        """
        last = draft.last
        if last is None or not last.paid or not last.is_open:
            return False
        if last.outcome == "":
            last = self._entered_since(entry, draft, last)
        if last.outcome == "":
            closed = last.closed(self._storage.now_ns(), error.code, error.private or error.details)
            self._note(entry, closed)
            if last.task:
                # The provider works on it, and its price is due; the line is not written again if a picture comes.
                return False
            draft.attempts[draft.attempts.index(last)] = closed
            last = closed
        return not (last.url or last.raw or last.answer)

    def _entered_since(self, entry: Entry, draft: Journal, last: Attempt) -> Attempt:
        """Take over what a holder that only slept has entered since the journal was read: see `_reopen`."""
        with suppress(FileSystemError):
            stored = entry.journal()
            for attempt in stored.attempts if stored else ():
                if attempt.is_same(last) and attempt.outcome:
                    draft.attempts[draft.attempts.index(last)] = attempt
                    return attempt
        return last

    def _numbered(self, number: int) -> Attempt:
        return next(attempt for attempt in self._journal.attempts if attempt.number == number)

    def _record_end(self, attempt: Attempt, *, again: bool = False, noted: bool = False) -> None:
        """Write down how an attempt ended. Raises ClaimLost, and then lets the run go on if that is how it can.

        `noted`: the call log has it, as it had ended before.
        """
        try:
            with self._claimed.held() as entry:
                if attempt.outcome and not noted:
                    self._note(entry, attempt)
                self._claimed.write(entry, self._journal, durable=attempt.paid)
        except ClaimLost:
            self._reopen(attempt, again=again)
            raise

    def _reopen(self, late: Attempt, *, again: bool) -> None:
        """This run was given up, or is about to be, while its answer was on the way: enter what is known now.

        A sweep that gives the run up after this takes it over (`close`), so that no picture is paid for twice.
        """
        with self._storage.guard(self._claimed.key) as entry:
            journal = None
            with suppress(FileSystemError):
                journal = entry.journal()
            known = next((each for each in journal.attempts if each.is_same(late)), None) if journal else None
            if late.outcome and (known is None or known.outcome == ""):
                # Who gave it up may have died after the line, or the journal may be gone that its end was written to.
                self._note(entry, late, repeated=True)
            if journal is None or known is None:
                return
            if journal.enter_late(late, again=again):
                # The ticket first: an open journal without one would wait for good.
                entry.restore(Ticket(journal.started_ns, journal.run_id, journal.key, "waiting"))
            entry.save(journal, durable=True)

    def _note(self, entry: Entry, attempt: Attempt, *, repeated: bool = False) -> None:
        """Add the call to the log; once, also when its line was the last that its holder, or this one, could write.

        That of a task may be there since its run ended without it. `repeated`: it may be there for another reason.
        """
        first = attempt.number in self._unnoted and not attempt.task and not repeated
        self._unnoted.discard(attempt.number)
        entry.note_call(image_line(self._journal, attempt), repeated=not first)


def accept(attempt: Attempt, answer: Answer, now_ns: int) -> None:
    """Fill an attempt from its answer; it ended when it was answered first.

    A picture that was downloaded, or came of a task, takes the place of the first answer, and does not repeat the rest.
    """
    if answer.usage or not attempt.cost:
        attempt.usage, attempt.cost = dict(answer.usage), answer.cost
    attempt.ended_ns, attempt.outcome, attempt.error_code = attempt.ended_ns or now_ns, "accepted", ""
    attempt.billed = "yes" if attempt.paid else "no"
    attempt.model = answer.model or attempt.model
    note_ids(attempt, answer.ids)
    attempt.revised_prompt = answer.revised_prompt[:LONGEST_REVISED] or attempt.revised_prompt
    attempt.url = answer.url or attempt.url
