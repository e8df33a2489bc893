import logging
import threading

import pytest

from dalle.threads.periodic import PeriodicThread


def test_calls_again_after_a_failure_and_logs_the_same_oserror_once(caplog: pytest.LogCaptureFixture) -> None:
    calls = []

    def act() -> None:
        calls.append(1)
        raise OSError("full")

    thread = PeriodicThread("sweep", 60, act)
    with caplog.at_level(logging.ERROR):
        for _ in range(3):
            thread.once()
    assert len(calls) == 3
    assert len(caplog.records) == 1


def test_calls_at_once_and_stops() -> None:
    called = threading.Event()
    thread = PeriodicThread("heart", 60, called.set)
    thread.start()
    assert called.wait(20)
    thread.stop()
