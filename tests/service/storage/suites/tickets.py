"""What every `Entry` promises of tickets."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Semaphore

import pytest

from dalle.errors import QueueFull
from dalle.storage.protocol import Storage
from dalle.storage.ticket import Ticket
from tests.kit.processes import CONTEXT, Child
from tests.service.storage.suites.engine import CAPACITY, KEY, OTHER, THIRD, Engine, Opener, key, ticket

COMPETITION = 0.5  # seconds


def enqueueing(pipe: Connection, opener: Opener, number: int, free: Semaphore) -> None:
    storage = opener()
    pipe.send("ready")
    pipe.recv()
    pipe.send(enqueue_and_drop(storage, number, free))


def enqueue_and_drop(storage: Storage, number: int, free: Semaphore) -> tuple[int, int]:
    """Enqueue and drop a run again and again; return how often, and how often more were open than may be."""
    accepted = exceeded = 0
    end = time.monotonic() + COMPETITION
    while time.monotonic() < end:
        with storage.guard(key(number)) as entry:
            try:
                entry.enqueue(f"{number:016x}")
            except QueueFull:
                continue
        accepted += 1
        if free.acquire(block=False):
            time.sleep(0.001)  # so that the queue is full most of the time
            free.release()  # before it is dropped: nobody counts more runs than there are
        else:
            exceeded += 1
        with storage.guard(key(number)) as entry:
            entry.drop()
    return accepted, exceeded


class TicketTests:
    def test_enqueues_behind_those_that_wait(self, engine: Engine) -> None:
        for number, each in enumerate((KEY, OTHER, THIRD)):
            with engine.storage.guard(each) as entry:
                assert entry.ticket() is None
                added, before = entry.enqueue(f"run{number}")
                assert (added.run_id, added.key, added.state, before) == (f"run{number}", each, "waiting", number)
                assert entry.ticket() == added
            assert engine.open().ticket(each) == added
        assert [each.key for each in engine.open().tickets()] == [KEY, OTHER, THIRD]

    def test_counts_those_before_that_wait_and_no_others(self, engine: Engine) -> None:
        with engine.storage.guard(KEY) as entry:
            entry.move(entry.enqueue("run1")[0], "running")
        with engine.storage.guard(OTHER) as entry:
            assert entry.enqueue("run2")[1] == 0
        with engine.storage.guard(THIRD) as entry:
            assert entry.enqueue("run3")[1] == 1

    def test_goes_by_the_engines_time(self, engine: Engine) -> None:
        engine.advance(1000)
        before = engine.storage.now_ns()
        with engine.storage.guard(KEY) as entry:
            added, _ = entry.enqueue("run1")
        assert before <= added.queued_ns <= engine.storage.now_ns()

    def test_leaves_nothing_of_a_run_that_found_the_queue_full(self, engine: Engine) -> None:
        for number in range(CAPACITY):
            with engine.storage.guard(key(number)) as entry:
                entry.move(entry.enqueue(f"{number:016x}")[0], "running")  # running ones count
        before = engine.storage.tickets()
        with engine.storage.guard(KEY) as entry:
            with pytest.raises(QueueFull) as caught:
                entry.enqueue("run1")
            assert caught.value.retry_after
            assert entry.ticket() is None
        assert engine.open().tickets() == before
        with engine.storage.guard(key(0)) as entry:
            entry.drop()
        with engine.storage.guard(KEY) as entry:
            assert entry.enqueue("run1")[1] == 0

    def test_holds_the_bound_over_threads_and_processes(self, engine: Engine) -> None:
        free = CONTEXT.Semaphore(CAPACITY)
        children = [Child(enqueueing, engine.opener, number, free) for number in (1, 2)]
        with children[0], children[1], ThreadPoolExecutor(3) as threads:
            assert [child.receive() for child in children] == ["ready"] * 2
            for child in children:
                child.send("enqueue")
            counts = list(threads.map(lambda number: enqueue_and_drop(engine.open(), number, free), (3, 4, 5)))
            counts += [child.receive() for child in children]
        assert sum(accepted for accepted, _ in counts) > CAPACITY
        assert [exceeded for _, exceeded in counts] == [0] * 5
        assert engine.storage.tickets() == []

    def test_restores_an_accepted_run_however_full_the_queue_is(self, engine: Engine) -> None:
        tickets = [ticket(number + 1, key(number)) for number in range(CAPACITY + 2)]
        for each in reversed(tickets):
            with engine.storage.guard(each.key) as entry:
                entry.restore(each)
        assert engine.open().tickets() == tickets

    def test_restores_one_ticket_of_a_key(self, engine: Engine) -> None:
        first = ticket(5, KEY)
        with engine.storage.guard(KEY) as entry:
            entry.restore(first)
            entry.restore(first)
            entry.restore(ticket(6, KEY))
            running = entry.move(first, "running")
            entry.restore(first)
        assert engine.open().tickets() == [running]

    def test_moves_a_ticket_once(self, engine: Engine) -> None:
        with engine.storage.guard(KEY) as entry:
            waiting, _ = entry.enqueue("run1")
            running = entry.move(waiting, "running")
            assert running == Ticket(waiting.queued_ns, "run1", KEY, "running")
            assert entry.move(waiting, "running") is None
            assert entry.ticket() == running
            assert entry.move(running, "waiting") == waiting
        assert engine.open().tickets() == [waiting]

    def test_moves_no_ticket_of_another_run(self, engine: Engine) -> None:
        with engine.storage.guard(KEY) as entry:
            first, _ = entry.enqueue("run1")
            entry.drop()
            second, _ = entry.enqueue("run2")
            assert entry.move(first, "running") is None
            assert entry.ticket() == second

    def test_keeps_a_cancelled_run_apart_until_it_is_dropped(self, engine: Engine) -> None:
        with engine.storage.guard(KEY) as entry:
            waiting, _ = entry.enqueue("run1")
            entry.ask_cancel()
            cancelled = entry.ticket()
            assert cancelled == replace(waiting, state="cancelled")
            entry.restore(waiting)
        assert engine.open().tickets() == [cancelled]
        assert engine.open().open_runs() == []
        assert engine.open().waiting_reports(0) == []
        assert engine.open().take() is None
        with engine.storage.guard(OTHER) as entry:
            assert entry.enqueue("run2")[1] == 0
        with engine.storage.guard(KEY) as entry:
            entry.drop()
            assert entry.ticket() is None

    def test_drops_the_keys_ticket_and_no_other(self, engine: Engine) -> None:
        with engine.storage.guard(OTHER) as entry:
            other, _ = entry.enqueue("run1")
        with engine.storage.guard(KEY) as entry:
            entry.drop()
            waiting, _ = entry.enqueue("run2")
            running = entry.move(waiting, "running")
            entry.drop()
            assert entry.ticket() is None
            assert running
            assert entry.move(running, "waiting") is None
            entry.drop()
        assert engine.open().tickets() == [other]
