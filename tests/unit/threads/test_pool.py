import errno
import os
import sys
import threading
from collections import deque

import pytest

from dalle.threads.pool import NICENESS, Job, Jobs
from tests.kit.fakes import wait


def test_takes_no_more_than_its_threads_can_do() -> None:
    gate, taken = threading.Event(), []

    def take() -> Job | None:
        taken.append(1)
        return lambda: gate.wait(20) and None

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


def test_goes_on_after_a_job_and_a_queue_that_fail() -> None:
    done = threading.Event()

    def fail() -> None:
        raise ValueError("meant")

    def trouble() -> Job | None:
        raise OSError("meant")

    script: deque[object] = deque([fail, done.set])

    def take() -> Job | None:
        return script.popleft() if script else None  # type: ignore[return-value]

    jobs = Jobs(1, take, poll=0.01)
    jobs.start()
    assert done.wait(20)
    jobs.stop()
    broken = Jobs(1, trouble, poll=0.01)
    broken.start()
    broken.stop()


def test_finishes_what_runs_when_it_stops() -> None:
    begun, ended = threading.Event(), []

    def job() -> None:
        begun.set()
        threading.Event().wait(0.2)
        ended.append(1)

    script: deque[Job] = deque([job])
    jobs = Jobs(1, lambda: script.popleft() if script else None, poll=0.01)
    jobs.start()
    assert begun.wait(20)
    jobs.stop()
    assert ended == [1]


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
