"""How the service starts, and how it refuses to."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.system.conftest import ROOT, Client, await_liveness, free_port

BOUND = ("setpriv", "--bounding-set", "-dac_override,-dac_read_search") if os.geteuid() == 0 else ()


def environ(folder: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TB_DALLE_", "OPENAI_"))}
    return {**kept, "TB_DALLE_DATA_DIR": str(folder), **more}


def run(*words: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "app.cli", "run", *words]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60, check=False)


def test_names_every_bad_setting(tmp_path: Path) -> None:
    ended = run("--port", "none", "--lock-ttl", "long", env=environ(tmp_path, TB_DALLE_QUEUE="-1"))
    assert ended.returncode == 2
    for name in ("TB_DALLE_PORT", "TB_DALLE_LOCK_TTL", "TB_DALLE_QUEUE"):
        assert f"invalid {name}=" in ended.stderr


@pytest.mark.parametrize(
    ("settings", "error"),
    [
        ({"TB_DALLE_CATALOG": "v9"}, "invalid TB_DALLE_CATALOG=v9: no version v9"),
        ({"TB_DALLE_DATABASES_DIR": "."}, "adverbs.csv: there is no such file"),
        ({"TB_DALLE_PRICES": "README.md"}, "a JSON file in the format of the price table"),
        ({"TB_DALLE_BIND": "unix:/nowhere/http.sock"}, "cannot bind unix:/nowhere/http.sock"),
        ({"TB_DALLE_BIND": "localhost"}, "expected unix:/a/path, host:port"),
        ({"TB_DALLE_IMAGE_TIMEOUT": "0"}, "a duration longer than 0"),
        ({"TB_DALLE_HOST": "192.0.2.1"}, "cannot bind 192.0.2.1:"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_dies_at_once_of_what_no_picture_could_be_made_with(
    tmp_path: Path, settings: dict[str, str], error: str
) -> None:
    ended = run("--port", str(free_port()), env=environ(tmp_path, **settings))
    assert (ended.returncode, error in ended.stderr) == (2, True), ended.stderr
    assert "Traceback" not in ended.stderr


def test_names_a_taken_port_and_its_cure(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        ended = run("--port", str(port), env=environ(tmp_path))
    assert ended.returncode == 2
    assert f"port {port} is taken: choose another, e.g. dalleserver run --port {port + 1}" in ended.stderr


@pytest.mark.parametrize(
    "command",
    [
        ["gunicorn"],
        ["gunicorn", "app:create_app()"],
        ["flask", "--app", "app", "run"],
    ],
    ids=" ".join,
)
def test_names_bad_settings_to_the_usual_commands_too(tmp_path: Path, command: list[str]) -> None:
    env = environ(tmp_path, TB_DALLE_PORT="none", TB_DALLE_QUEUE="-1")
    words = [sys.executable, "-m", *command]
    ended = subprocess.run(words, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 2
    assert ended.stderr.splitlines() == [
        "Error: invalid TB_DALLE_PORT=none: expected a port number from 1 to 65535",
        "invalid TB_DALLE_QUEUE=-1: expected a whole number, 1 or more",
    ]


def test_names_a_folder_that_cannot_be_written_to_gunicorn_too(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    env = environ(tmp_path / "file" / "below", TB_DALLE_PORT=str(free_port()))
    words = [sys.executable, "-m", "gunicorn"]
    ended = subprocess.run(words, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert (ended.returncode, "is not writable" in ended.stderr) == (2, True)


@pytest.mark.parametrize(
    ("fails", "said"),
    [
        ("version_info", "Python 3.11 or newer is needed (Python 3.9.2 found)"),
        ("ensurepip", "apt-get install python3-venv"),
    ],
)
def test_names_the_cure_for_an_old_python_and_a_missing_venv(tmp_path: Path, fails: str, said: str) -> None:
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\ncase "$*" in *{fails}*) exit 1;; --version) echo Python 3.9.2;; esac\n')
    python.chmod(0o755)
    command = ["make", "run", f"PYTHON={python}", f"VENV={tmp_path / 'venv'}"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert (ended.returncode, said in ended.stdout) == (2, True), ended.stdout + ended.stderr
    assert not (tmp_path / "venv").exists()


@contextmanager
def started(
    command: Sequence[str], folder: Path, url: str, env: dict[str, str], cwd: Path = ROOT
) -> Iterator[tuple[Client, subprocess.Popen[bytes]]]:
    """The service by any command; its log is `folder`/log."""
    with open(folder / "log", "wb") as log:
        process = subprocess.Popen(command, cwd=cwd, env=env, stdout=log, stderr=subprocess.STDOUT)
        try:
            await_liveness(url, process, folder / "log")
            yield Client(url), process
        finally:
            process.terminate()
            process.wait(60)


RUN = (sys.executable, "-m", "app.cli", "run", "--port")


def test_tells_of_variables_that_are_no_settings(tmp_path: Path) -> None:
    port = free_port()
    env = environ(tmp_path / "data", TB_DALLE_WORKER="3")
    with started([*RUN, str(port)], tmp_path, f"http://127.0.0.1:{port}", env):
        told = (tmp_path / "log").read_text()
    assert "TB_DALLE_WORKER is not a known setting and is ignored; did you mean TB_DALLE_WORKERS?" in told


def test_serves_a_folder_that_it_may_only_read(tmp_path: Path, address: str) -> None:
    """Also when root runs the tests, who may else write everywhere."""
    data = tmp_path / "data"
    picture = data / "output" / "simple" / "annotated" / f"{address}.png"
    picture.parent.mkdir(parents=True)
    picture.write_bytes((ROOT / "docs" / "picture.png").read_bytes())
    for folder in [data, *(path for path in data.rglob("*") if path.is_dir())]:
        folder.chmod(0o555)
    port = free_port()
    env = environ(data, TB_DALLE_READ_ONLY="1")
    with started([*BOUND, *RUN, str(port)], tmp_path, f"http://127.0.0.1:{port}", env) as (client, _):
        answer = client.ask(f"/dalle/simple/{address}")
    assert (answer.status, answer.body) == (200, picture.read_bytes())


def test_binds_an_address_of_the_sixth_version(tmp_path: Path) -> None:
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        pytest.skip("refused: no IPv6 here")
    port = free_port()
    with started([*RUN, str(port), "--host", "::1"], tmp_path, f"http://[::1]:{port}", environ(tmp_path)) as (
        client,
        _,
    ):
        assert client.ask("/series").status == 200


@pytest.mark.parametrize(
    "command",
    [
        ["gunicorn", "--bind", "127.0.0.1:{port}", "app:create_app()"],
        ["flask", "--app", "app", "run", "--port", "{port}"],
    ],
    ids=["gunicorn", "flask"],
)
def test_starts_by_the_usual_commands_too(tmp_path: Path, address: str, command: list[str]) -> None:
    port = free_port()
    words = [sys.executable, "-m", *(word.format(port=port) for word in command)]
    with started(words, tmp_path, f"http://127.0.0.1:{port}", environ(tmp_path)) as (client, _):
        assert client.painted(f"/dalle/simple/{address}").json["percent"] == 100


def test_outlives_a_reload_with_wrong_settings(tmp_path: Path) -> None:
    port, log = free_port(), tmp_path / "log"
    (tmp_path / ".env").write_text("TB_DALLE_WORKERS=2\n")
    env = environ(tmp_path / "data", PYTHONPATH=str(ROOT))
    with started([*RUN, str(port)], tmp_path, f"http://127.0.0.1:{port}", env, cwd=tmp_path) as (client, process):
        until(lambda: log.read_text().count("Booting worker") == 2)
        (tmp_path / ".env").write_text("TB_DALLE_WORKERS=many\n")
        process.send_signal(signal.SIGHUP)
        until(lambda: "not reloaded, the service goes on as it was: invalid TB_DALLE_WORKERS=many" in log.read_text())
        assert client.ask("/series").status == 200
        (tmp_path / ".env").write_text("TB_DALLE_WORKERS=3\n")
        process.send_signal(signal.SIGHUP)
        until(lambda: log.read_text().count("Booting worker") == 2 + 3)
        assert client.ask("/series").status == 200


def until(true: Callable[[], bool]) -> None:
    """Wait; the limit only ends a test that would hang."""
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)
