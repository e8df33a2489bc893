"""gunicorn with our settings: what it makes of them, and what its signals do."""

import json
import os
import shutil
import signal
import socket
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from gunicorn.config import KNOWN_SETTINGS

from app import serving
from tests.kit.provider import serving as providing
from tests.kit.repository import ROOT
from tests.kit.service import Service
from tests.stub_openai.server import StubServer

ADDRESS = "0x" + "5" * 40
KEY = f"/dalle/simple/{ADDRESS}"
AT_ONCE = 15.0  # seconds for a busy machine; a graceful stop would take the painting's minute, or ten
KNOWN = {setting.name for setting in KNOWN_SETTINGS}


def names() -> set[str]:
    """The settings and hooks of the module; gunicorn drops a name that it does not know without a word."""
    ours = {name: value for name, value in vars(serving).items() if name[0].islower()}
    return {
        name
        for name, value in ours.items()
        if not isinstance(value, ModuleType) and getattr(value, "__module__", serving.__name__) == serving.__name__
    }


def test_every_name_is_one_that_gunicorn_knows() -> None:
    assert names() - KNOWN == set()


def test_has_the_settings_that_a_long_run_needs() -> None:
    assert {"timeout", "graceful_timeout", "worker_class", "bind", "wsgi_app", "post_fork", "worker_exit"} <= names()
    assert serving.graceful_timeout >= serving._config.longest_run
    assert "max_requests" not in names()  # a worker that ends so is not replaced while its runs last


def test_listens_in_several_places(tmp_path: Path) -> None:
    with Service(tmp_path, BIND=f"unix:{tmp_path}/a.sock,unix:{tmp_path}/b.sock"):
        for name in ("a.sock", "b.sock"):
            with socket.socket(socket.AF_UNIX) as connection:
                connection.connect(str(tmp_path / name))


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the code that may be edited."""
    root = tmp_path / "tree"
    for name in ("app", "dalle", "templates", "static"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "gunicorn.conf.py", root)
    return root


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert text.count(old) == 1
    file.write_text(text.replace(old, new))


@pytest.mark.parametrize("settings_file", ["", "python:app.serving"], ids=["file", "module"])
def test_brings_new_code_and_new_settings_at_every_reload(tmp_path: Path, tree: Path, settings_file: str) -> None:
    with Service(tmp_path, root=tree, settings_file=settings_file) as service:
        seen = "pictures out of Ethereum addresses"
        assert seen in service.ask("/").text
        for number in range(2):
            old = service.workers()
            edit(tree / "app/web/images.py", seen, f"edition {number}")
            edit(tree / "app/serving.py", "\nworkers = ", f"\nworkers = {number} + ")
            if number:  # a module that the settings and the workers import
                edit(tree / "app/config.py", '"TB_DALLE_READ_ONLY", "0"', '"TB_DALLE_READ_ONLY", "1"')
            seen = f"edition {number}"
            service.reload()
            service.wait_for(lambda old=old: not set(old) & set(service.workers()), "the old workers to go")
            assert len(service.workers()) == 2 + number
            assert all(seen in service.ask("/").text for _ in range(8))
            assert service.ask(f"{KEY}?remove=1").status == (403 if number else 200)


def painting(folder: Path, stub: StubServer) -> Service:
    """A service whose graceful stop takes as long as its runs: up to ten minutes."""
    variables = {"OPENAI_API_KEY": "sk-test-of-stops", "OPENAI_BASE_URL": stub.url}
    return Service(folder, variables=variables, NO_ENHANCE=1, LOCK_TTL="2s", RUN_TIMEOUT="10m")


def begin(service: Service) -> None:
    """Lets a run wait for its picture."""
    service.ask(f"{KEY}?generate=1")
    service.wait_for(lambda: service.ask(KEY).data["currentPhase"] == "image_wait", "the painting")


def quit_it(service: Service) -> None:
    service.send_signal(signal.SIGQUIT)


def stop_twice(service: Service) -> None:
    service.send_signal(signal.SIGTERM)
    hear_the_first(service)
    service.send_signal(signal.SIGTERM)


def quit_in_a_reload(service: Service) -> None:
    service.reload()
    service.wait_for(lambda: len(service.workers()) == 4, "the new workers beside the old")
    service.send_signal(signal.SIGQUIT)


def interrupt_twice_from_a_terminal(service: Service) -> None:
    interrupt(service)
    hear_the_first(service)
    assert service.runs()
    interrupt(service)


def interrupt(service: Service) -> None:
    for pid in (service.process.pid, *service.workers()):
        os.kill(pid, signal.SIGINT)


def hear_the_first(service: Service) -> None:
    service.wait_for(lambda: "Handling signal: term" in service.text(), "the first to be heard")


def takeovers(service: Service) -> int:
    """How often the run was taken over, by its journal."""
    return int(json.loads((service.data / "runs" / "simple" / f"{ADDRESS}.json").read_text())["takeovers"])


@pytest.mark.parametrize("stop", [quit_it, stop_twice, quit_in_a_reload, interrupt_twice_from_a_terminal])
def test_ends_at_once_and_picks_the_run_up_later(tmp_path: Path, stop: Callable[[Service], None]) -> None:
    with providing({"latency": {"images": 60}}) as stub:
        with painting(tmp_path, stub) as service:
            begin(service)
            workers = service.workers()
            stop(service)
            assert service.process.wait(AT_ONCE) == 0
            assert not [pid for pid in workers if Path(f"/proc/{pid}").exists()]
        with painting(tmp_path, stub) as service:
            # By this service, or by a worker of the first one that outlived the run's holder by a moment.
            service.wait_for(lambda: takeovers(service) == 1, "the abandoned run to be taken over")
            quit_it(service)


def test_finishes_its_runs_at_the_first_sigterm(tmp_path: Path) -> None:
    with providing({"latency": {"images": 4}}) as stub, painting(tmp_path, stub) as service:
        begin(service)
        service.send_signal(signal.SIGTERM)
        assert service.process.wait(60) == 0
    assert (service.data / "output" / "simple" / "annotated" / f"{ADDRESS}.png").exists()
