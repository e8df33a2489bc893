"""A client that answers as a test says."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.client.client import Estimate, Fields
from dalle.errors import DalleError
from dalle.key import Key

Answer = Fields | DalleError


def running(percent: float = 10, phase: str = "image_wait") -> Fields:
    return {
        "done": False,
        "error": "",
        "errorCode": "",
        "percent": percent,
        "currentPhase": phase,
        "etaSeconds": 7,
        "queuePosition": 2,
    }


def ended_report(code: str = "") -> Fields:
    return {**running(100, "completed"), "done": True, "error": code and "no", "errorCode": code}


@dataclass
class FakeClient:
    """`requested` and `reported` answer `request` and `report`: with a report, or with an error that is raised."""

    requested: Callable[[Key], Answer] = lambda _key: running()
    reported: Callable[[Key], Answer] = lambda _key: ended_report()
    remote: bool = False
    requests: list[Key] = field(default_factory=list)
    drained: bool = False
    waits: list[int] = field(default_factory=list)

    def renew(self, key: Key) -> Fields:
        return self.request(key)

    def request(self, key: Key) -> Fields:
        self.requests.append(key)
        return self._answer(self.requested(key))

    def report(self, key: Key, *, wait: int = 0) -> Fields:
        self.waits.append(wait)
        return self._answer(self.reported(key))

    def cancel(self, key: Key) -> Fields:
        return ended_report("CANCELLED")

    def _answer(self, answer: Answer) -> Fields:
        if isinstance(answer, DalleError):
            raise answer
        return answer

    def drain(self) -> None:
        self.drained = True

    def close(self) -> None:
        self.drain()

    def key(self, series: str, address: str) -> Key:
        return Key(series, address)

    def series(self) -> list[str]:
        return ["simple"]

    def addresses(self) -> list[str]:
        return []

    def estimate(self, keys: Sequence[Key], jobs: int) -> Estimate:
        return Estimate()

    def has_picture(self, key: Key) -> bool:
        return False

    def picture(self, key: Key) -> bytes:
        return b"PNG"

    def location(self, key: Key) -> str:
        return str(key)

    def remove(self, key: Key) -> bool:
        return False

    def runs(self, failed: int) -> list[Fields]:
        return []


def taking(*answers: Any) -> Callable[[Key], Any]:
    """Answers in turn, and with the last one from then on."""
    left = list(answers)
    return lambda _key: left.pop(0) if len(left) > 1 else left[0]
