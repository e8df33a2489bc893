"""Events of breaker and budget."""

import json
from pathlib import Path

import pytest

from dalle.errors import BreakerOpen, BudgetExhausted
from dalle.limits.breaker import Permit
from dalle.storage.event import Event
from dalle.storage.folder.engine import FolderStorage
from dalle.webhooks.alarms import Alarms
from dalle.webhooks.settings import WebhookSettings
from tests.kit.clocks import Clock
from tests.kit.data_folder import put_bytes
from tests.kit.limits import HOLDER, NOON, make_breaker, make_budget
from tests.service.webhooks.test_ends import NOWHERE, events


def alarms(folder: Path, *wanted: str) -> Alarms:
    settings = (
        WebhookSettings(url=NOWHERE.url, secrets=NOWHERE.secrets, events=frozenset(wanted)) if wanted else NOWHERE
    )
    return Alarms(FolderStorage(folder), settings)


def fail_often(folder: Path, clock: Clock, times: int = 5) -> None:
    """Failures in a row, each in another worker."""
    for _ in range(times):
        make_breaker(folder, clock, alarms=alarms(folder)).fail(Permit(), "OPENAI_TIMEOUT")


def only(folder: Path) -> Event:
    (event,) = events(folder)
    return event


def test_reports_that_the_breaker_opened_and_why(tmp_path: Path) -> None:
    clock = Clock(1_000_000.0)
    fail_often(tmp_path, clock, 4)
    assert events(tmp_path) == []
    fail_often(tmp_path, clock, 3)
    event = only(tmp_path)
    assert (event.type, event.data["errorCode"]) == ("breaker.opened", "OPENAI_TIMEOUT")
    assert event.data["error"] == "The circuit breaker opened: 5 runs in a row failed"
    assert event.data["series"] == event.data["runId"] == ""


def test_reports_a_refused_key_at_once(tmp_path: Path) -> None:
    make_breaker(tmp_path, alarms=alarms(tmp_path)).fail(Permit(), "OPENAI_AUTH", "key")
    assert only(tmp_path).data["error"] == "The circuit breaker opened: its API key was refused"


def test_reports_each_time_that_it_opens(tmp_path: Path) -> None:
    clock = Clock(1_000_000.0)
    fail_often(tmp_path, clock)
    clock.now += 31
    breaker = make_breaker(tmp_path, clock, alarms=alarms(tmp_path))
    breaker.fail(breaker.acquire(HOLDER, 10), "OPENAI_TIMEOUT")
    assert len(events(tmp_path)) == 2


def test_reports_the_same_opening_once_when_it_could_not_be_noted(tmp_path: Path) -> None:
    """As after a kill between both: the next failure opens the breaker again, from the same record."""
    clock = Clock(1_000_000.0)
    fail_often(tmp_path, clock, 4)
    document = tmp_path / "provider" / "breaker.json"
    before = document.read_bytes()
    fail_often(tmp_path, clock, 1)
    first = only(tmp_path)
    document.write_bytes(before)
    clock.now += 1
    fail_often(tmp_path, clock, 1)
    assert only(tmp_path).id == first.id


def test_opens_although_its_event_cannot_be_written(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    put_bytes(tmp_path / "outbox", b"no folder")
    clock = Clock(1_000_000.0)
    fail_often(tmp_path, clock)
    with pytest.raises(BreakerOpen):
        make_breaker(tmp_path, clock).acquire(HOLDER, 10)
    assert "the event breaker.opened cannot be written" in caplog.text


def test_reports_once_a_day_that_the_budget_is_used_up(tmp_path: Path) -> None:
    """Also when the event was delivered meanwhile."""
    clock, seen = Clock(NOON), []
    outbox = FolderStorage(tmp_path).outbox
    for day in (1, 2):
        make_budget(tmp_path, clock, images=1, alarms=alarms(tmp_path)).reserve(0.1, f"run{day}", 1)
        assert events(tmp_path) == []
        for _ in range(3):
            with pytest.raises(BudgetExhausted):
                make_budget(tmp_path, clock, images=1, alarms=alarms(tmp_path)).check(0.1)
            seen += [(event.id, event.type, event.data["errorCode"]) for event in events(tmp_path)]
            for parcel in outbox.waiting():
                with outbox.hold(parcel) as held:
                    assert held
                    held.forget()
        clock.now += 86_400
    assert len(seen) == len(set(seen)) == 2
    assert {row[1:] for row in seen} == {("budget.exhausted", "BUDGET_EXHAUSTED")}


def test_reports_it_again_where_that_could_not_be_noted_under_the_same_id(tmp_path: Path) -> None:
    clock = Clock(NOON)
    budget = make_budget(tmp_path, clock, images=1, alarms=alarms(tmp_path))
    budget.reserve(0.1, "run1", 1)
    document = tmp_path / "provider" / "budget.json"
    before = document.read_bytes()
    for _ in range(2):
        document.write_bytes(before)
        clock.now += 1
        with pytest.raises(BudgetExhausted):
            budget.check()
    assert only(tmp_path).type == "budget.exhausted"
    assert json.loads(document.read_text())["images"] == 1


def test_reports_later_what_could_not_be_written(tmp_path: Path) -> None:
    clock = Clock(NOON)
    budget = make_budget(tmp_path, clock, images=1, alarms=alarms(tmp_path))
    budget.reserve(0.1, "run1", 1)
    put_bytes(tmp_path / "outbox", b"no folder")
    with pytest.raises(BudgetExhausted):
        budget.check()
    (tmp_path / "outbox").unlink()
    with pytest.raises(BudgetExhausted):
        budget.check()
    assert only(tmp_path).type == "budget.exhausted"


def test_differs_from_the_events_of_another_service(tmp_path: Path) -> None:
    for name in ("a", "b"):
        make_breaker(tmp_path / name, alarms=alarms(tmp_path / name)).fail(Permit(), "OPENAI_AUTH", "key")
        assert alarms(tmp_path / name).budget_exhausted(20_000)
    ids = {event.id for name in ("a", "b") for event in events(tmp_path / name)}
    assert len(ids) == 4


def test_writes_what_is_wanted_only(tmp_path: Path) -> None:
    chosen = alarms(tmp_path, "budget.exhausted")
    make_breaker(tmp_path, alarms=chosen).fail(Permit(), "OPENAI_AUTH", "key")
    assert not (tmp_path / "outbox").exists()
    assert Alarms(FolderStorage(tmp_path)).budget_exhausted(1) is False
    assert chosen.budget_exhausted(1) is True
