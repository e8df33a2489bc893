"""The circuit breaker: when it opens, is probed and closes."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dalle.errors import BreakerOpen
from dalle.limits.breaker import Breaker, Permit
from dalle.storage.folder.engine import FolderStorage
from tests.kit.clocks import Clock
from tests.kit.limits import HOLDER, make_breaker
from tests.kit.provider import EventLog


@pytest.fixture
def clock() -> Clock:
    return Clock(1_000_000.0)


def open_breaker(folder: Path, clock: Clock, **given: Any) -> Breaker:
    breaker = make_breaker(folder, clock, **given)
    for _ in range(5):
        breaker.fail(breaker.acquire(HOLDER, 10), "OPENAI_TIMEOUT")
    return breaker


def change(folder: Path, **fields: Any) -> None:
    """Change the document as no breaker of this version would."""
    path = folder / "provider/breaker.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | fields))


def test_opens_after_five_failures_in_a_row_and_refuses_until_the_pause_is_over(tmp_path: Path, clock: Clock) -> None:
    events = EventLog()
    breaker = open_breaker(tmp_path, clock, observer=events)
    with pytest.raises(BreakerOpen) as raised:
        breaker.acquire(HOLDER, 10)
    assert raised.value.retry_after == 30
    assert raised.value.code == "OPENAI_UNAVAILABLE"
    assert events.rows == [("breaker", "OPEN")]


def test_counts_only_failures_in_a_row(tmp_path: Path, clock: Clock) -> None:
    breaker = make_breaker(tmp_path, clock)
    for _ in range(3):
        for _ in range(4):
            breaker.fail(Permit(), "OPENAI_TIMEOUT")
        breaker.succeed(Permit())
    assert breaker.read()["state"] == "CLOSED"


def test_lets_one_probe_through_and_closes_after_two_successes(tmp_path: Path, clock: Clock) -> None:
    events = EventLog()
    breaker = open_breaker(tmp_path, clock, observer=events)
    clock.now += 31
    for _ in range(2):
        probe = breaker.acquire(HOLDER, 10)
        with pytest.raises(BreakerOpen):
            breaker.acquire(HOLDER, 10)
        breaker.succeed(probe)
    assert breaker.acquire(HOLDER, 10) == Permit()
    assert [row[1] for row in events.rows] == ["OPEN", "HALF_OPEN", "CLOSED"]


def test_opens_again_when_the_probe_fails(tmp_path: Path, clock: Clock) -> None:
    breaker = open_breaker(tmp_path, clock)
    clock.now += 31
    breaker.fail(breaker.acquire(HOLDER, 10), "OPENAI_TIMEOUT")
    assert breaker.read()["state"] == "OPEN"
    assert breaker.read()["opened"] == 2


def test_lets_another_run_probe_when_a_lease_is_over_and_ignores_its_late_end(tmp_path: Path, clock: Clock) -> None:
    breaker = open_breaker(tmp_path, clock)
    clock.now += 31
    lost = breaker.acquire(HOLDER, 10)
    clock.now += 11
    probe = breaker.acquire(HOLDER, 10)
    breaker.fail(lost, "OPENAI_TIMEOUT")
    assert breaker.read()["state"] == "HALF_OPEN"
    breaker.succeed(probe)


def test_does_not_count_runs_that_began_before_it_opened(tmp_path: Path, clock: Clock) -> None:
    breaker = open_breaker(tmp_path, clock)
    for _ in range(9):
        breaker.fail(Permit(), "OPENAI_TIMEOUT")
    breaker.succeed(Permit())
    assert (breaker.read()["state"], breaker.read()["opened"]) == ("OPEN", 1)


def test_survives_a_restart_but_not_a_new_key(tmp_path: Path, clock: Clock) -> None:
    open_breaker(tmp_path, clock, identity="a")
    assert make_breaker(tmp_path, clock, identity="a").read()["state"] == "OPEN"
    assert make_breaker(tmp_path, clock, identity="b").read()["state"] == "CLOSED"


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"state": 7}', b"\xff\xfe"])
def test_is_closed_when_its_document_is_damaged(content: bytes, tmp_path: Path, clock: Clock) -> None:
    open_breaker(tmp_path, clock)
    (tmp_path / "provider/breaker.json").write_bytes(content)
    assert make_breaker(tmp_path, clock).acquire(HOLDER, 10) == Permit()


@pytest.mark.parametrize(
    ("damage", "state"), [({"state": "AJAR"}, "CLOSED"), ({"until": 9e99}, "OPEN"), ({"until": float("nan")}, "OPEN")]
)
def test_is_never_open_for_longer_than_the_pause(
    damage: dict[str, Any], state: str, tmp_path: Path, clock: Clock
) -> None:
    breaker = open_breaker(tmp_path, clock)
    change(tmp_path, **damage)
    assert breaker.read()["state"] == state
    clock.now += 30
    assert breaker.acquire(HOLDER, 10).token if state == "OPEN" else breaker.acquire(HOLDER, 10) == Permit()


def test_keeps_to_a_pause_that_was_shortened(tmp_path: Path, clock: Clock) -> None:
    open_breaker(tmp_path, clock, pause=3600.0)
    clock.now += 30
    assert make_breaker(tmp_path, clock, pause=60.0).read()["state"] == "OPEN"
    assert make_breaker(tmp_path, clock, pause=20.0).read()["state"] == "HALF_OPEN"


def test_does_not_stay_open_when_the_clock_is_put_back(tmp_path: Path, clock: Clock) -> None:
    breaker = open_breaker(tmp_path, clock)
    clock.now -= 10_000
    assert breaker.read()["state"] == "HALF_OPEN"
    assert breaker.acquire(HOLDER, 10).token


def test_is_probed_by_another_run_at_once_when_the_holder_of_a_lease_is_gone(tmp_path: Path, clock: Clock) -> None:
    held = {"one", "two"}
    breaker = open_breaker(tmp_path, clock, is_held=held.__contains__)
    clock.now += 31
    lost = breaker.acquire("one", 10)
    with pytest.raises(BreakerOpen):
        breaker.check()
    with pytest.raises(BreakerOpen):
        breaker.acquire("two", 10)
    held.remove("one")
    breaker.check()
    probe = breaker.acquire("two", 10)
    assert list(breaker.read()["probes"]) == [probe.token]
    breaker.fail(lost, "OPENAI_TIMEOUT")
    assert breaker.read()["state"] == "HALF_OPEN"


def test_binds_no_longer_than_the_lease_also_while_its_holder_lives(tmp_path: Path, clock: Clock) -> None:
    breaker = open_breaker(tmp_path, clock, is_held=lambda _: True)
    clock.now += 31
    breaker.acquire("one", 10)
    clock.now += 9
    with pytest.raises(BreakerOpen):
        breaker.acquire("two", 10)
    clock.now += 2
    assert breaker.acquire("two", 10).token


def test_keeps_to_a_lease_of_version_1_0_until_its_end(tmp_path: Path, clock: Clock) -> None:
    breaker = open_breaker(tmp_path, clock, is_held=lambda _: False)
    clock.now += 31
    breaker.acquire("one", 10)
    change(tmp_path, probes={"token": {"until": clock.now + 100, "boot": "a boot id"}})
    with pytest.raises(BreakerOpen):
        breaker.check()
    with pytest.raises(BreakerOpen):
        breaker.acquire("two", 10)
    clock.now += 101
    assert breaker.acquire("two", 10).token


def test_writes_leases_that_version_1_0_keeps_to_until_their_end(tmp_path: Path, clock: Clock) -> None:
    breaker = open_breaker(tmp_path, clock)
    clock.now += 31
    permit = breaker.acquire("one", 10)
    # It looks for a file of the holder where `boot` is this machine's, and takes another one's word.
    assert breaker.read()["probes"] == {permit.token: {"until": clock.now + 10, "boot": "", "holder": "one"}}


VERDICTS: list[Callable[[Breaker, Permit], object]] = [
    Breaker.succeed,
    lambda breaker, permit: breaker.fail(permit, "OPENAI_TIMEOUT"),
    Breaker.cancel,
]


@pytest.mark.parametrize("verdict", VERDICTS, ids=["succeed", "fail", "cancel"])
def test_leaves_no_lease_and_no_file_behind_when_a_probe_ends(
    verdict: Callable[[Breaker, Permit], object], tmp_path: Path, clock: Clock
) -> None:
    breaker = open_breaker(tmp_path, clock)
    clock.now += 31
    permit = breaker.acquire(HOLDER, 10)
    assert list(breaker.read()["probes"]) == [permit.token]
    verdict(breaker, permit)
    assert breaker.read()["probes"] == {}
    assert {path.name for path in (tmp_path / "provider").iterdir()} == {"breaker.json", "breaker.json.guard"}


def test_lets_another_run_probe_when_one_was_cancelled(tmp_path: Path, clock: Clock) -> None:
    breaker = open_breaker(tmp_path, clock)
    clock.now += 31
    breaker.cancel(breaker.acquire(HOLDER, 10))
    assert breaker.read()["state"] == "HALF_OPEN"
    assert breaker.acquire(HOLDER, 10).token


def test_confirms_a_probe_and_no_run_that_began_before_it_opened(tmp_path: Path, clock: Clock) -> None:
    breaker = make_breaker(tmp_path, clock)
    before = breaker.acquire(HOLDER, 10)
    breaker.confirm(before)
    open_breaker(tmp_path, clock)
    for edit in (None, FolderStorage(tmp_path).documents.edit):
        with pytest.raises(BreakerOpen):
            breaker.confirm(before, edit)
    clock.now += 31
    probe = breaker.acquire(HOLDER, 10)
    for edit in (None, FolderStorage(tmp_path).documents.edit):
        with pytest.raises(BreakerOpen):
            breaker.confirm(before, edit)
        breaker.confirm(probe, edit)


def test_ignores_leases_that_cannot_be_read(tmp_path: Path, clock: Clock) -> None:
    breaker = open_breaker(tmp_path, clock)
    clock.now += 31
    breaker.acquire(HOLDER, 10)
    change(tmp_path, probes={"token": clock.now + 100, "other": {"until": "soon"}})
    assert breaker.acquire(HOLDER, 10).token
