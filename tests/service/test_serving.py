"""gunicorn's settings, and how a service stops and reloads."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gunicorn.config import KNOWN_SETTINGS

from app import serving

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = {setting.name for setting in KNOWN_SETTINGS}
IMPORTED = {"gc", "openai", "PIL", "logging", "math", "os", "signal", "sys", "logs", "premises", "tally", "suppress"}


def names() -> set[str]:
    """What gunicorn sees of the module: it drops names that it does not know without a word."""
    return {
        name for name, value in vars(serving).items() if name[0] != "_" and name[0].islower() and name not in IMPORTED
    }


def test_every_name_is_one_that_gunicorn_knows() -> None:
    assert names() - SETTINGS == {"load"}


def test_has_the_settings_that_a_long_run_needs() -> None:
    assert {"timeout", "graceful_timeout", "worker_class", "bind", "wsgi_app", "post_fork", "worker_exit"} <= names()
    assert serving.graceful_timeout >= serving._config.longest_run
    assert "max_requests" not in names()  # a worker that ends so is not replaced while its runs last


def test_listens_where_the_settings_say_in_several_places_too(tmp_path: Path) -> None:
    with running(tmp_path, bind=f"unix:{tmp_path}/a.sock,unix:{tmp_path}/b.sock"):
        for name in ("a.sock", "b.sock"):
            with socket.socket(socket.AF_UNIX) as connection:
                connection.connect(str(tmp_path / name))


def test_brings_new_code_with_a_reload(tmp_path: Path) -> None:
    code = tmp_path / "code"
    for name in ("app", "dalle", "templates", "static"):
        shutil.copytree(ROOT / name, code / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "gunicorn.conf.py", code)
    port = free_port()
    with running(tmp_path, bind=f"127.0.0.1:{port}", code=code) as process:
        assert asked(f"http://127.0.0.1:{port}/").startswith("dalleserver:")
        # one module that only workers import, and one that the settings import too
        change(code / "app" / "web" / "images.py", "dalleserver: pictures", "reloaded: pictures")
        change(code / "app" / "config.py", "class ConfigError", "RELOADED = True\n\n\nclass ConfigError")
        change(
            code / "app" / "web" / "images.py",
            "return replies.text(ENDPOINTS)",
            "return replies.text(ENDPOINTS + mark())",
        )
        with open(code / "app" / "web" / "images.py", "a") as file:
            file.write("\n\ndef mark() -> str:\n    from app.config import RELOADED\n\n    return str(RELOADED)\n")
        process.send_signal(signal.SIGHUP)
        end = time.monotonic() + 30
        while not (answer := asked(f"http://127.0.0.1:{port}/")).startswith("reloaded:"):
            assert time.monotonic() < end, answer
            time.sleep(0.05)
        assert answer.endswith("True")


def test_ends_at_once_at_the_second_sigterm(tmp_path: Path) -> None:
    assert stopped_while_painting(tmp_path, signal.SIGTERM, signal.SIGTERM) == 0


def test_ends_at_once_at_sigquit(tmp_path: Path) -> None:
    assert stopped_while_painting(tmp_path, signal.SIGQUIT) == 0


def test_waits_for_its_runs_at_the_first_sigterm(tmp_path: Path) -> None:
    with slow_provider(latency=4) as base:
        port = free_port()
        with running(tmp_path, bind=f"127.0.0.1:{port}", OPENAI_API_KEY="sk-test", OPENAI_BASE_URL=base) as process:
            paint(port, tmp_path)
            process.send_signal(signal.SIGTERM)
            assert process.wait(60) == 0
        assert (tmp_path / "data/output/simple/annotated" / f"0x{'1' * 40}.png").exists()


def stopped_while_painting(folder: Path, *signals: signal.Signals) -> int:
    """The exit code of a service that is told to end while a run waits for a provider that takes its time."""
    with slow_provider(latency=300) as base:
        port = free_port()
        with running(folder, bind=f"127.0.0.1:{port}", OPENAI_API_KEY="sk-test", OPENAI_BASE_URL=base) as process:
            paint(port, folder)
            for number in signals:
                process.send_signal(number)
                time.sleep(0.5)
            return process.wait(30)


def paint(port: int, folder: Path) -> None:
    """Start a run and wait until its call is on the way."""
    asked(f"http://127.0.0.1:{port}/dalle/simple/0x{'1' * 40}?generate=1")
    end = time.monotonic() + 30
    while "image_wait" not in asked(f"http://127.0.0.1:{port}/dalle/simple/0x{'1' * 40}").split('"phases"')[0]:
        assert time.monotonic() < end, (folder / "log").read_text()
        time.sleep(0.05)


@contextmanager
def slow_provider(latency: float) -> Iterator[str]:
    command = [sys.executable, "-m", "tests.stub_openai", "--latency", str(latency)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        yield process.stdout.readline().strip()
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


@contextmanager
def running(folder: Path, *, bind: str, code: Path = ROOT, **settings: str) -> Iterator[subprocess.Popen[bytes]]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TB_DALLE_", "OPENAI_"))}
    given = {"TB_DALLE_DATA_DIR": str(folder / "data"), "TB_DALLE_BIND": bind, "TB_DALLE_NO_ENHANCE": "1", **settings}
    with open(folder / "log", "wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn"], cwd=code, env={**kept, **given}, stdout=log, stderr=subprocess.STDOUT
        )
    try:
        end = time.monotonic() + 30
        while b"Booting worker" not in (folder / "log").read_bytes():
            assert time.monotonic() < end, (folder / "log").read_text()
            assert process.poll() is None, (folder / "log").read_text()
            time.sleep(0.05)
        yield process
    finally:
        process.send_signal(signal.SIGQUIT)
        try:
            process.wait(20)
        finally:
            process.kill()


def asked(url: str) -> str:
    end = time.monotonic() + 30
    while True:
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:
                return str(answer.read().decode())
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
