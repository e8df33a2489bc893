"""The checks of the components, against real folders."""

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.monitoring import components
from app.monitoring.health import Status
from dalle.host.owner import own_name
from dalle.runs.settings import LEAST_ROOM
from dalle.storage.folder.engine import FolderStorage


def provider(
    *, key_set: bool = True, models: dict[str, Any] | None = None, **breaker: Any
) -> Callable[[], dict[str, Any]]:
    """Returns a function like `Provider.status`."""
    closed = {"state": "CLOSED", "reason": "", "failures": 0, "opened": 0, "last_failure": 0.0, "last_code": ""}
    return lambda: {
        "key_set": key_set,
        **(closed | {"retry_after": 0.0} | breaker),
        "budget": {"images": 0, "usd": 0.0, "images_left": None, "usd_left": None},
        "models": models or {"in_use": "m", "configured": ["m"], "checked": 0, "days_left": None, "warnings": []},
    }


@pytest.mark.parametrize(("state", "status"), [("CLOSED", "healthy"), ("HALF_OPEN", "degraded"), ("OPEN", "unhealthy")])
def test_follows_the_circuit_breaker(state: str, status: Status) -> None:
    result = components.openai(provider(state=state))
    assert result.status == status
    assert state in result.message
    assert result.details["state"] == state


def test_says_why_the_breaker_is_open() -> None:
    assert "key was refused" in components.openai(provider(state="OPEN", reason="key")).message
    assert "5 runs" in components.openai(provider(state="OPEN", reason="failures", failures=5)).message


def test_is_degraded_while_a_configured_model_goes_away() -> None:
    models = {"warnings": ["the image model m will be shut down in 8 days"], "days_left": 8}
    result = components.openai(provider(models=models))
    assert result.status == "degraded"
    assert "8 days" in result.message


@pytest.mark.parametrize("status", [lambda: None, provider(key_set=False, state="OPEN")])
def test_is_healthy_without_a_key(status: Callable[[], dict[str, Any] | None]) -> None:
    result = components.openai(status)
    assert result.status == "healthy"
    assert "offline artist" in result.message


def test_writes_and_removes_a_probe(tmp_path: Path) -> None:
    result = components.filesystem(FolderStorage(tmp_path).check, read_only=False)
    assert (result.status, result.details) == ("healthy", {"writable": True, "broken_series": {}})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("read_only", [False, True])
def test_names_series_files_that_cannot_be_used_and_stays_healthy(tmp_path: Path, read_only: bool) -> None:
    result = components.filesystem(
        FolderStorage(tmp_path).check, read_only=read_only, broken=lambda: {"mine": "expected a JSON object"}
    )
    assert result.status == "healthy"
    assert result.details["broken_series"] == {"mine": "expected a JSON object"}


def test_finds_a_folder_that_is_gone(tmp_path: Path) -> None:
    result = components.filesystem(FolderStorage(tmp_path / "gone").check, read_only=False)
    assert result.status == "unhealthy"
    assert result.details["error"] == "ENOENT"
    assert str(tmp_path) not in result.message


def test_is_degraded_where_a_part_of_the_folder_is_refused(tmp_path: Path) -> None:
    refused = PermissionError(errno.EACCES, "Permission denied", str(tmp_path))
    result = components.filesystem(lambda *, write: refused, read_only=False)
    assert (result.status, result.message) == ("degraded", "a part of it cannot be written: Permission denied")
    assert result.details == {"writable": True, "broken_series": {}, "error": "EACCES"}
    assert f"it belongs to {own_name()}" in result.private
    assert str(tmp_path) in result.private


def test_is_unhealthy_without_the_room_that_a_run_needs(tmp_path: Path) -> None:
    check = FolderStorage(tmp_path).check
    assert components.filesystem(check, read_only=False, free=lambda: LEAST_ROOM).status == "healthy"
    result = components.filesystem(check, read_only=False, free=lambda: LEAST_ROOM - 1)
    assert (result.status, result.details) == ("unhealthy", {"writable": False, "error": "ENOSPC"})
    assert components.filesystem(check, read_only=True, free=lambda: 0).status == "healthy"


def test_writes_nothing_on_a_read_only_server(tmp_path: Path) -> None:
    before = tmp_path.stat().st_mtime_ns
    assert components.filesystem(FolderStorage(tmp_path).check, read_only=True).status == "healthy"
    assert tmp_path.stat().st_mtime_ns == before


@pytest.mark.parametrize(
    ("degraded", "unhealthy", "status"), [(100, 100, "healthy"), (0, 100, "degraded"), (0, 0, "unhealthy")]
)
def test_judges_memory_and_disk_by_the_thresholds(
    tmp_path: Path, degraded: float, unhealthy: float, status: Status
) -> None:
    memory = components.memory(lambda: [os.getpid()], degraded=degraded, unhealthy=unhealthy)
    assert memory.status == status
    assert memory.details["service_bytes"] > 0
    assert components.disk_space(tmp_path, degraded=degraded, unhealthy=unhealthy).status == status


@pytest.mark.parametrize(
    ("percent", "status"), [(85, "healthy"), (85.1, "degraded"), (95, "degraded"), (95.1, "unhealthy")]
)
def test_changes_status_above_the_threshold(percent: float, status: Status) -> None:
    assert components.judged(percent, 85, 95) == status
