"""A batch of many keys, on a client that answers as the test says."""

from typing import Any

import pytest

from app.client.batch import Batch
from app.client.client import Unreachable
from dalle.errors import QueueFull
from dalle.key import Key
from tests.kit.clients import FakeClient, ended_report, running, taking
from tests.kit.clocks import Clock

KEYS = [Key("simple", f"0x{number:040x}") for number in range(20)]


def started(client: FakeClient, jobs: int = 3) -> Batch:
    clock = Clock(0)
    return Batch(client, KEYS, jobs, sleep=clock.sleep, clock=clock)


def finished(client: FakeClient) -> Batch:
    batch = started(client)
    batch.run(lambda: None)
    return batch


def test_makes_every_picture_and_no_more_at_once_than_it_may() -> None:
    reports: list[Key] = []

    def reported(key: Key) -> Any:
        reports.append(key)
        return ended_report() if reports.count(key) > 1 else running()

    client = FakeClient(reported=reported)
    batch = started(client)
    active: list[int] = []
    batch.run(lambda: active.append(len(batch.active)))
    assert max(active) == 3
    assert (batch.made, batch.done, client.drained, client.requests) == (20, 20, True, KEYS)


def test_distinguishes_pictures_that_others_made_from_its_own() -> None:
    batch = finished(FakeClient(lambda key: ended_report() if key in KEYS[:5] else running()))
    assert (batch.existing, batch.made) == (5, 15)


def test_waits_for_a_full_queue() -> None:
    batch = finished(FakeClient(taking(QueueFull(), QueueFull(retry_after=7), running())))
    assert batch.made == 20
    assert batch.clock() > 17


def test_continues_after_a_failure_of_a_single_picture() -> None:
    batch = finished(FakeClient(reported=lambda key: ended_report("CONTENT_BLOCKED" if key in KEYS[:8] else "")))
    assert (batch.made, batch.codes(), batch.stopped) == (12, [("CONTENT_BLOCKED", 8)], "")


@pytest.mark.parametrize(("code", "most"), [("OPENAI_AUTH", 3), ("BUDGET_EXHAUSTED", 3), ("OPENAI_UNAVAILABLE", 6)])
def test_stops_when_all_other_pictures_would_fail_too(code: str, most: int) -> None:
    batch = finished(FakeClient(reported=lambda _key: ended_report(code)))
    assert batch.stopped == code
    assert len(batch.failed) <= most
    assert batch.untried == 20 - len(batch.failed)


def test_starts_nothing_after_a_stop_and_waits_for_its_own_runs() -> None:
    reports: list[Key] = []

    def reported(key: Key) -> Any:
        reports.append(key)
        return ended_report() if len(reports) > 20 else running()

    batch = started(FakeClient(reported=reported))
    batch.run(lambda: batch.stop("SIGINT") if reports else None)
    assert (batch.made, batch.untried, batch.active) == (3, 17, {})


def test_leaves_queued_runs_to_other_processes_after_a_stop() -> None:
    queued = running(0, "setup")
    batch = started(FakeClient(lambda _key: queued, lambda _key: queued))
    batch.run(lambda: batch.stop("SIGINT") if batch.active else None)
    assert (len(batch.active), batch.untried) == (3, 17)


def test_leaves_the_runs_of_a_server_to_it_after_a_stop() -> None:
    batch = started(FakeClient(reported=lambda _key: running(), remote=True))
    batch.run(lambda: batch.stop("SIGINT") if batch.active else None)
    assert (len(batch.active), batch.untried) == (3, 17)


def test_survives_the_restart_of_a_server() -> None:
    assert finished(FakeClient(reported=taking(*[Unreachable()] * 4, ended_report()), remote=True)).made == 20


def test_gives_up_when_a_server_stays_away() -> None:
    with pytest.raises(Unreachable):
        finished(FakeClient(lambda _key: Unreachable(), remote=True))


def test_counts_a_picture_that_was_removed_meanwhile_as_failed() -> None:
    batch = finished(FakeClient(reported=lambda key: {} if key == KEYS[0] else ended_report()))
    assert batch.codes() == [("REMOVED", 1)]


def test_describes_how_much_is_left() -> None:
    batch = started(FakeClient())
    texts: list[str] = []
    batch.run(lambda: texts.append(batch.describe()))
    assert texts[0] == "0 running"
    assert any(text.endswith("s left") for text in texts)
    assert texts[-1] == ""
