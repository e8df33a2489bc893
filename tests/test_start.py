"""How the service starts, and how it refuses to."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.system.conftest import ROOT, Client, await_liveness, free_port


def environ(folder: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TB_DALLE_", "OPENAI_"))}
    return {**kept, "TB_DALLE_DATA_DIR": str(folder), **more}


def run(*words: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "app.cli", "run", *words]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60, check=False)


def test_names_every_bad_knob(tmp_path: Path) -> None:
    ended = run("--port", "none", "--lock-ttl", "long", env=environ(tmp_path, TB_DALLE_QUEUE="-1"))
    assert ended.returncode == 2
    for name in ("TB_DALLE_PORT", "TB_DALLE_LOCK_TTL", "TB_DALLE_QUEUE"):
        assert f"invalid {name}=" in ended.stderr


def test_names_a_taken_port_and_its_cure(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        ended = run("--port", str(port), env=environ(tmp_path))
    assert ended.returncode == 2
    assert f"port {port} is taken" in ended.stderr


def test_names_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    ended = run("--data-dir", str(tmp_path / "file" / "below"), env=environ(tmp_path))
    assert ended.returncode == 2
    assert "is not writable" in ended.stderr


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
    with open(tmp_path / "log", "wb") as log:
        process = subprocess.Popen(words, cwd=ROOT, env=environ(tmp_path), stdout=log, stderr=subprocess.STDOUT)
        try:
            await_liveness(f"http://127.0.0.1:{port}", process, tmp_path / "log")
            assert Client(f"http://127.0.0.1:{port}").painted(f"/dalle/simple/{address}").json["percent"] == 100
        finally:
            process.terminate()
            process.wait(60)
