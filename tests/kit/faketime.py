"""Programs whose clock is wrong: libfaketime shows them another time than this machine has."""

import shutil

import pytest

FAKETIME = shutil.which("faketime")
NOT_HERE = "faketime is not installed"


def shifted(seconds: int) -> list[str]:
    """Return what a command begins with whose clock is ahead by so much.

    It measures durations rightly, and gives files the times that it means.
    """
    if FAKETIME is None:
        pytest.skip(NOT_HERE)
    return ["env", "FAKE_UTIME=1", FAKETIME, "-f", f"{seconds:+d}s"]
