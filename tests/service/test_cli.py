"""The `dalleserver` command as people call it: real processes, a real service, a real terminal."""

import json
import os
import pty
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.kit.environment import environment, named
from tests.kit.ports import free_port
from tests.kit.repository import ROOT
from tests.kit.service import Service
from tests.kit.stub import Stub
from tests.kit.waiting import PATIENCE, wait

ADDRESS = "0xd8da6bf26964af9d7eed9e03e53415d37aa96045"


@dataclass
class House:
    """A folder to work in, with the command on the path."""

    folder: Path
    environ: dict[str, str]

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def set(self, variables: Mapping[str, str] | None = None, **settings: Any) -> None:
        """Changes the environment of what is started from now on."""
        self.environ |= named(variables, **settings)

    def start(self, *words: str, **options: Any) -> subprocess.Popen[str]:
        options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, **options}
        return subprocess.Popen(["dalleserver", *words], cwd=self.folder, env=self.environ, **options)

    def call(self, *words: str) -> subprocess.CompletedProcess[str]:
        return self.shell(" ".join(words))

    def shell(self, line: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["sh", "-c", line],
            cwd=self.folder,
            env=self.environ,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def pictures(self) -> int:
        return len(list(self.data.glob("output/*/annotated/*.png")))

    def attempts(self) -> list[dict[str, Any]]:
        found = [json.loads(path.read_text())["attempts"] for path in self.data.glob("runs/*/*.json")]
        return [attempt for attempts in found for attempt in attempts]


@pytest.fixture
def house(tmp_path: Path) -> House:
    folder = tmp_path / "bin"
    folder.mkdir()
    command = folder / "dalleserver"
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m app.cli "$@"\n')
    command.chmod(0o755)
    environ = {**environment(DATA_DIR=tmp_path / "data"), "PYTHONPATH": str(ROOT)}
    made = House(tmp_path, {**environ, "PATH": f"{folder}{os.pathsep}{environ['PATH']}"})
    (tmp_path / "addresses.txt").write_text("".join(f"0x{number:040x}\n" for number in range(1, 4)))
    (tmp_path / "holders.csv").write_text(f"{ADDRESS},1000\n0x{1:040x},10\n")
    (tmp_path / "my-series.json").write_text('{"purpose": "A test.", "nouns": ["animals"]}')
    shutil.copytree(ROOT / "dalle/data/databases", tmp_path / "my-databases")
    return made


@pytest.fixture
def stub(house: House) -> Iterator[Stub]:
    """The stub provider, in the environment of everything that is started in the house."""
    with Stub() as started:
        house.set(started.variables, NO_ENHANCE=1)
        yield started


@pytest.fixture
def served(house: House) -> Iterator[Callable[[], str]]:
    """Starts the service by the example of its own help; returns its URL."""
    with ExitStack() as stack:

        def serve() -> str:
            port = free_port()
            command = ["dalleserver", "run", "--port", str(port), "--workers", "2"]
            service = Service(house.folder, command=command, url=f"http://127.0.0.1:{port}", WORKERS=None)
            service.environ = house.environ
            return stack.enter_context(service).url

        yield serve


def helps(house: House, *path: str) -> dict[str, str]:
    """The help of every command, by its words."""
    told = house.call("dalleserver", *path, "--help").stdout
    commands = told.partition("\nCommands:\n")[2].partition("\n\n")[0]
    names = re.findall(r"^  ([a-z]+)\b", commands, re.MULTILINE)
    if not names:
        return {" ".join(path): told}
    return {key: value for name in names for key, value in helps(house, *path, name).items()}


def examples(house: House) -> list[str]:
    """What help, README and documentation tell people to type."""
    found = []
    for text in helps(house).values():
        shown = text.partition("Example")[2].partition("Exit code")[0]
        found += [line for line in shown.splitlines() if re.search(r"\bdalleserver ", line)]
    for file in ("README.md", "docs/commands.md"):
        blocks = re.findall(r"```sh\n(.*?)```", (ROOT / file).read_text(encoding="utf-8"), re.DOTALL)
        found += [line for block in blocks for line in block.splitlines() if re.match(r"dalleserver ", line)]
    return list(dict.fromkeys(line.strip() for line in found))


@pytest.mark.slow
def test_does_what_its_examples_say(house: House, served: Callable[[], str]) -> None:
    url = served()
    lines = examples(house)
    assert len(lines) > 25
    assert "dalleserver run --port 8080 --workers 2" in lines  # that is how the service was started
    failed = []
    for line in lines:
        if line.startswith("dalleserver run "):
            continue
        if line.startswith("dalleserver remove"):
            assert house.call(line.replace("remove", "generate")).returncode == 0
        told = house.shell(line.replace("http://localhost:8080", url))
        if told.returncode != 0 or "Traceback" in told.stderr:
            failed.append((line, told.returncode, told.stderr[-400:]))
    assert failed == []
    assert (house.folder / "vitalik.png").read_bytes().startswith(b"\x89PNG")


def test_leaves_the_run_to_the_server_at_ctrl_c(house: House, stub: Stub, served: Callable[[], str]) -> None:
    stub.script({"latency": {"images": 3}})
    url = served()
    process = house.start("generate", "simple", ADDRESS, "--server", url, start_new_session=True)
    wait(lambda: stub.images() == 1, "the call")
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    (back,) = re.findall(r"Follow it with: (dalleserver poll .*)", told)
    assert house.shell(f"{back} --once").returncode == 4
    assert house.shell(f"{back} --timeout 100ms").returncode == 4
    assert house.shell(f"{back} --out it.png").returncode == 0
    assert (house.folder / "it.png").read_bytes().startswith(b"\x89PNG")
    assert stub.images() == 1


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_finishes_its_own_run_when_it_is_stopped(house: House, stub: Stub, stop: signal.Signals) -> None:
    stub.script({"latency": {"images": 2}})
    process = house.start("generate", "simple", ADDRESS, start_new_session=True)
    wait(lambda: stub.images() == 1, "the call")
    process.send_signal(stop)
    _, told = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    assert "finished first" in told
    assert house.call("dalleserver", "poll", "simple", ADDRESS).returncode == 0
    assert stub.images() == 1


def test_leaves_its_own_run_at_the_second_ctrl_c(house: House, stub: Stub) -> None:
    stub.script({"latency": {"images": 30}})
    process = house.start("generate", "simple", ADDRESS, start_new_session=True)
    wait(lambda: stub.images() == 1, "the call")
    process.send_signal(signal.SIGINT)
    assert process.stderr
    while "finished first" not in process.stderr.readline():
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=20)
    assert (process.returncode, "OUTCOME_UNKNOWN" in told) == (130, True)
    assert house.call("dalleserver", "generate", "simple", ADDRESS).returncode == 1
    assert ([attempt["errorCode"] for attempt in house.attempts()], stub.images()) == (["OUTCOME_UNKNOWN"], 1)


def test_says_that_a_server_is_not_there_or_is_something_else(house: House) -> None:
    nobody = f"http://127.0.0.1:{free_port()}"
    for command in (f"generate simple {ADDRESS}", f"poll simple {ADDRESS}", "series list", "runs"):
        told = house.shell(f"dalleserver {command} --server {nobody}")
        assert (told.returncode, "cannot be reached" in told.stderr) == (5, True), command


def test_passes_the_servers_refusal_on(house: House, stub: Stub, served: Callable[[], str]) -> None:
    stub.script({"latency": {"images": 5}})
    house.set(QUEUE=1)
    url = served()
    assert house.shell(f"dalleserver generate simple {ADDRESS} --server {url} --no-wait").returncode == 0
    full = house.shell(f"dalleserver generate empty {ADDRESS} --server {url} --no-wait")
    assert (full.returncode, "Too many pictures" in full.stderr) == (5, True)
    unknown = house.shell(f"dalleserver generate nobody {ADDRESS} --server {url}")
    assert (unknown.returncode, "Series 'nobody' not found" in unknown.stderr) == (2, True)


def test_tells_a_failed_run(house: House, stub: Stub, served: Callable[[], str]) -> None:
    stub.script(["moderation"])
    told = house.shell(f"dalleserver generate simple {ADDRESS} --server {served()}")
    assert (told.returncode, "CONTENT_BLOCKED" in told.stderr) == (1, True)
    assert "CONTENT_BLOCKED" in house.shell("dalleserver runs").stdout


def test_asks_the_provider_for_its_models(house: House, stub: Stub) -> None:
    house.set(IMAGE_MODEL="gpt-image-2", FALLBACK_MODELS="gpt-image-9")
    told = house.call("dalleserver", "doctor", "--online", "--json")
    levels = {line["check"]: line["level"] for line in json.loads(told.stdout)}
    assert (levels["provider"], levels["model gpt-image-2"], levels["model gpt-image-9"]) == ("ok", "ok", "error")
    assert told.returncode == 1
    house.environ["OPENAI_BASE_URL"] = f"http://127.0.0.1:{free_port()}/v1"
    assert "error    provider" in house.call("dalleserver", "doctor", "--online").stdout


@pytest.mark.parametrize("columns", [60, 120])
def test_shows_bar_and_colours_to_a_terminal_within_its_width(house: House, columns: int) -> None:
    house.environ |= {"TERM": "xterm", "COLUMNS": str(columns)}
    shown = on_a_terminal(house, "generate", "simple", ADDRESS)
    assert "\x1b[32m" in shown
    assert "] " in shown
    assert "%" in shown
    bars = [
        re.sub(r"\x1b\[[?0-9;]*[A-Za-z]", "", one) for one in re.split(r"[\r\n]", shown) if "[#" in one or "[-" in one
    ]
    assert bars
    assert all(len(one) <= columns for one in bars)
    table = on_a_terminal(house, "preview", ADDRESS)
    assert all(len(re.sub(r"\x1b\[[?0-9;]*[A-Za-z]", "", one)) <= columns for one in table.splitlines())
    words = re.sub(r"\x1b\[[?0-9;]*[A-Za-z]", "", on_a_terminal(house, "preview", ADDRESS, "simple")).split("\n")
    assert max(len(line.rstrip()) for line in words) <= columns
    assert " ".join(line.strip() for line in words).count("customs officer") >= 2  # no word is torn in two
    house.environ["NO_COLOR"] = "please"
    assert "\x1b[32m" not in on_a_terminal(house, "poll", "simple", ADDRESS)


def on_a_terminal(house: House, *words: str) -> str:
    """What a command shows on a terminal."""
    master, slave = pty.openpty()
    with house.start(*words, stdin=slave, stdout=slave, stderr=slave) as process:
        os.close(slave)
        shown = b""
        while True:
            try:
                part = os.read(master, 4096)
            except OSError:  # Linux says EIO when the last writer has gone
                break
            if not part:
                break
            shown += part
        assert process.wait(PATIENCE) == 0, shown
    os.close(master)
    return shown.decode()


MANY = 300


def warm_many(house: House, many: int = MANY) -> list[str]:
    """The words that warm many keys, with small pictures: it is the calls that count."""
    house.set(IMAGE_SIZE="256x256")
    (house.folder / "many.txt").write_text("".join(f"0x{number:040x}\n" for number in range(many)))
    return ["warm", "simple", "--addresses", "many.txt", "--jobs", "6", "--yes", "--json"]


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_warms_300_keys_with_300_calls_though_it_is_interrupted_twice(house: House, stub: Stub) -> None:
    words = warm_many(house)
    for enough in (100, 200):
        process = house.start(*words, start_new_session=True)
        wait(lambda enough=enough: stub.images() >= enough, "the calls", 300)
        process.send_signal(signal.SIGINT)
        told, _ = process.communicate(timeout=PATIENCE)
        assert process.returncode == 130
        assert json.loads(told)["stopped"] == "SIGINT"
        assert stub.images() < MANY
    last = house.start(*words)
    told, _ = last.communicate(timeout=400)
    assert last.returncode == 0, told
    assert (stub.images(), house.pictures()) == (MANY, MANY)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_pays_twice_only_for_written_unknown_outcomes_when_it_is_killed(house: House, stub: Stub) -> None:
    stub.script({"latency": {"images": 0.2}})
    house.set(PAUSE_UNKNOWN="1s")
    words = warm_many(house)
    for enough in (100, 200):
        process = house.start(*words)
        wait(lambda enough=enough: stub.images() >= enough, "the calls", 300)
        process.kill()
        process.communicate(timeout=PATIENCE)
    for _ in range(5):
        last = house.start(*words)
        told, _ = last.communicate(timeout=400)
        if last.returncode == 0:
            break
        assert set(json.loads(told)["codes"]) == {"OUTCOME_UNKNOWN"}
        time.sleep(1)
    assert last.returncode == 0
    unknown = [attempt for attempt in house.attempts() if attempt["errorCode"] == "OUTCOME_UNKNOWN"]
    assert unknown
    assert house.pictures() == MANY
    # A kill between the journal and the call leaves an attempt that was never sent: written, and not charged.
    assert MANY <= stub.images() <= len(house.attempts()) == MANY + len(unknown)


def test_shares_the_work_with_another_one(house: House, stub: Stub) -> None:
    words = warm_many(house, 30)
    both = [house.start(*words), house.start(*words)]
    told = [json.loads(process.communicate(timeout=120)[0]) for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert all(one["made"] + one["there"] == 30 for one in told)
    assert (stub.images(), house.pictures()) == (30, 30)


def test_stops_when_every_other_picture_would_fail_too(house: House, stub: Stub) -> None:
    stub.script({"rules": [{"fault": "401"}]})
    process = house.start(*warm_many(house, 30))
    told = json.loads(process.communicate(timeout=120)[0])
    assert process.returncode == 1
    assert told["stopped"] == "OPENAI_AUTH"
    assert told["untried"] > 20
    assert stub.images() <= 6
