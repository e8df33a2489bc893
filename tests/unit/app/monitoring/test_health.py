"""The assessment that is made of the results of checks."""

import errno
import logging
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from app.monitoring.health import STUCK, CheckResult, Health, Status
from tests.kit.clocks import Clock

FINE = CheckResult("healthy", "fine")


@pytest.fixture
def clock() -> Clock:
    return Clock()


def of(clock: Clock, **checks: Callable[[], CheckResult]) -> Health:
    return Health(checks, version="1", started=990.0, now=clock, clock=clock)


def result(status: Status) -> Callable[[], CheckResult]:
    return lambda: CheckResult(status, f"is {status}")


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        (("healthy", "healthy"), "healthy"),
        (("healthy", "degraded"), "degraded"),
        (("unhealthy", "degraded"), "unhealthy"),
    ],
)
def test_is_as_healthy_as_the_worst_component(clock: Clock, parts: tuple[Status, Status], whole: Status) -> None:
    assert of(clock, some=result(parts[0]), other=result(parts[1])).assess().status == whole


def test_is_ready_while_only_the_provider_is_away(clock: Clock) -> None:
    assert of(clock, openai=result("unhealthy"), memory=result("degraded")).assess().ready
    assert not of(clock, openai=result("healthy"), filesystem=result("unhealthy")).assess().ready


def test_reuses_an_assessment_for_a_second(clock: Clock) -> None:
    calls: list[float] = []

    def check() -> CheckResult:
        calls.append(clock())
        return FINE

    checked = of(clock, memory=check)
    for moment in (1000.0, 1000.9, 1001.0, 1001.5, 1002.1):
        clock.now = moment
        checked.assess()
    assert calls == [1000.0, 1001.0, 1002.1]


def test_shows_each_component_with_its_time_and_duration(clock: Clock) -> None:
    checked = of(clock, memory=result("degraded"))
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
    def check() -> CheckResult:
        raise OSError(errno.EIO, "I/O error", str(tmp_path))

    assessment = of(clock, disk_space=check).assess()
    assert assessment.status == "unhealthy"
    assert str(tmp_path) not in assessment.trouble
    assert "Input/output error" in assessment.trouble


def test_logs_only_changes(clock: Clock, caplog: pytest.LogCaptureFixture) -> None:
    states: list[Status] = ["healthy", "unhealthy", "unhealthy", "healthy"]
    checked = of(clock, memory=lambda: CheckResult(states.pop(0), "so it is"))
    with caplog.at_level(logging.INFO):
        for _ in range(4):
            checked.assess()
            clock.now += 1
    assert caplog.messages == ["the service is unhealthy: memory: so it is", "the service is healthy"]


def test_names_paths_in_the_log_only(clock: Clock, caplog: pytest.LogCaptureFixture) -> None:
    checked = of(clock, filesystem=lambda: CheckResult("degraded", "refused", private="/srv/data belongs to root"))
    assessment = checked.assess()
    assert caplog.messages == ["the service is degraded: filesystem: refused (/srv/data belongs to root)"]
    assert "/srv/data" not in str(checked.data(assessment)) + assessment.trouble


def test_answers_others_while_a_check_hangs(clock: Clock) -> None:
    hang, began = threading.Event(), threading.Event()
    results = iter([FINE])

    def check() -> CheckResult:
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
    clock.now += STUCK + 1
    assessment = checked.assess()
    hang.set()
    thread.join()
    assert assessment.status == "unhealthy"
    assert "running for 6 s" in assessment.trouble
