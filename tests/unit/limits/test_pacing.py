"""The pace of image calls: even, in the order of asking, over all processes."""

from pathlib import Path

import pytest

from dalle.errors import DeadlinePassed
from dalle.limits.pacing import Pacing
from dalle.storage.folder.engine import FolderStorage
from tests.kit.clocks import Clock


def test_spaces_calls_evenly_and_a_little_wider_than_the_rate(tmp_path: Path) -> None:
    slept: list[float] = []
    pacing = Pacing(FolderStorage(tmp_path).documents, per_minute=20, clock=lambda: 1000.0, sleep=slept.append)
    for _ in range(4):
        pacing.wait(60)
    assert slept == pytest.approx([3.15, 6.3, 9.45])


def test_takes_no_turn_that_comes_too_late(tmp_path: Path) -> None:
    clock = Clock()
    pacing = Pacing(FolderStorage(tmp_path).documents, per_minute=1, clock=clock, sleep=lambda _: None)
    pacing.wait(1)
    with pytest.raises(DeadlinePassed) as raised:
        pacing.wait(1)
    assert raised.value.billed == "no"
    clock.now += 63
    pacing.wait(1)


def test_starts_again_when_the_clock_is_put_back(tmp_path: Path) -> None:
    clock = Clock()
    slept: list[float] = []
    pacing = Pacing(FolderStorage(tmp_path).documents, per_minute=1, clock=clock, sleep=slept.append)
    pacing.wait(1)
    clock.now -= 5000
    pacing.wait(1)
    assert slept == []


def test_forgets_the_turns_of_another_rate(tmp_path: Path) -> None:
    slept: list[float] = []
    for per_minute in (0.01, 60):
        pacing = Pacing(
            FolderStorage(tmp_path).documents, per_minute=per_minute, clock=lambda: 1000.0, sleep=slept.append
        )
        pacing.wait(10)
    assert slept == []
    pacing.wait(10)
    assert slept == pytest.approx([1.05])


def test_holds_calls_back_behind_one_that_leaves_late(tmp_path: Path) -> None:
    clock = Clock()
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        clock.sleep(seconds)

    pacing = Pacing(FolderStorage(tmp_path).documents, per_minute=20, clock=clock, sleep=sleep)
    for turn in range(3):
        pacing.wait(60)
        if turn == 0:
            clock.now += 3  # it leaves when the second one's turn has all but come
        pacing.keep_distance()
    assert slept == pytest.approx([0.15, 2.85, 0.3, 2.7])
    clock.now -= 5000
    pacing.keep_distance()
    assert len(slept) == 4
