"""What all workers know of the receiver: how it answers, and when it may be called again.

One document, whose fields hold for one URL: `failures` in a row, since when (`since`) and the last of them (`status`,
`reason`), until when it is left alone (`until`), and whether it said that it is `gone`. Times are Unix seconds. The
document exists once something has failed, or an alarm was written.
"""

from dataclasses import dataclass
from typing import Any

from dalle.storage.protocol import Documents
from dalle.webhooks.sending import Answer

GONE = 410
OVERLOADED = frozenset({0, 429, 502, 504})
"""Answers after which the receiver is left alone for a while, whatever else is due; 0: none came."""
FIRST_REST, LONGEST_REST = 5.0, 300.0
"""Seconds: twice as long after each failure in a row."""

FRESH: dict[str, Any] = {
    "failures": 0,
    "since": 0.0,
    "status": 0,
    "reason": "",
    "until": 0.0,
    "gone": False,
}


@dataclass(frozen=True, slots=True)
class Condition:
    """The state of the receiver. `until`, `since`: Unix seconds, 0: does not apply."""

    failures: int
    since: float
    status: int
    reason: str
    until: float
    gone: bool

    def rests(self, now: float) -> bool:
        """Return whether nothing may be sent now; a moment that is impossibly far away does not count."""
        return self.gone or now < self.until <= now + 86_400 + LONGEST_REST


class Endpoint:
    """The receiver at one URL, which `identity` names."""

    def __init__(self, documents: Documents, identity: str) -> None:
        self._documents = documents
        self._identity = identity

    def read(self) -> Condition:
        return Condition(**self._own(self._documents.read("webhooks")))

    def answered(self, answer: Answer, now: float, jitter: float) -> Condition:
        """Note an answer; return what is known now. `jitter`: 0 to 1. Raises OSError."""
        if answer.is_good and not self.read().failures:
            return self.read()
        with self._documents.edit("webhooks") as document:
            state = self._own(document)
            if answer.is_good:
                state = dict(FRESH)
            else:
                state["failures"] += 1
                state["since"] = state["since"] or float(now)
                state |= {"status": answer.status, "reason": answer.reason, "gone": answer.status == GONE}
                state["until"] = max(state["until"], float(now) + rest(answer, state["failures"], jitter))
            document.update(state, url=self._identity)
        return Condition(**state)

    def reset(self) -> None:
        """Let it be called again at once. Raises OSError."""
        if self.read() != Condition(**FRESH):
            with self._documents.edit("webhooks") as document:
                document.update(FRESH, url=self._identity)

    def _own(self, document: dict[str, Any]) -> dict[str, Any]:
        """Return the fields of this receiver, fresh ones if the document is another's or damaged."""
        if document.get("url") != self._identity:
            return dict(FRESH)
        state = {name: document.get(name) for name in FRESH}
        return state if all(type(state[name]) is type(value) for name, value in FRESH.items()) else dict(FRESH)


def rest(answer: Answer, failures: int, jitter: float) -> float:
    """Return for how many seconds the receiver is to be left alone after a failure."""
    pause = 0.0
    if answer.status in OVERLOADED:
        pause = min(FIRST_REST * 2.0 ** min(failures - 1, 10), LONGEST_REST) * (1 + jitter / 10)
    return max(pause, answer.retry_after or 0.0)
