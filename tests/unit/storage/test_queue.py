import os
from pathlib import Path

import pytest

from dalle.errors import QueueFull
from dalle.storage.folder.queue import Queue
from dalle.storage.ticket import Ticket
from tests.kit.fakes import KEY, OTHER

FIRST = Ticket(1, "a" * 16, KEY, "waiting")
SECOND = Ticket(2, "b" * 16, OTHER, "waiting")


def test_lists_the_oldest_first_and_counts_who_waits_before(tmp_path: Path) -> None:
    queue = Queue(tmp_path, 2)
    assert queue.tickets() == []
    assert queue.put(SECOND) == 0
    assert queue.put(FIRST) == 0
    assert queue.tickets() == [FIRST, SECOND]
    assert queue.find(OTHER) == SECOND


def test_leaves_nothing_behind_when_it_is_full(tmp_path: Path) -> None:
    queue = Queue(tmp_path, 1)
    queue.put(FIRST)
    before = sorted(os.listdir(tmp_path))
    with pytest.raises(QueueFull) as caught:
        queue.put(SECOND)
    assert caught.value.retry_after
    assert sorted(os.listdir(tmp_path)) == before


def test_restores_an_accepted_run_full_or_not(tmp_path: Path) -> None:
    queue = Queue(tmp_path, 0)
    queue.restore(FIRST)
    queue.restore(Ticket(9, "c" * 16, KEY, "waiting"))
    assert queue.tickets() == [FIRST]


def test_moves_a_ticket_once(tmp_path: Path) -> None:
    queue = Queue(tmp_path, 2)
    queue.put(FIRST)
    running = queue.move(FIRST, "running")
    assert running
    assert running.state == "running"
    assert queue.move(FIRST, "running") is None
    assert not queue.waits(FIRST)
    queue.drop(KEY)
    assert queue.tickets() == []


def test_ignores_files_that_are_no_tickets(tmp_path: Path) -> None:
    for name in ("guard", "sweep", "1.2.3", "x.y.z.0x1.waiting", "1.r.simple.0x1.other"):
        (tmp_path / name).touch()
    assert Queue(tmp_path, 2).tickets() == []
