"""The circuit breaker, alone and in many processes."""

import json
import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from dalle.errors import BreakerOpen, GenerationError
from dalle.limits.breaker import Breaker, Pass
from tests.kit.provider import Ear, Notebook, order, provider, serving

SPAWN = multiprocessing.get_context("spawn")


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Iterator[Clock]:
    return Clock()  # type: ignore[return-value]


def make(folder: Path, clock: Clock, **settings: Any) -> Breaker:
    return Breaker(folder / "breaker.json", clock=clock, **settings)


def opened(folder: Path, clock: Clock, **settings: Any) -> Breaker:
    breaker = make(folder, clock, **settings)
    for _ in range(5):
        breaker.fail(breaker.enter(10), "OPENAI_TIMEOUT")
    return breaker


def test_opens_after_five_failures_in_a_row_and_refuses_until_the_pause_is_over(tmp_path: Path, clock: Clock) -> None:
    ear = Ear()
    breaker = opened(tmp_path, clock, observer=ear)
    with pytest.raises(BreakerOpen) as raised:
        breaker.enter(10)
    assert raised.value.retry_after == 30
    assert raised.value.code == "OPENAI_UNAVAILABLE"
    assert ear.heard == [("breaker", "OPEN")]


def test_counts_only_failures_in_a_row(tmp_path: Path, clock: Clock) -> None:
    breaker = make(tmp_path, clock)
    for _ in range(3):
        for _ in range(4):
            breaker.fail(Pass(), "OPENAI_TIMEOUT")
        breaker.succeed(Pass())
    assert breaker.read()["state"] == "CLOSED"


def test_lets_one_probe_through_and_closes_after_two_successes(tmp_path: Path, clock: Clock) -> None:
    ear = Ear()
    breaker = opened(tmp_path, clock, observer=ear)
    clock.now += 31
    for _ in range(2):
        probe = breaker.enter(10)
        with pytest.raises(BreakerOpen):
            breaker.enter(10)
        breaker.succeed(probe)
    assert breaker.enter(10) == Pass()
    assert [row[1] for row in ear.heard] == ["OPEN", "HALF_OPEN", "CLOSED"]


def test_opens_again_when_the_probe_fails(tmp_path: Path, clock: Clock) -> None:
    breaker = opened(tmp_path, clock)
    clock.now += 31
    breaker.fail(breaker.enter(10), "OPENAI_TIMEOUT")
    assert breaker.read()["state"] == "OPEN"
    assert breaker.read()["opened"] == 2


def test_gives_a_lapsed_probe_to_somebody_else_and_ignores_its_late_end(tmp_path: Path, clock: Clock) -> None:
    breaker = opened(tmp_path, clock)
    clock.now += 31
    lost = breaker.enter(10)
    clock.now += 11
    probe = breaker.enter(10)
    breaker.fail(lost, "OPENAI_TIMEOUT")
    assert breaker.read()["state"] == "HALF_OPEN"
    breaker.succeed(probe)


def test_does_not_count_runs_that_began_before_it_opened(tmp_path: Path, clock: Clock) -> None:
    breaker = opened(tmp_path, clock)
    for _ in range(9):
        breaker.fail(Pass(), "OPENAI_TIMEOUT")
    breaker.succeed(Pass())
    assert (breaker.read()["state"], breaker.read()["opened"]) == ("OPEN", 1)


def test_survives_a_restart_but_not_a_new_key(tmp_path: Path, clock: Clock) -> None:
    opened(tmp_path, clock, identity="a")
    assert make(tmp_path, clock, identity="a").read()["state"] == "OPEN"
    assert make(tmp_path, clock, identity="b").read()["state"] == "CLOSED"


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"state": 7}', b"\xff\xfe"])
def test_takes_a_damaged_file_for_closed(content: bytes, tmp_path: Path, clock: Clock) -> None:
    (tmp_path / "breaker.json").write_bytes(content)
    assert make(tmp_path, clock).enter(10) == Pass()


@pytest.mark.parametrize(
    ("damage", "state"), [({"state": "AJAR"}, "CLOSED"), ({"until": 9e99}, "OPEN"), ({"until": float("nan")}, "OPEN")]
)
def test_is_never_open_for_longer_than_the_pause(
    damage: dict[str, Any], state: str, tmp_path: Path, clock: Clock
) -> None:
    breaker, file = opened(tmp_path, clock), tmp_path / "breaker.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | damage))
    assert breaker.read()["state"] == state
    clock.now += 30
    assert breaker.enter(10).token if state == "OPEN" else breaker.enter(10) == Pass()


def test_keeps_to_a_pause_that_was_shortened(tmp_path: Path, clock: Clock) -> None:
    opened(tmp_path, clock, pause=3600.0)
    clock.now += 30
    assert make(tmp_path, clock, pause=60.0).read()["state"] == "OPEN"
    assert make(tmp_path, clock, pause=20.0).read()["state"] == "HALF_OPEN"


def test_does_not_stay_open_for_ever_when_the_clock_is_put_back(tmp_path: Path, clock: Clock) -> None:
    breaker = opened(tmp_path, clock)
    clock.now -= 10_000
    assert breaker.read()["state"] == "HALF_OPEN"
    assert breaker.enter(10).token


def probe(folder: str, results: Any, seen: Any) -> None:
    """Ask for leave and live on until everybody has."""
    breaker = Breaker(Path(folder) / "breaker.json", pause=0.0)
    try:
        results.put(breaker.enter(600).token)
    except BreakerOpen:
        results.put("")
    seen.wait(60)


def probe_and_die(folder: str) -> None:
    Breaker(Path(folder) / "breaker.json", pause=0.0).enter(600.0)
    os.kill(os.getpid(), signal.SIGKILL)


def test_lets_exactly_one_of_many_processes_probe(tmp_path: Path) -> None:
    breaker = Breaker(tmp_path / "breaker.json", pause=0.0, failures=1)
    breaker.fail(Pass(), "OPENAI_TIMEOUT")
    results, seen = SPAWN.Queue(), SPAWN.Event()
    workers = [SPAWN.Process(target=probe, args=(str(tmp_path), results, seen)) for _ in range(6)]
    for worker in workers:
        worker.start()
    tokens = [results.get(timeout=60) for _ in workers]
    seen.set()
    for worker in workers:
        worker.join()
    assert len([token for token in tokens if token]) == 1


def killed_while_it_probed(folder: Path) -> None:
    """Leave an opened breaker behind, and the lease of a probe whose process is gone."""
    Breaker(folder / "breaker.json", pause=0.0, failures=1).fail(Pass(), "OPENAI_TIMEOUT")
    worker = SPAWN.Process(target=probe_and_die, args=(str(folder),))
    worker.start()
    worker.join(60)
    assert worker.exitcode == -signal.SIGKILL


def test_gives_the_probe_of_a_killed_process_to_somebody_else_at_once(tmp_path: Path) -> None:
    killed_while_it_probed(tmp_path)
    breaker = Breaker(tmp_path / "breaker.json", pause=0.0)
    assert len(breaker.read()["probes"]) == 1
    breaker.check()
    leave = breaker.enter(10)
    assert list(breaker.read()["probes"]) == [leave.token]
    assert [path.name for path in tmp_path.glob("*.live")] == [f"probe.{leave.token}.live"]
    breaker.succeed(leave)
    assert list(tmp_path.glob("*.live")) == []


def test_waits_for_the_end_of_a_lease_that_another_machine_gave(tmp_path: Path) -> None:
    killed_while_it_probed(tmp_path)
    lapsed = time.time() + 601
    with pytest.raises(BreakerOpen):
        Breaker(tmp_path / "breaker.json", pause=0.0, boot="elsewhere").enter(10)
    assert Breaker(tmp_path / "breaker.json", pause=0.0, boot="elsewhere", clock=lambda: lapsed).enter(10).token


VERDICTS: list[Callable[[Breaker, Pass], object]] = [
    Breaker.succeed,
    lambda breaker, leave: breaker.fail(leave, "OPENAI_TIMEOUT"),
    Breaker.leave,
]


@pytest.mark.parametrize("verdict", VERDICTS, ids=["succeed", "fail", "leave"])
def test_leaves_no_file_behind_when_a_probe_ends(
    verdict: Callable[[Breaker, Pass], object], tmp_path: Path, clock: Clock
) -> None:
    breaker = opened(tmp_path, clock)
    clock.now += 31
    leave = breaker.enter(10)
    assert len(list(tmp_path.glob("*.live"))) == 1
    verdict(breaker, leave)
    assert list(tmp_path.glob("*.live")) == []


def test_takes_no_lease_that_cannot_be_read_for_a_probe(tmp_path: Path, clock: Clock) -> None:
    breaker = opened(tmp_path, clock)
    clock.now += 31
    breaker.enter(10)
    record = json.loads((tmp_path / "breaker.json").read_text())
    record["probes"] = {"token": clock.now + 100, "other": {"until": "soon"}}
    (tmp_path / "breaker.json").write_text(json.dumps(record))
    assert breaker.enter(10).token


def test_sends_nothing_while_it_is_open(tmp_path: Path) -> None:
    with serving({"rules": [{"fault": "502"}]}) as stub:
        ours = provider(tmp_path, stub.url)
        for _ in range(9):
            with suppress(Exception):
                ours.painter.paint(order(), Notebook())
        assert stub.calls.summary(rows=False)["images"] == 5


@pytest.mark.parametrize("fault", ["401", "quota"])
def test_is_probed_with_the_models_list_after_a_refused_key_or_an_empty_account(fault: str, tmp_path: Path) -> None:
    with serving({"rules": [{"fault": fault, "times": 1}, {"fault": "401", "path": "models", "times": 1}]}) as stub:
        ours = provider(tmp_path, stub.url, breaker_pause=0.0)
        for _ in range(2):
            with pytest.raises(Exception, match=r".") as raised:
                ours.painter.paint(order(), Notebook())
        assert raised.value.code == "OPENAI_AUTH"  # type: ignore[attr-defined]
        assert stub.calls.summary(rows=False)["images"] == 1
        assert ours.painter.paint(order(), Notebook()).data
        assert stub.calls.summary(rows=False)["models"] == 3
        assert stub.calls.summary(rows=False)["images"] == 2
        assert ours.breaker.read()["state"] == "CLOSED"


class Witness(Notebook):
    """Looks at the breaker in the middle of the call."""

    def sent(self, call: Any) -> int:
        self.leases = [lease["until"] for lease in self.breaker.read()["probes"].values()]  # type: ignore[attr-defined]
        return super().sent(call)


def test_lends_a_probe_no_longer_than_its_call_may_last(tmp_path: Path) -> None:
    with serving(["502"]) as stub:
        ours = provider(tmp_path, stub.url, breaker_failures=1, breaker_pause=0.0, image_timeout=5.0)
        with suppress(Exception):
            ours.painter.paint(order(), Notebook())
        book = Witness()
        book.breaker = ours.breaker  # type: ignore[attr-defined]
        ours.painter.paint(order(seconds=500), book)
    assert len(book.leases) == 1
    assert book.leases[0] <= time.time() + 5


def test_ends_a_probe_with_its_lease_whatever_is_repeated(tmp_path: Path) -> None:
    with serving({"rules": [{"fault": "502", "times": 1}, {"fault": "429_after", "wait": 3.0, "times": 1}]}) as stub:
        ours = provider(tmp_path, stub.url, breaker_failures=1, breaker_pause=0.0, image_timeout=2.0)
        for _ in range(2):
            with suppress(GenerationError):
                ours.painter.paint(order(seconds=500), Notebook())
        assert stub.calls.summary(rows=False)["images"] == 2
        assert ours.breaker.read()["opened"] == 2
