"""Following one run, on a client that answers as the test says."""

import pytest

from app.client.client import Fields, Unreachable
from app.client.following import PATIENCE, describe, follow
from dalle.key import Key
from tests.kit.clients import FakeClient, ended_report, running, taking
from tests.kit.clocks import Clock

KEY = Key("simple", f"0x{'5a' * 20}")


def followed(client: FakeClient, report: Fields, clock: Clock | None = None, timeout: float = 0) -> Fields:
    clock = clock or Clock()
    return follow(client, KEY, report, timeout=timeout, sleep=clock.sleep, clock=clock)


def test_returns_the_report_of_the_finished_run() -> None:
    assert followed(FakeClient(reported=taking(running(20), running(60), ended_report())), running()) == ended_report()


def test_asks_nothing_about_a_run_that_has_ended() -> None:
    assert followed(FakeClient(reported=lambda _key: Unreachable()), ended_report("CONTENT_BLOCKED"))["done"]


def test_ends_when_the_picture_was_removed() -> None:
    assert followed(FakeClient(reported=lambda _key: {}), running()) == {}


def test_ends_with_the_timeout() -> None:
    clock = Clock(0)
    assert not followed(FakeClient(reported=lambda _key: running(50)), running(), clock, timeout=5)["done"]
    assert 5 <= clock.now < 6


def test_lets_a_server_wait_and_does_not_pause_then() -> None:
    clock = Clock(0)

    def report(_key: Key) -> Fields:
        clock.now += client.waits[-1]
        return running(50)

    client = FakeClient(reported=report, remote=True)
    assert not followed(client, running(), clock, timeout=60)["done"]
    assert (client.waits, clock.now) == ([25, 25, 10], 60)
    local = FakeClient(reported=taking(running(20), ended_report()))
    followed(local, running())
    assert local.waits == [0, 0]


def test_survives_the_restart_of_a_server() -> None:
    away = [Unreachable()] * 3
    assert (
        followed(FakeClient(reported=taking(*away, running(50), *away, ended_report()), remote=True), running())
        == ended_report()
    )


def test_gives_up_when_a_server_stays_away() -> None:
    clock = Clock(0)
    with pytest.raises(Unreachable):
        followed(FakeClient(reported=lambda _key: Unreachable(), remote=True), running(), clock)
    assert PATIENCE < clock.now < PATIENCE + 5


@pytest.mark.parametrize(
    ("report", "text"),
    [
        (running(0, "setup"), "queued (position 2)"),
        (running(0, "setup") | {"queuePosition": 0}, "queued"),
        (running(50, "image_wait"), "painting 7s"),
        (running(50, "a new phase"), "in progress 7s"),
        (ended_report(), "done"),
    ],
)
def test_describes_a_report_in_few_words(report: Fields, text: str) -> None:
    assert describe(report) == text
