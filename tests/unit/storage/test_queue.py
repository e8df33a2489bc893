"""What the folder engine promises of the queue besides `TicketTests` and `TakeTests`."""

import os
from pathlib import Path

import pytest

from dalle.errors import QueueFull
from dalle.storage.folder.queue import FAILURE_NS, MOST_FAILURES, MOST_REMOVED, Queue
from dalle.storage.ticket import Ticket
from tests.kit.fakes import KEY, OTHER

FIRST = Ticket(1, "a" * 16, KEY, "waiting")
SECOND = Ticket(2, "b" * 16, OTHER, "waiting")


def test_leaves_nothing_behind_when_it_is_full(tmp_path: Path) -> None:
    queue = Queue(tmp_path, 1)
    queue.put(FIRST)
    before = sorted(os.listdir(tmp_path))
    with pytest.raises(QueueFull) as caught:
        queue.put(SECOND)
    assert caught.value.retry_after
    assert sorted(os.listdir(tmp_path)) == before


def test_ignores_files_that_are_no_tickets(tmp_path: Path) -> None:
    for name in ("guard", "sweep", "1.2.3", "x.y.z.0x1.waiting", "1.r.simple.0x1.other"):
        (tmp_path / name).touch()
    assert Queue(tmp_path, 2).tickets() == []


def test_forgets_failures_of_more_than_an_hour_ago_with_the_next_one(tmp_path: Path) -> None:
    queue = Queue(tmp_path / "queue", 2)
    queue.note_failure(KEY, "run1", 1)
    queue.note_failure(KEY, "run2", 1 + FAILURE_NS)
    assert queue.failures(0) == [(KEY, "run2"), (KEY, "run1")]
    queue.note_failure(OTHER, "run3", 2 + FAILURE_NS)
    assert queue.failures(0) == [(OTHER, "run3"), (KEY, "run2")]


def test_keeps_the_newest_failures_only(tmp_path: Path) -> None:
    queue = Queue(tmp_path, 2)
    for number in range(MOST_FAILURES + 5):
        queue.note_failure(KEY, f"run{number}", number + 1)
    assert [run_id for _, run_id in queue.failures(0)] == [f"run{number}" for number in range(MOST_FAILURES + 4, 4, -1)]


def test_removes_old_notes_a_part_at_a_time(tmp_path: Path) -> None:
    queue = Queue(tmp_path, 2)
    queue.put(FIRST)
    for number in range(9):
        (tmp_path / f"{number:020d}.run{number}.simple.0x{number}.failed").touch()
    (tmp_path / f"{FAILURE_NS:020d}.young.simple.0x1.failed").touch()
    left = iter([False, False, True])
    assert not queue.forget_failures(FAILURE_NS + 20, lambda: next(left))
    assert len(queue.failures(0)) == 8
    assert queue.forget_failures(FAILURE_NS + 20, lambda: False)
    assert [run_id for _, run_id in queue.failures(0)] == ["young"]
    assert queue.tickets() == [FIRST]


def test_removes_a_bounded_number_of_old_notes_with_a_failure(tmp_path: Path) -> None:
    for number in range(MOST_REMOVED + MOST_FAILURES + 9):
        (tmp_path / f"{number:020d}.run{number}.simple.0x{number}.failed").touch()
    Queue(tmp_path, 2).note_failure(KEY, "last", 2 * FAILURE_NS)
    assert len(os.listdir(tmp_path)) == MOST_FAILURES + 10


def test_lists_no_more_than_the_newest_failures(tmp_path: Path) -> None:
    for number in range(MOST_FAILURES + 9):
        (tmp_path / f"{number:020d}.run{number}.simple.0x{number}.failed").touch()
    assert len(Queue(tmp_path, 2).failures(0)) == MOST_FAILURES
