"""The records of calls: to a painter, written down before they are sent, and to the language model."""

from dataclasses import dataclass, field
from typing import Any, Literal

AttemptOutcome = Literal["", "accepted", "refused", "unknown"]


@dataclass(slots=True)
class Attempt:
    """One call to a painter, written down before it is sent. `outcome` "": no answer is known (yet).

    Money is in USD. `raw` is the name of the file that holds the answer's bytes, from their arrival until they are
    published or turn out to be no picture; `used`: they became the picture.
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
    revised_prompt: str = ""
    usage: dict[str, int] = field(default_factory=dict)
    cost: float = 0.0
    url: str = ""
    raw: str = ""
    used: bool = False
    unknown: dict[str, Any] = field(default_factory=dict)
    """Fields that a later version wrote, kept as they are; so in `Chat` and `Journal`."""

    def is_same(self, other: "Attempt") -> bool:
        """Return whether both are records of one call."""
        return self.number == other.number and self.run_id == other.run_id


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
    usage: dict[str, int] = field(default_factory=dict)
    cost: float = 0.0
    unknown: dict[str, Any] = field(default_factory=dict)
