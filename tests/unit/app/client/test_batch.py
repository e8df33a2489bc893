"""Many keys, against a client that does as it is told."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from app.client.batch import Batch
from app.client.client import Unreachable
from dalle.errors import DalleError, QueueFull
from dalle.key import Key

KEYS = [Key("simple", f"0x{number:040x}") for number in range(20)]
Told = dict[str, Any] | DalleError


def working(percent: float = 10) -> dict[str, Any]:
    return {"done": False, "error": "", "errorCode": "", "percent": percent, "currentPhase": "image_wait"}


def ended(code: str = "") -> dict[str, Any]:
    return {"done": True, "error": code and "no", "errorCode": code, "percent": 100}


@dataclass
class FakeClient:
    """`tell(key)` is the answer to a request, and `then(key)` to a look."""

    tell: Callable[[Key], Told]
    then: Callable[[Key], Told] = lambda _key: ended()
    remote: bool = False
    asked: list[Key] = field(default_factory=list)
    closed: bool = False

    def request(self, key: Key) -> dict[str, Any]:
        self.asked.append(key)
        return self.answer(self.tell(key))

    def report(self, key: Key) -> dict[str, Any]:
        return self.answer(self.then(key))

    def answer(self, told: Told) -> dict[str, Any]:
        if isinstance(told, DalleError):
            raise told
        return told

    def close(self) -> None:
        self.closed = True


@dataclass
class Clock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def batch(client: FakeClient, jobs: int = 3) -> Batch:
    clock = Clock()
    return Batch(client, KEYS, jobs, sleep=clock.sleep, clock=clock)  # type: ignore[arg-type]


def test_keeps_no_more_at_work_than_it_may() -> None:
    client = FakeClient(lambda _key: working())
    one = batch(client)
    most: list[int] = []
    one.run(lambda: most.append(len(one.active)))
    assert max(most) <= 3
    assert (one.made, one.settled, client.closed, client.asked) == (20, 20, True, KEYS)


def test_tells_what_somebody_else_made_from_what_it_made() -> None:
    one = batch(FakeClient(lambda key: ended() if key in KEYS[:5] else working()))
    one.run(lambda: None)
    assert (one.existing, one.made) == (5, 15)


def test_waits_for_a_full_queue() -> None:
    answers: list[Told] = [QueueFull(retry_after=7), QueueFull()]
    one = batch(FakeClient(lambda _key: answers.pop() if answers else working()))
    one.run(lambda: None)
    assert one.made == 20
    assert one.clock() > 17


def test_goes_on_after_a_failure_that_concerns_one_picture() -> None:
    one = batch(FakeClient(lambda _key: working(), lambda key: ended("CONTENT_BLOCKED" if key in KEYS[:8] else "")))
    one.run(lambda: None)
    assert (one.made, one.codes(), one.stopped) == (12, [("CONTENT_BLOCKED", 8)], "")


@pytest.mark.parametrize(("code", "most"), [("OPENAI_AUTH", 3), ("BUDGET_EXHAUSTED", 3), ("OPENAI_UNAVAILABLE", 6)])
def test_stops_when_the_others_would_fail_too(code: str, most: int) -> None:
    one = batch(FakeClient(lambda _key: working(), lambda _key: ended(code)))
    one.run(lambda: None)
    assert one.stopped == code
    assert len(one.failed) <= most
    assert one.untried == 20 - len(one.failed)


def test_begins_nothing_after_a_stop_and_sees_what_runs_to_its_end() -> None:
    looks: list[Key] = []

    def then(key: Key) -> dict[str, Any]:
        looks.append(key)
        return ended() if len(looks) > 20 else working()

    one = batch(FakeClient(lambda _key: working(), then))
    one.run(lambda: one.stop("SIGINT") if looks else None)
    assert (one.made, one.untried, one.active) == (3, 17, {})


def test_leaves_a_servers_runs_to_the_server_after_a_stop() -> None:
    client = FakeClient(lambda _key: working(), lambda _key: working(), remote=True)
    one = batch(client)
    one.run(lambda: one.stop("SIGINT") if one.active else None)
    assert (len(one.active), one.untried) == (3, 17)


def test_outlives_the_restart_of_a_server_but_not_its_absence() -> None:
    away: list[Told] = [Unreachable()] * 4
    one = batch(FakeClient(lambda _key: working(), lambda _key: away.pop() if away else ended(), remote=True))
    one.run(lambda: None)
    assert one.made == 20
    with pytest.raises(Unreachable):
        batch(FakeClient(lambda _key: Unreachable(), remote=True)).run(lambda: None)


def test_counts_a_key_that_somebody_removed_as_failed() -> None:
    one = batch(FakeClient(lambda _key: working(), lambda key: {} if key == KEYS[0] else ended()))
    one.run(lambda: None)
    assert one.codes() == [("REMOVED", 1)]


def test_says_how_much_is_left() -> None:
    one = batch(FakeClient(lambda _key: working()))
    texts: list[str] = []
    one.run(lambda: texts.append(one.describe()))
    assert texts[0] == "0 running"
    assert any(text.endswith("s left") for text in texts)
    assert texts[-1] == ""
