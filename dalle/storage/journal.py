"""The private truth about a key: its present run, and every call that was ever sent for it.

It never leaves the server. The public report is derived from it (`dalle.progress.report`); `codec` writes it down.

The states of a run, and the methods of `Journal` that move it. Nothing else assigns a state:

                 start                    complete
    queued ───────────────▶ running ───────────────────▶ completed ◀─────┐
      ▲  ▲                   │   │                           │           │ restore
      │  └───── requeue ─────┘   │ fail           withdraw   ▼           │
      │                          └────────▶ failed       removed ────────┘
      └────────────────── reopen ─────────────┘

    queued, running ── cancel ──▶ cancelled ── resume ──▶ running, or fail, or withdraw
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal

from dalle.errors import FileSystemError, OutcomeUnknown
from dalle.key import Key
from dalle.storage.attempt import REMEMBERED, Attempt, Chat, open_among, worth_remembering
from dalle.storage.phase import PHASES, Phase

RunState = Literal["queued", "running", "completed", "failed", "cancelled", "removed"]
OPEN: frozenset[RunState] = frozenset({"queued", "running"})

TRANSITIONS: Mapping[str, tuple[frozenset[RunState], RunState]] = {
    "start": (OPEN, "running"),
    "requeue": (OPEN, "queued"),
    "complete": (OPEN, "completed"),
    "fail": (OPEN | {"cancelled"}, "failed"),
    "cancel": (OPEN, "cancelled"),
    "resume": (frozenset({"cancelled"}), "running"),
    "reopen": (frozenset({"failed"}), "queued"),
    # Also an open run without a ticket, and so without a holder, and a failure that stands for an unreadable journal.
    "withdraw": (frozenset({"queued", "running", "completed", "failed", "cancelled", "removed"}), "removed"),
    "restore": (frozenset({"removed"}), "completed"),
}


class NewerJournal(FileSystemError):
    """A later version of this program wrote it: this one leaves it alone."""

    def __init__(self, *, private: str = "") -> None:
        super().__init__("The journal of this picture was written by a newer version", private=private)


class DamagedJournal(FileSystemError):
    """The journal cannot be read."""

    def __init__(self, *, private: str = "") -> None:
        super().__init__("The journal of this picture is damaged", private=private)


@dataclass(slots=True)
class Journal:
    """One key's present run, and every attempt and chat that was ever made for the key.

    enhancement    fingerprint of the enhanced text that was painted from, "" for the plain one
    dress          the contract's `dalleDress`; `catalog`, `catalog_sha`, `series_sha` name its sources
    configuration  fingerprint of key, base URL and models, for failures that wait for the operator
    cancelled_ns   when the run was cancelled, 0: it was not, or its holder was asked to go on
    version        1, or 2 where version 1.0 of this program would lose something: it leaves such a journal alone
    """

    series: str
    address: str
    run_id: str = ""
    state: RunState = "queued"
    painter: str = ""
    started_ns: int = 0
    ended_ns: int = 0
    takeovers: int = 0
    published: bool = False
    percent: float = 0.0
    phases: list[Phase] = field(default_factory=lambda: [Phase(name) for name in PHASES])
    attempts: list[Attempt] = field(default_factory=list)
    chats: list[Chat] = field(default_factory=list)
    enhancement: str = ""
    catalog: str = ""
    catalog_sha: str = ""
    series_sha: str = ""
    error: str = ""
    error_code: str = ""
    retry_after_seconds: float = 0
    retry_at_ns: int = 0
    configuration: str = ""
    cancelled_ns: int = 0
    request_id: str = ""
    dress: dict[str, Any] = field(default_factory=dict)
    version: int = 1
    unknown: dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> Key:
        return Key(self.series, self.address)

    @property
    def ended(self) -> bool:
        return self.state not in OPEN

    @property
    def last(self) -> Attempt | None:
        """The newest attempt of the present run."""
        return next((attempt for attempt in reversed(self.attempts) if attempt.run_id == self.run_id), None)

    @property
    def painted(self) -> Attempt | None:
        """The attempt that became the picture, as far as that was written down; a later run may have failed."""
        return next((attempt for attempt in reversed(self.attempts) if attempt.used), self.last)

    @property
    def open_attempts(self) -> list[Attempt]:
        """See `open_among`."""
        return open_among(self.attempts)

    @property
    def purchases(self) -> list[Attempt]:
        """Those of `open_attempts` that were accepted, or may have been, or are still tasks, newest first."""
        return [attempt for attempt in self.open_attempts if attempt.outcome or attempt.answer or attempt.task]

    def spent(self, run_id: str) -> float:
        """Return what the attempts of a run cost, in USD."""
        return round(sum(attempt.cost for attempt in self.attempts if attempt.run_id == run_id), 4)

    def phase(self, name: str) -> Phase:
        return next(phase for phase in self.phases if phase.name == name)

    def renewed(self, run_id: str, started_ns: int, request_id: str = "") -> "Journal":
        """Return the journal of the key's next run, which remembers the calls of the earlier ones."""
        return Journal(
            self.series,
            self.address,
            run_id=run_id,
            started_ns=started_ns,
            attempts=worth_remembering(self.attempts),
            chats=self.chats[-REMEMBERED:],
            enhancement=self.enhancement,
            request_id=request_id,
            version=self.version,
            unknown=self.unknown,
        )

    # -- transitions -------------------------------------------------------------------------------------------

    def start(self) -> None:
        """A holder has taken the run up."""
        self._move("start")

    def requeue(self) -> None:
        """The run waits for another holder."""
        self._move("requeue")

    def complete(self, now_ns: int) -> None:
        """The picture is published."""
        self._move("complete")
        self.ended_ns, self.percent = now_ns, 100.0
        self._clear_failure()

    def fail(
        self, code: str, error: str, now_ns: int, *, pause: float, since_ns: int = 0, configuration: str = ""
    ) -> None:
        """The run ended without a picture; `pause` in seconds, from `since_ns` on (0: from now on)."""
        self._move("fail")
        self.ended_ns, self.error_code, self.error = now_ns, code, error
        self.retry_after_seconds = round(pause, 3)
        self.retry_at_ns = (since_ns or now_ns) + round(self.retry_after_seconds * 1e9)
        self.configuration = configuration

    def cancel(self, code: str, error: str, now_ns: int) -> None:
        """The run is not wanted any more. Its holder may still wait for what it has sent."""
        self._move("cancel")
        self.ended_ns = self.cancelled_ns = now_ns
        self.error_code, self.error = code, error

    def resume(self, *, is_held: bool) -> None:
        """The cancelled run is wanted again; `is_held`: its holder lives, and goes on."""
        self._move("resume")
        self.ended_ns = 0
        self._clear_failure()
        if is_held:
            self.cancelled_ns = 0

    def reopen(self) -> None:
        """The failed run goes on from what came late."""
        self._move("reopen")
        self.ended_ns = 0
        self._clear_failure()
        self.configuration = ""

    def withdraw(self) -> None:
        """The picture is removed, and what came before it does not count any more.

        A failed run stays failed, but for one that stands for an unreadable journal.
        """
        self.write_off()
        if self.state == "cancelled":
            self._clear_failure()
        if self.state != "failed" or self.is_placeholder:
            self._move("withdraw")

    def write_off(self, *, tasks_before_ns: int = 0) -> None:
        """Finish nothing that came before any more, but for later tasks: the provider may still work on those."""
        for attempt in self.attempts:
            is_task = attempt.task and attempt.outcome == ""
            if attempt.is_open and not (is_task and attempt.sent_ns >= tasks_before_ns):
                attempt.written_off = True

    def start_over(self, *, tasks_before_ns: int) -> None:
        """The pause of a failed run is over, and what was paid for does not count any more: see `write_off`."""
        self.write_off(tasks_before_ns=tasks_before_ns)
        self.retry_after_seconds = self.retry_at_ns = 0

    def restore(self) -> None:
        """The previous picture is back."""
        self._move("restore")

    def shown_completed(self) -> "Journal":
        """Return a copy for a report: the picture is there, and the run is about to say so itself."""
        return replace(self, state="completed")

    def _move(self, name: str) -> None:
        allowed, state = TRANSITIONS[name]
        if self.state not in allowed:
            raise ValueError(f"{name}: a {self.state} run of {self.series}/{self.address}")
        self.state = state

    def _clear_failure(self) -> None:
        self.error = self.error_code = ""
        self.retry_after_seconds = self.retry_at_ns = 0

    @property
    def is_placeholder(self) -> bool:
        """Whether this failure stands for a journal that cannot be read."""
        return self.state == "failed" and not self.run_id

    def enter_late(self, late: Attempt, *, again: bool = False) -> bool:
        """Enter how an attempt ended whose run was given up meanwhile; return whether the run is open again.

        It is when it had failed, no later attempt was sent, and either there is a picture to finish it from or, with
        `again`, the call was surely not accepted and may be repeated. One that was cancelled only loses its pause.
        """
        for position, attempt in enumerate(self.attempts):
            if attempt.is_same(late) and not attempt.used:
                self.attempts[position] = late
        if self.state != "failed" or not self.attempts[-1].is_same(late):
            return False
        untouched = again and late.outcome == "refused" and self.error_code == OutcomeUnknown.code
        something = late.is_open and (late.raw or late.answer or late.task or late.url)
        if not (something or untouched):
            return False
        if self.was_cancelled_after(late):
            self.retry_after_seconds = self.retry_at_ns = 0
            return False
        if self.is_placeholder:
            self.run_id, self.started_ns = late.run_id, late.sent_ns
        self.reopen()
        return True

    def was_cancelled_after(self, attempt: Attempt) -> bool:
        """Return whether the run was cancelled after a call of it had been sent, and not taken up again since."""
        return 0 < self.cancelled_ns >= attempt.sent_ns and attempt.run_id == self.run_id

    def drafted(self) -> "Journal":
        """Return a copy to be changed and written: memory must not run ahead of a write that fails."""
        return replace(
            self,
            phases=[replace(phase) for phase in self.phases],
            attempts=[replace(attempt) for attempt in self.attempts],
        )

    def adopt(self, draft: "Journal") -> None:
        """Take over a draft that was written."""
        for row in fields(self):
            setattr(self, row.name, getattr(draft, row.name))

    def find(self, attempt: Attempt) -> Attempt:
        """Return this journal's record of a call. Raises StopIteration."""
        return next(known for known in self.attempts if known.is_same(attempt))

    def with_attempt(self, attempt: Attempt, painter: str) -> "Journal":
        """Return the journal with one more attempt: memory must not run ahead of a write that fails."""
        return replace(self, attempts=[*self.attempts, attempt], painter=painter)


def placeholder(key: Key, error: FileSystemError) -> Journal:
    """Return a failed run that stands for a journal that cannot be read."""
    return Journal(key.series, key.address, state="failed", error=error.details, error_code=error.code)


def new_journal(key: Key, earlier: Journal | None, run_id: str, started_ns: int, request_id: str = "") -> Journal:
    """Return the journal of a key's next run."""
    return (earlier or Journal(key.series, key.address)).renewed(run_id, started_ns, request_id)


def completed_journal(key: Key, moment_ns: int, dress: dict[str, Any]) -> Journal:
    """Return a completed run for a picture that no run of ours is known for."""
    return Journal(key.series, key.address, state="completed", started_ns=moment_ns, ended_ns=moment_ns, dress=dress)
