"""Programs whose clock is wrong: libfaketime shows them another time than this machine has."""

import shutil

import pytest

FAKETIME = shutil.which("faketime")
NOT_HERE = "faketime is not installed"


def shifted(seconds: int) -> list[str]:
    """Return what a command begins with whose clock is ahead; what it measures, and times that it sets, are right."""
    if FAKETIME is None:
        pytest.skip(NOT_HERE)
    return ["env", "FAKE_UTIME=1", FAKETIME, "--exclude-monotonic", "-f", f"{seconds:+d}s"]
