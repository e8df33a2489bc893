import errno
import os
import sys
import threading
from collections import deque

import pytest

from dalle.threads.pool import NICENESS, Job, JobPool, lower_priority
from tests.kit.waiting import wait


def test_takes_no_more_jobs_than_it_has_threads() -> None:
    gate = threading.Event()
    taken: list[int] = []

    def job() -> None:
        gate.wait(20)

    def take() -> Job | None:
        taken.append(1)
        return job

    pool = JobPool(2, take, poll=0.01)
    pool.start()
    wait(lambda: len(taken) == 2)
    pool.wake()
    assert not threading.Event().wait(0.2)
    assert len(taken) == 2
    pool.close()
    gate.set()
    pool.stop()
    assert len(taken) == 2


def test_continues_after_a_job_that_fails() -> None:
    done = threading.Event()

    def fail() -> None:
        raise ValueError("meant")

    script: deque[Job] = deque([fail, done.set])
    pool = JobPool(1, lambda: script.popleft() if script else None, poll=0.01)
    pool.start()
    assert done.wait(20)
    pool.stop()


def test_continues_after_a_queue_that_fails() -> None:
    done = threading.Event()
    calls: list[int] = []

    def take() -> Job | None:
        calls.append(1)
        if len(calls) == 1:
            raise OSError("meant")
        return done.set if len(calls) == 2 else None

    pool = JobPool(1, take, poll=0.01)
    pool.start()
    wait(lambda: calls)
    pool.wake()
    assert done.wait(20)
    pool.stop()


def test_looks_less_and_less_often_at_a_queue_that_fails_and_as_before_once_it_works() -> None:
    script: deque[OSError | None] = deque([OSError(errno.ENOSPC, "meant")] * 8 + [None])

    def take() -> Job | None:
        if error := script.popleft():
            raise error
        return None

    pool = JobPool(1, take, poll=0.01, jitter=lambda: 1.0)
    rests = []
    while script:
        assert pool.look() is None
        rests.append(pool.rest())
    assert rests == [1, 2, 4, 8, 15, 15, 15, 15, 0.01]


def test_does_not_look_at_the_same_moments_in_all_workers() -> None:
    def take() -> Job | None:
        raise OSError(errno.ENOSPC, "meant")

    jitters = iter((0.0, 0.9))
    pool = JobPool(1, take, jitter=lambda: next(jitters))
    pool.look()
    assert [pool.rest(), pool.rest()] == [0.5, 0.95]


def test_finishes_what_runs_when_it_stops() -> None:
    begun, gate = threading.Event(), threading.Event()
    ended: list[int] = []

    def job() -> None:
        begun.set()
        gate.wait(20)
        ended.append(1)

    script: deque[Job] = deque([job])
    pool = JobPool(1, lambda: script.popleft() if script else None, poll=0.01)
    pool.start()
    assert begun.wait(20)
    stopping = threading.Thread(target=pool.stop)
    stopping.start()
    stopping.join(0.05)
    assert stopping.is_alive()
    gate.set()
    stopping.join(20)
    assert (ended, stopping.is_alive()) == ([1], False)


@pytest.mark.skipif(sys.platform != "linux", reason="threads have no priority of their own")
def test_runs_jobs_at_a_lower_priority() -> None:
    def niceness() -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    seen: list[int] = []
    script: deque[Job] = deque([lambda: seen.append(niceness())] * 2)
    pool = JobPool(1, lambda: script.popleft() if script else None, poll=0.01)
    usual = niceness()
    pool.start()
    wait(lambda: len(seen) == 2)
    pool.stop()
    assert seen == [min(19, usual + NICENESS)] * 2
    assert niceness() == usual


@pytest.mark.skipif(sys.platform != "linux", reason="threads have no priority of their own")
def test_keeps_the_priority_where_the_system_refuses_a_lower_one() -> None:
    refused: list[tuple[int, ...]] = []

    def refuse(*wanted: int) -> None:
        refused.append(wanted)
        raise PermissionError(errno.EPERM, "meant")

    lower_priority(refuse)
    assert len(refused) == 1
