"""What four workers make of one provider: a single breaker, a single budget, a single pace."""

import os
import signal
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.kit.waiting import wait
from tests.service.paying import Paying, paying

DAY = 86_400


def agreed(service: Paying, state: str, moves: tuple[int, int, int]) -> bool:
    """Whether every worker comes to report the same, by /health and by /metrics; health is up to a second old.

    moves: how often the breaker opened, became half open and closed.
    """
    figures = {f'state{{state="{name}"}}': float(name == state) for name in ("OPEN", "HALF_OPEN", "CLOSED")}
    figures |= {
        f'transitions_total{{state="{name}"}}': float(count)
        for name, count in zip(("OPEN", "HALF_OPEN", "CLOSED"), moves, strict=True)
    }
    expected = {"health": (state, moves[0]), "metrics": figures}
    for _ in range(8):
        views = service.views()
        if all(view == expected for view in views):
            return True
        time.sleep(0.25)
    raise AssertionError(f"expected of every worker {expected}, last seen: {views}")


def overlaps(first: Any, second: Any) -> bool:
    return bool(first["time"] < second["answered"] and second["time"] < first["answered"])


@pytest.mark.slow
def test_opens_once_probes_one_at_a_time_and_closes_for_all_workers(tmp_path: Path) -> None:
    with paying(tmp_path, BREAKER_PAUSE="10s", IMAGE_SIZE="256x256") as service:
        service.script({"rules": [{"fault": "502", "latency": 0.3}]})
        codes = service.codes(service.generate(12))
        failed = len(service.stub.rows())
        assert codes.count("OUTCOME_UNKNOWN") == failed >= 5
        assert codes.count("OPENAI_UNAVAILABLE") == 12 - failed
        assert agreed(service, "OPEN", (1, 0, 0))
        assert service.codes(service.generate(4)) == ["OPENAI_UNAVAILABLE"] * 4
        assert len(service.stub.rows()) == failed

        wait(lambda: service.state() == "HALF_OPEN", "the pause to end")
        service.script({"latency": {"images": 0.4}})
        assert agreed(service, "HALF_OPEN", (1, 0, 0))
        first = service.codes(service.generate(16))
        assert len(service.stub.rows()) == first.count("")
        second = service.codes(service.generate(16))
        assert set(first + second) == {"", "OPENAI_UNAVAILABLE"}
        assert agreed(service, "CLOSED", (1, 1, 1))
        assert service.codes(service.generate(6)) == [""] * 6
        rows = service.stub.rows()
        for place, probe in enumerate(rows[:2]):
            assert not [row for row in rows[place + 1 :] if overlaps(probe, row)]


def test_sends_nothing_more_once_it_is_open_though_runs_wait_for_their_turn(tmp_path: Path) -> None:
    with paying(tmp_path, IMAGES_PER_MINUTE="120", BREAKER_PAUSE="10m", IMAGE_SIZE="256x256") as service:
        service.script({"rules": [{"fault": "502"}]})
        codes = service.codes(service.generate(12))
        assert (codes.count("OUTCOME_UNKNOWN"), codes.count("OPENAI_UNAVAILABLE")) == (5, 7)
        assert len(service.stub.rows()) == 5


def caller(service: Paying) -> int:
    """The pid of the worker that has a call open at the stub."""
    (found,) = [
        worker
        for worker in service.workers()
        if any(
            link.raddr and link.raddr.port == service.stub.port
            for link in psutil.Process(worker).net_connections("tcp")
        )
    ]
    return found


def test_probes_again_at_once_when_the_worker_of_a_probe_is_killed(tmp_path: Path) -> None:
    with paying(
        tmp_path,
        BREAKER_FAILURES="1",
        BREAKER_PAUSE="500ms",
        IMAGE_TIMEOUT="300s",
        DAILY_IMAGES="9",
    ) as service:
        service.script({"rules": [{"fault": "502", "times": 1}, {"fault": "slow", "latency": 300, "times": 1}]})
        assert service.codes(service.generate(1)) == ["OUTCOME_UNKNOWN"]
        wait(lambda: service.state() == "HALF_OPEN", "the pause to end")
        (hanging,) = service.generate(1)
        wait(lambda: service.stub.images() == 2, "the probe to be sent")
        assert service.codes(service.generate(3)) == ["OPENAI_UNAVAILABLE"] * 3
        os.kill(killed := caller(service), signal.SIGKILL)
        wait(lambda: killed not in service.workers(), "its end: until then it holds the probe")
        assert [service.codes(service.generate(1)) for _ in range(2)] == [[""], [""]]
        assert agreed(service, "CLOSED", (1, 1, 1))
        assert service.end(hanging)["errorCode"] == "OUTCOME_UNKNOWN"
        assert len(service.stub.rows()) == 4
        # Also the call that a killed worker had sent; health is up to a second old.
        wait(lambda: service.openai()["details"]["budget"]["images"] == 4, "the budget to count all calls")


def midnight() -> int:
    """The next midnight UTC in Unix seconds; a day that is about to end is waited out first."""
    while time.time() % DAY > DAY - 60:
        time.sleep(1)
    return int(time.time() // DAY + 1) * DAY


def test_pays_for_ten_of_a_hundred_when_the_budget_is_ten(tmp_path: Path) -> None:
    end = midnight()
    with paying(tmp_path, DAILY_IMAGES="10", IMAGE_SIZE="256x256") as service:
        reports = [service.end(path) for path in service.generate(100)]
        codes = [report["errorCode"] for report in reports]
        assert (codes.count(""), codes.count("BUDGET_EXHAUSTED")) == (10, 90)
        assert len(service.stub.rows()) == 10
        again = [report["retryAtNs"] / 1e9 - end for report in reports if report["errorCode"]]
        assert -0.01 < min(again) <= max(again) < 5


@pytest.mark.slow
def test_brings_a_hundred_runs_through_a_small_limit_without_a_refusal_and_oldest_first(tmp_path: Path) -> None:
    # In a minute of four seconds the margin of the pace is 0.2 s; a call arrives up to a second late on a busy machine.
    minute, late, threads = 4.0, 1.0, 8
    with paying(tmp_path, IMAGES_PER_MINUTE=str(20 * 60 / minute), IMAGE_SIZE="256x256") as service:
        service.script({"limit": 20, "window": minute - late})
        paths = service.generate(100)
        assert set(service.codes(paths)) == {""}
        rows = service.stub.rows()
        assert [row["status"] for row in rows] == [200] * 100
        prompts = [service.prompt(path) for path in paths]
        assert len(set(prompts)) == 100
        places = [prompts.index(row["prompt"]) for row in rows]
        # Each thread has one run in its hands; the system may let one of them rest while the others go round again.
        assert max(abs(place - ticket) for place, ticket in enumerate(places)) <= 2 * threads
        assert rows[-1]["time"] - rows[0]["time"] > 4 * minute
