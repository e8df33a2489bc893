import logging
import threading

import pytest

from dalle.threads.periodic import Pulse


def test_calls_again_after_a_failure_and_tells_the_same_disk_trouble_once(caplog: pytest.LogCaptureFixture) -> None:
    calls = []

    def act() -> None:
        calls.append(1)
        raise OSError("full")

    pulse = Pulse("sweep", 60, act)
    with caplog.at_level(logging.ERROR):
        for _ in range(3):
            pulse.once()
    assert len(calls) == 3
    assert len(caplog.records) == 1


def test_beats_at_once_and_stops() -> None:
    beaten = threading.Event()
    pulse = Pulse("heart", 60, beaten.set)
    pulse.start()
    assert beaten.wait(20)
    pulse.stop()
