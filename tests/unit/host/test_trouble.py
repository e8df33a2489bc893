"""What errors of the storage mean."""

import errno
import os
from pathlib import Path

import pytest

from dalle.errors import FileSystemUnusable
from dalle.host.owner import own_name
from dalle.host.trouble import explained, file_system_error


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES])
def test_counts_what_an_operator_can_end_as_passing(number: int) -> None:
    error = file_system_error("a run cannot be started", OSError(number, os.strerror(number), "/srv/data/queue/guard"))
    assert isinstance(error, FileSystemUnusable)
    assert (error.status, error.code, error.retry_after) == (503, "FILE_SYSTEM_ERROR", 30)
    assert error.details == f"a run cannot be started: {os.strerror(number)}"
    assert "/srv/data/queue/guard" in error.private


def test_counts_what_nobody_expects_as_a_failure_of_the_program() -> None:
    error = file_system_error("a run cannot be started", IsADirectoryError(errno.EISDIR, "meant", "/srv/data"))
    assert (error.status, error.details, error.retry_after) == (500, "a run cannot be started", None)


def test_names_the_owner_of_what_cannot_be_used(tmp_path: Path) -> None:
    missing = PermissionError(errno.EACCES, "Permission denied", str(tmp_path / "none" / ".it.tmp"))
    mode = tmp_path.stat().st_mode & 0o7777
    assert explained(missing).endswith(
        f"({tmp_path} belongs to {own_name()}, mode {mode:04o}; this process is {own_name()})"
    )
    present = PermissionError(errno.EACCES, "Permission denied", str(tmp_path))
    assert f"(it belongs to {own_name()}, mode" in explained(present)


def test_blames_no_owner_for_a_full_disk(tmp_path: Path) -> None:
    assert "belongs to" not in explained(OSError(errno.ENOSPC, "full", str(tmp_path)))
    assert explained(ValueError("odd")) == "odd"
