"""What a row of these tables says: an answer to the paid call, and how three rounds of `generate=1` end with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.service.answers.gets import AnyGets, Gets

Outcome = Literal["accepted", "refused", "unknown"]

TRANSIENT, UNKNOWN, BLOCKED, CONFIGURATION = 0.2, 0.25, 0.3, 0.35
"""The pauses of the service under test, in seconds: each kind has its own, so that a report says which it was."""
ATTEMPTS = 2
ROUNDS = 3


@dataclass(frozen=True)
class End:
    """How a key ends. `code` "" is a picture.

    outcome  of each paid call: an accepted one is charged, an unknown one may have been
    posts    paid calls over all rounds
    pause    seconds after the failure; 0: any
    trips    whether the breaker counts it
    """

    code: str = ""
    outcome: Outcome = "accepted"
    posts: int = 1
    pause: float = 0.0
    trips: bool = False


PICTURE = End()
NO_PICTURE = End("IMAGE_DOWNLOAD_ERROR", pause=TRANSIENT, trips=True)
EMPTY = End("CONTENT_BLOCKED", pause=BLOCKED)
REFUSED = End("CONTENT_BLOCKED", "refused", ROUNDS, BLOCKED)
LIMITED = End("OPENAI_RATE_LIMIT", "refused", ROUNDS * ATTEMPTS, TRANSIENT, trips=True)
NO_CREDIT = End("OPENAI_QUOTA", "refused", ROUNDS, CONFIGURATION, trips=True)
BAD_KEY = End("OPENAI_AUTH", "refused", ROUNDS, CONFIGURATION, trips=True)
MISCONFIGURED = End("OPENAI_UNAVAILABLE", "refused", ROUNDS, CONFIGURATION)
OVERLOADED = End("OPENAI_UNAVAILABLE", "refused", ROUNDS * ATTEMPTS, TRANSIENT, trips=True)
# Twice at most: each of these calls may have been charged.
LOST = End("OUTCOME_UNKNOWN", "unknown", 2, UNKNOWN, trips=True)
# An answer came, so it is kept and read again.
KEPT = End("OUTCOME_UNKNOWN", "unknown", trips=True)


@dataclass(frozen=True)
class Row:
    """`rule` is what the stub follows (`Rule` there); `name` is the series that the row's key is in.

    gets      what is asked for beside the paid call
    original  whether the picture's own bytes are kept as they came
    says      a part of the text that the failed key shows, or of the report on the picture
    """

    name: str
    rule: Mapping[str, Any]
    end: End = PICTURE
    gets: Gets = field(default_factory=AnyGets)
    original: bool = False
    says: str = ""


def answer(json: Any = None, *, picture: str = "photo", rule: Mapping[str, Any] | None = None, **fields: Any) -> Any:
    """A rule with this answer: `fields` are those of the stub's `Literal`, `rule` more of the rule itself."""
    literal = {"json": json, **fields} if json is not None else fields
    return {"answer": literal, "picture": picture, **(rule or {})}


def error(code: str, kind: str = "", message: str = "", **fields: Any) -> dict[str, Any]:
    """An error in the provider's own shape."""
    return {"error": {"message": message or code, "type": kind or code, "param": None, "code": code, **fields}}
