"""How long things may wait."""

import pytest

from app.server.deadlines import Deadlines
from tests.kit.clocks import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def deadlines(clock: Clock) -> Deadlines[str]:
    return Deadlines(10, clock)


def test_are_over_for_those_who_have_waited_long_enough(deadlines: Deadlines[str], clock: Clock) -> None:
    deadlines.add("a")
    clock.sleep(6)
    deadlines.add("b")
    assert (deadlines.over(), deadlines.left(), deadlines.first()) == ([], 4, "a")
    clock.sleep(4)
    assert (deadlines.over(), deadlines.left()) == (["a"], 0)
    clock.sleep(60)
    assert deadlines.over() == ["a", "b"]


def test_begin_again(deadlines: Deadlines[str], clock: Clock) -> None:
    deadlines.add("a")
    deadlines.add("b")
    clock.sleep(9)
    deadlines.add("a")
    clock.sleep(2)
    assert (deadlines.over(), deadlines.first(), len(deadlines)) == (["b"], "b", 2)


def test_forget_what_does_not_wait_any_more(deadlines: Deadlines[str]) -> None:
    deadlines.add("a")
    deadlines.discard("a")
    deadlines.discard("never")
    assert (len(deadlines), deadlines.first(), deadlines.left()) == (0, None, float("inf"))


def test_count_the_newest(deadlines: Deadlines[str], clock: Clock) -> None:
    for name in "abc":
        clock.sleep(1)
        deadlines.add(name)
    assert [deadlines.began_within(seconds) for seconds in (0.5, 1.5, 60)] == [1, 2, 3]


def test_become_shorter_for_all(deadlines: Deadlines[str], clock: Clock) -> None:
    deadlines.add("a")
    clock.sleep(9)
    deadlines.add("b")
    deadlines.shorten(2)
    deadlines.add("c")
    clock.sleep(1)
    assert deadlines.over() == ["a"]
    clock.sleep(1)
    assert deadlines.over() == ["a", "b", "c"]
