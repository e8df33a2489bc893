"""A log that does not repeat itself."""

import errno
import logging

import pytest

from dalle.quiet_log import INTERVAL, MOST, QuietLog
from tests.kit.clocks import Clock

log = logging.getLogger("tests.quiet")


def full(path: str) -> OSError:
    return OSError(errno.ENOSPC, "No space left on device", path)


def test_logs_a_full_disk_once_a_minute_whatever_file_meets_it(caplog: pytest.LogCaptureFixture) -> None:
    clock = Clock()
    quiet = QuietLog(log, clock=clock)
    for number in range(5):
        quiet.error(full(f"/data/.{number}.tmp"), "%s cannot be written", f"key {number}")
    assert [record.getMessage() for record in caplog.records] == [
        "key 0 cannot be written: [Errno 28] No space left on device: '/data/.0.tmp'"
    ]
    clock.now += INTERVAL
    quiet.error(full("/data/.5.tmp"), "%s cannot be written", "key 5")
    assert caplog.messages[1].endswith("'/data/.5.tmp' (4 more like this since the last line)")


def test_logs_other_failures_meanwhile(caplog: pytest.LogCaptureFixture) -> None:
    quiet = QuietLog(log, clock=Clock())
    quiet.error(full("/a"), "no heartbeat")
    quiet.error(PermissionError(errno.EACCES, "Permission denied", "/nonexistent"), "no heartbeat")
    quiet.error(full("/a"), "no end")
    for key in ("one", "two", "two"):
        quiet.error(FileNotFoundError(errno.ENOENT, "gone", key), "%s", key)
    assert len(caplog.records) == 5


def test_shows_the_traceback_of_a_bug_only(caplog: pytest.LogCaptureFixture) -> None:
    quiet = QuietLog(log, clock=Clock())
    for error in (full("/a"), ZeroDivisionError("meant")):
        quiet.error(error, "it failed")
    assert [record.exc_info is None for record in caplog.records] == [True, False]


def test_forgets_failures_rather_than_grow(caplog: pytest.LogCaptureFixture) -> None:
    quiet = QuietLog(log, clock=Clock())
    for number in range(2 * MOST + 1):
        quiet.error(ValueError(number), "it failed")
    assert len(caplog.records) == 2 * MOST + 1
    assert len(quiet._lines) <= MOST
