"""The records of calls: to a painter, written down before they are sent, and to the language model."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

OFFLINE_ARTIST = "offline artist"
REMEMBERED = 200
"""Calls of earlier runs that a journal remembers at least; all of them are in the call log."""

AttemptOutcome = Literal["", "accepted", "refused", "unknown"]


@dataclass(slots=True)
class Attempt:
    """One call to a painter, written down before it is sent. `outcome` "": no answer is known (yet).

    Money is in USD. From the arrival of something until it is published, its origin is known by these:

    answer  name of the original that holds the answer as it came; it stays where no picture came of it
    raw     likewise the bytes of a picture, as version 1.0 kept them
    task    URLs where the provider is asked for the picture, until it has answered
    url     where the picture is downloaded from

    Provider and gateways find it in their logs by these:

    request_id  the most telling of the ids
    ids         all of them, by the names of their headers

    used         it became the picture
    written_off  it is not finished any more, and does not count as a purchase without a picture
    """

    number: int
    run_id: str
    painter: str
    paid: bool
    model: str
    size: str
    quality: str
    estimate: float
    sent_ns: int
    ended_ns: int = 0
    outcome: AttemptOutcome = ""
    billed: str = "unknown"
    error_code: str = ""
    detail: str = ""
    request_id: str = ""
    ids: dict[str, str] = field(default_factory=dict)
    revised_prompt: str = ""
    usage: dict[str, int] = field(default_factory=dict)
    cost: float = 0.0
    url: str = ""
    raw: str = ""
    answer: str = ""
    task: list[str] = field(default_factory=list)
    used: bool = False
    written_off: bool = False
    unknown: dict[str, Any] = field(default_factory=dict)
    """Fields that a later version wrote, kept as they are; so in `Chat` and `Journal`."""

    def is_same(self, other: "Attempt") -> bool:
        """Return whether both are records of one call."""
        return self.number == other.number and self.run_id == other.run_id

    def note_original(self, name: str) -> None:
        """Note that an original of it is kept."""
        if name.endswith(".raw"):
            self.raw = name
        else:
            self.answer = name

    def closed(self, now_ns: int, error_code: str, detail: str = "") -> "Attempt":
        """Return the record of a call that nobody waits for any more.

        If it brought anything, it was accepted; its price is the estimate until that has been read.
        """
        if self.task or self.answer or self.raw:
            cost, billed = (self.estimate, "yes") if self.paid else (0.0, "no")
            return replace(self, ended_ns=self.ended_ns or now_ns, outcome="accepted", billed=billed, cost=cost)
        return replace(self, ended_ns=now_ns, outcome="unknown", billed="unknown", error_code=error_code, detail=detail)

    @property
    def maker(self) -> str:
        """What made the picture, for people: the model, or the offline artist without the number of its version."""
        return OFFLINE_ARTIST if self.painter == "sketch" else self.model

    @property
    def is_open(self) -> bool:
        """Whether a picture may still come of it."""
        return not (self.used or self.written_off or self.outcome == "refused")


@dataclass(slots=True)
class Chat:
    """One call to the language model, written down when it ended: a repeat costs less than a write before it."""

    model: str
    sent_ns: int
    run_id: str = ""
    ended_ns: int = 0
    outcome: AttemptOutcome = ""
    billed: str = "unknown"
    error_code: str = ""
    detail: str = ""
    request_id: str = ""
    ids: dict[str, str] = field(default_factory=dict)
    usage: dict[str, int] = field(default_factory=dict)
    cost: float = 0.0
    unknown: dict[str, Any] = field(default_factory=dict)


def note_ids(record: Attempt | Chat, ids: Mapping[str, str]) -> None:
    """Note the ids of an answer, unless there are some: those of the first answer are the call's."""
    if ids and not record.ids:
        record.ids, record.request_id = dict(ids), next(iter(ids.values()))


def open_among(attempts: Sequence[Attempt]) -> list[Attempt]:
    """Return the paid attempts since the last published picture from which one may still come, newest first."""
    newest_first = list(reversed(attempts))
    used = next((place for place, attempt in enumerate(newest_first) if attempt.used), None)
    return [attempt for attempt in newest_first[:used] if attempt.paid and attempt.is_open]


def worth_remembering(attempts: Sequence[Attempt]) -> list[Attempt]:
    """Return the newest attempts, and of the older ones those that a later run goes by.

    A key that fails once a minute would have 500,000 in a year, and all of them are read with each request.
    """
    needed = [*open_among(attempts), next((attempt for attempt in reversed(attempts) if attempt.used), None)]
    older = [attempt for attempt in attempts[:-REMEMBERED] if any(attempt is each for each in needed)]
    return [*older, *attempts[-REMEMBERED:]]
