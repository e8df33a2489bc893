"""Commands that are stopped while a picture is painted."""

import re
import signal
import subprocess
from collections.abc import Callable

import pytest

from tests.kit.stub import Stub
from tests.kit.waiting import PATIENCE, wait
from tests.service.cli.conftest import ADDRESS, Workplace


def read_until(process: subprocess.Popen[str], words: str) -> None:
    """Reads what a process reports up to a line with these words."""
    assert process.stderr
    while words not in process.stderr.readline():
        assert process.poll() is None


def test_leaves_the_run_to_the_server_at_ctrl_c(workplace: Workplace, stub: Stub, served: Callable[[], str]) -> None:
    stub.script({"latency": {"images": 50}})
    url = served()
    process = workplace.start("generate", "simple", ADDRESS, "--server", url, start_new_session=True)
    wait(lambda: stub.images() == 1, "the call")
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    (follow,) = re.findall(r"Follow it with: (dalleserver poll .*)", stderr)
    assert workplace.shell(f"{follow} --once").returncode == 4
    assert workplace.shell(f"{follow} --timeout 100ms").returncode == 4
    stub.hurry()
    assert workplace.shell(f"{follow} --out it.png").returncode == 0
    assert (workplace.folder / "it.png").read_bytes().startswith(b"\x89PNG")
    assert stub.images() == 1


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_finishes_its_own_run_when_it_is_stopped(workplace: Workplace, stub: Stub, stop: signal.Signals) -> None:
    stub.script({"latency": {"images": 50}})
    process = workplace.start("generate", "simple", ADDRESS, start_new_session=True)
    wait(lambda: stub.images() == 1, "the call")
    process.send_signal(stop)
    read_until(process, "finished first")
    stub.hurry()
    process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    assert workplace.call("dalleserver", "poll", "simple", ADDRESS).returncode == 0
    assert stub.images() == 1


def test_leaves_its_own_run_at_the_second_ctrl_c(workplace: Workplace, stub: Stub) -> None:
    stub.script({"latency": {"images": 30}})
    process = workplace.start("generate", "simple", ADDRESS, start_new_session=True)
    wait(lambda: stub.images() == 1, "the call")
    process.send_signal(signal.SIGINT)
    read_until(process, "finished first")
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=20)
    assert (process.returncode, "OUTCOME_UNKNOWN" in stderr) == (130, True)
    assert workplace.call("dalleserver", "generate", "simple", ADDRESS).returncode == 1
    assert ([attempt["errorCode"] for attempt in workplace.attempts()], stub.images()) == (["OUTCOME_UNKNOWN"], 1)
