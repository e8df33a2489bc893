"""Many pictures, though the command is interrupted, killed and started twice."""

import json
import signal
import time

import pytest

from tests.kit.stub import Stub
from tests.kit.waiting import PATIENCE, wait
from tests.service.cli.conftest import Workplace

MANY = 48


def warm_many(workplace: Workplace, many: int = MANY) -> list[str]:
    """Returns the command that makes many small pictures: only the calls matter."""
    workplace.set(IMAGE_SIZE="256x256")
    (workplace.folder / "many.txt").write_text("".join(f"0x{number:040x}\n" for number in range(many)))
    return ["warm", "simple", "--addresses", "many.txt", "--jobs", "6", "--yes", "--json"]


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_calls_once_for_each_of_many_keys_though_it_is_interrupted_twice(workplace: Workplace, stub: Stub) -> None:
    words = warm_many(workplace)
    for enough in (MANY // 3, 2 * MANY // 3):
        process = workplace.start(*words, start_new_session=True)
        wait(lambda enough=enough: stub.images() >= enough, "the calls", 300)
        process.send_signal(signal.SIGINT)
        stdout, _ = process.communicate(timeout=PATIENCE)
        assert process.returncode == 130
        assert json.loads(stdout)["stopped"] == "SIGINT"
        assert stub.images() < MANY
    last = workplace.start(*words)
    stdout, _ = last.communicate(timeout=400)
    assert last.returncode == 0, stdout
    assert (stub.images(), workplace.pictures()) == (MANY, MANY)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_pays_twice_only_for_written_unknown_outcomes_when_it_is_killed(workplace: Workplace, stub: Stub) -> None:
    stub.script({"latency": {"images": 0.2}})
    workplace.set(PAUSE_UNKNOWN="1s")
    words = warm_many(workplace)
    for enough in (MANY // 3, 2 * MANY // 3):
        process = workplace.start(*words)
        wait(lambda enough=enough: stub.images() >= enough, "the calls", 300)
        process.kill()
        process.communicate(timeout=PATIENCE)
    for _ in range(5):
        last = workplace.start(*words)
        stdout, _ = last.communicate(timeout=400)
        if last.returncode == 0:
            break
        assert set(json.loads(stdout)["codes"]) == {"OUTCOME_UNKNOWN"}
        time.sleep(1)
    assert last.returncode == 0
    unknown = [attempt for attempt in workplace.attempts() if attempt["errorCode"] == "OUTCOME_UNKNOWN"]
    assert unknown
    assert workplace.pictures() == MANY
    # A kill between the journal and the call leaves an attempt that was never sent: written, and not charged.
    assert MANY <= stub.images() <= len(workplace.attempts()) == MANY + len(unknown)


def test_shares_the_work_with_another_process(workplace: Workplace, stub: Stub) -> None:
    words = warm_many(workplace, 30)
    both = [workplace.start(*words), workplace.start(*words)]
    summaries = [json.loads(process.communicate(timeout=120)[0]) for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert all(summary["made"] + summary["there"] == 30 for summary in summaries)
    assert (stub.images(), workplace.pictures()) == (30, 30)


def test_stops_when_every_other_picture_would_fail_too(workplace: Workplace, stub: Stub) -> None:
    stub.script({"rules": [{"fault": "401"}]})
    process = workplace.start(*warm_many(workplace, 30))
    summary = json.loads(process.communicate(timeout=120)[0])
    assert process.returncode == 1
    assert summary["stopped"] == "OPENAI_AUTH"
    assert summary["untried"] > 20
    assert stub.images() <= 6
