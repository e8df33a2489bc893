import errno
import os
import sys
import threading
from collections import deque

import pytest

from dalle.threads.pool import NICENESS, Job, Jobs
from tests.kit.waiting import wait


def test_takes_no_more_than_its_threads_can_do() -> None:
    gate = threading.Event()
    taken: list[int] = []

    def job() -> None:
        gate.wait(20)

    def take() -> Job | None:
        taken.append(1)
        return job

    jobs = Jobs(2, take, poll=0.01)
    jobs.start()
    wait(lambda: len(taken) == 2)
    jobs.wake()
    assert not threading.Event().wait(0.2)
    assert len(taken) == 2
    jobs.close()
    gate.set()
    jobs.stop()
    assert len(taken) == 2


def test_goes_on_after_a_job_that_fails() -> None:
    done = threading.Event()

    def fail() -> None:
        raise ValueError("meant")

    script: deque[Job] = deque([fail, done.set])
    jobs = Jobs(1, lambda: script.popleft() if script else None, poll=0.01)
    jobs.start()
    assert done.wait(20)
    jobs.stop()


def test_goes_on_after_a_queue_that_fails() -> None:
    done = threading.Event()
    calls: list[int] = []

    def take() -> Job | None:
        calls.append(1)
        if len(calls) == 1:
            raise OSError("meant")
        return done.set if len(calls) == 2 else None

    jobs = Jobs(1, take, poll=0.01)
    jobs.start()
    wait(lambda: calls)
    jobs.wake()
    assert done.wait(20)
    jobs.stop()


def test_finishes_what_runs_when_it_stops() -> None:
    begun, gate = threading.Event(), threading.Event()
    ended: list[int] = []

    def job() -> None:
        begun.set()
        gate.wait(20)
        ended.append(1)

    script: deque[Job] = deque([job])
    jobs = Jobs(1, lambda: script.popleft() if script else None, poll=0.01)
    jobs.start()
    assert begun.wait(20)
    stopping = threading.Thread(target=jobs.stop)
    stopping.start()
    stopping.join(0.05)
    assert stopping.is_alive()
    gate.set()
    stopping.join(20)
    assert (ended, stopping.is_alive()) == ([1], False)


@pytest.mark.skipif(sys.platform != "linux", reason="threads have no priority of their own")
def test_lets_answers_go_first() -> None:
    def niceness() -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    seen: list[int] = []
    script: deque[Job] = deque([lambda: seen.append(niceness())] * 2)
    jobs = Jobs(1, lambda: script.popleft() if script else None, poll=0.01)
    usual = niceness()
    jobs.start()
    wait(lambda: len(seen) == 2)
    jobs.stop()
    assert seen == [min(19, usual + NICENESS)] * 2
    assert niceness() == usual


def test_works_where_the_system_refuses_another_priority(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: int) -> None:
        raise PermissionError(errno.EPERM, "meant")

    monkeypatch.setattr(os, "setpriority", refuse)
    done = threading.Event()
    script: deque[Job] = deque([done.set])
    jobs = Jobs(1, lambda: script.popleft() if script else None, poll=0.01)
    jobs.start()
    assert done.wait(20)
    jobs.stop()
