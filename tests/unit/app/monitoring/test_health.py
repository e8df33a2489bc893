"""The checks against real folders, and the assessment made of them."""

import errno
import logging
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.monitoring import health
from app.monitoring.health import Finding, Health, Status
from dalle.storage.folder.engine import FolderStorage
from tests.kit.clocks import Clock

FINE = Finding("healthy", "fine")


@pytest.fixture
def clock() -> Clock:
    return Clock()


def of(clock: Clock, **checks: Callable[[], Finding]) -> Health:
    return Health(checks, version="1", started=990.0, now=clock, clock=clock)


def finding(status: Status) -> Callable[[], Finding]:
    return lambda: Finding(status, f"is {status}")


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        (("healthy", "healthy"), "healthy"),
        (("healthy", "degraded"), "degraded"),
        (("unhealthy", "degraded"), "unhealthy"),
    ],
)
def test_is_as_healthy_as_the_worst_component(clock: Clock, parts: tuple[Status, Status], whole: Status) -> None:
    assert of(clock, some=finding(parts[0]), other=finding(parts[1])).assess().status == whole


def test_is_ready_while_only_the_provider_is_away(clock: Clock) -> None:
    assert of(clock, openai=finding("unhealthy"), memory=finding("degraded")).assess().ready
    assert not of(clock, openai=finding("healthy"), filesystem=finding("unhealthy")).assess().ready


def test_reuses_an_assessment_for_a_second(clock: Clock) -> None:
    calls: list[float] = []

    def check() -> Finding:
        calls.append(clock())
        return FINE

    checked = of(clock, memory=check)
    for moment in (1000.0, 1000.9, 1001.0, 1001.5, 1002.1):
        clock.now = moment
        checked.assess()
    assert calls == [1000.0, 1001.0, 1002.1]


def test_shows_each_component_with_its_time_and_duration(clock: Clock) -> None:
    checked = of(clock, memory=finding("degraded"))
    data = checked.data(checked.assess())
    assert data["status"] == "degraded"
    assert data["uptime_seconds"] == 10
    assert data["timestamp"] == 1000
    assert data["version"] == "1"
    assert data["components"]["memory"] == {
        "name": "memory",
        "status": "degraded",
        "last_checked": 1000.0,
        "duration_ms": 0.0,
        "message": "is degraded",
        "details": {},
    }
    assert data["system"]["cpus"] > 0


def test_treats_a_failing_check_as_an_unhealthy_component(clock: Clock, tmp_path: Path) -> None:
    def check() -> Finding:
        raise OSError(errno.EIO, "I/O error", str(tmp_path))

    assessment = of(clock, disk_space=check).assess()
    assert assessment.status == "unhealthy"
    assert str(tmp_path) not in assessment.trouble
    assert "Input/output error" in assessment.trouble


def test_logs_only_changes(clock: Clock, caplog: pytest.LogCaptureFixture) -> None:
    states: list[Status] = ["healthy", "unhealthy", "unhealthy", "healthy"]
    checked = of(clock, memory=lambda: Finding(states.pop(0), "so it is"))
    with caplog.at_level(logging.INFO):
        for _ in range(4):
            checked.assess()
            clock.now += 1
    assert caplog.messages == ["the service is unhealthy: memory: so it is", "the service is healthy"]


def test_answers_others_while_a_check_hangs(clock: Clock) -> None:
    hang, began = threading.Event(), threading.Event()
    results = iter([FINE])

    def check() -> Finding:
        if (result := next(results, None)) is not None:
            return result
        began.set()
        hang.wait(30)
        return FINE

    checked = of(clock, filesystem=check)
    checked.assess()
    clock.now += 2
    thread = threading.Thread(target=checked.assess)
    thread.start()
    began.wait(30)
    assert checked.assess().status == "healthy"
    clock.now += health.STUCK + 1
    assessment = checked.assess()
    hang.set()
    thread.join()
    assert assessment.status == "unhealthy"
    assert "running for 6 s" in assessment.trouble


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
    result = health.openai(provider(state=state))
    assert result.status == status
    assert state in result.message
    assert result.details["state"] == state


def test_says_why_the_breaker_is_open() -> None:
    assert "key was refused" in health.openai(provider(state="OPEN", reason="key")).message
    assert "5 runs" in health.openai(provider(state="OPEN", reason="failures", failures=5)).message


def test_is_degraded_while_a_configured_model_goes_away() -> None:
    models = {"warnings": ["the image model m will be shut down in 8 days"], "days_left": 8}
    result = health.openai(provider(models=models))
    assert result.status == "degraded"
    assert "8 days" in result.message


@pytest.mark.parametrize("status", [lambda: None, provider(key_set=False, state="OPEN")])
def test_is_healthy_without_a_key(status: Callable[[], dict[str, Any] | None]) -> None:
    result = health.openai(status)
    assert result.status == "healthy"
    assert "offline artist" in result.message


def test_writes_and_removes_a_probe(tmp_path: Path) -> None:
    result = health.filesystem(FolderStorage(tmp_path).check, read_only=False)
    assert (result.status, result.details) == ("healthy", {"writable": True, "broken_series": {}})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("read_only", [False, True])
def test_names_series_files_that_cannot_be_used_and_stays_healthy(tmp_path: Path, read_only: bool) -> None:
    result = health.filesystem(
        FolderStorage(tmp_path).check, read_only=read_only, broken=lambda: {"mine": "expected a JSON object"}
    )
    assert result.status == "healthy"
    assert result.details["broken_series"] == {"mine": "expected a JSON object"}


def test_finds_a_folder_that_is_gone(tmp_path: Path) -> None:
    result = health.filesystem(FolderStorage(tmp_path / "gone").check, read_only=False)
    assert result.status == "unhealthy"
    assert result.details["error"] == "ENOENT"
    assert str(tmp_path) not in result.message


def test_writes_nothing_on_a_read_only_server(tmp_path: Path) -> None:
    before = tmp_path.stat().st_mtime_ns
    assert health.filesystem(FolderStorage(tmp_path).check, read_only=True).status == "healthy"
    assert tmp_path.stat().st_mtime_ns == before


@pytest.mark.parametrize(
    ("degraded", "unhealthy", "status"), [(100, 100, "healthy"), (0, 100, "degraded"), (0, 0, "unhealthy")]
)
def test_judges_memory_and_disk_by_the_thresholds(
    tmp_path: Path, degraded: float, unhealthy: float, status: Status
) -> None:
    memory = health.memory(lambda: [os.getpid()], degraded=degraded, unhealthy=unhealthy)
    assert memory.status == status
    assert memory.details["service_bytes"] > 0
    assert health.disk_space(tmp_path, degraded=degraded, unhealthy=unhealthy).status == status


@pytest.mark.parametrize(
    ("percent", "status"), [(85, "healthy"), (85.1, "degraded"), (95, "degraded"), (95.1, "unhealthy")]
)
def test_changes_status_above_the_threshold(percent: float, status: Status) -> None:
    assert health.judged(percent, 85, 95) == status
