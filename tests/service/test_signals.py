"""gunicorn with our settings: what its signals do, seen on real processes."""

import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from dalle.key import Key
from dalle.storage.folder.layout import Store
from dalle.storage.journal import read
from tests.kit.provider import serving
from tests.kit.service import ROOT, Service
from tests.stub_openai.server import StubServer

ADDRESS = "0x" + "5" * 40
SLOW = {"latency": {"images": 60}}
AT_ONCE = 15.0  # seconds for a busy machine; a graceful stop would take the painting's minute, or ten


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


@pytest.mark.parametrize("settings", ["", "python:app.serving"], ids=["file", "module"])
def test_brings_new_code_and_new_settings_at_every_reload(tmp_path: Path, tree: Path, settings: str) -> None:
    with Service(tmp_path, root=tree, settings=settings, WORKERS=2) as service:
        seen = "pictures out of Ethereum addresses"
        assert seen in service.get("/").body.decode()
        for number in range(2):
            old = service.workers()
            edit(tree / "app/web/images.py", seen, f"edition {number}")
            edit(tree / "app/serving.py", "\nworkers = ", f"\nworkers = {number} + ")
            seen = f"edition {number}"
            service.reload()
            service.wait_for(lambda old=old: not set(old) & set(service.workers()), "the old workers to go")
            assert len(service.workers()) == 2 + number
            assert all(seen in service.get("/").body.decode() for _ in range(8))


def painting(folder: Path, stub: StubServer) -> Service:
    plain = {"OPENAI_API_KEY": "sk-test-of-stops", "OPENAI_BASE_URL": stub.url}
    return Service(folder, plain=plain, WORKERS=2, NO_ENHANCE=1, LOCK_TTL="2s", LONGEST_RUN="10m")


def begin(service: Service, stub: StubServer) -> None:
    """Let a run wait for its picture."""
    service.get(f"/dalle/simple/{ADDRESS}?generate=1")
    service.wait_for(lambda: "image_wait" in service.get(f"/dalle/simple/{ADDRESS}").body.decode(), "the painting")


def quit_it(service: Service) -> None:
    service.process.send_signal(signal.SIGQUIT)


def stop_twice(service: Service) -> None:
    service.process.send_signal(signal.SIGTERM)
    service.wait_for(lambda: any("Handling signal: term" in line for line in service.lines()), "the first to be heard")
    service.process.send_signal(signal.SIGTERM)


def quit_in_a_reload(service: Service) -> None:
    service.reload()
    service.wait_for(lambda: len(service.workers()) == 4, "the new workers beside the old")
    service.process.send_signal(signal.SIGQUIT)


def interrupt_twice_from_a_terminal(service: Service) -> None:
    for pid in (service.process.pid, *service.workers()):
        os.kill(pid, signal.SIGINT)
    service.wait_for(lambda: any("Handling signal: term" in line for line in service.lines()), "the first to be heard")
    assert service.process.poll() is None
    for pid in (service.process.pid, *service.workers()):
        os.kill(pid, signal.SIGINT)


def takeovers(folder: Path) -> int:
    """How often the run was taken over, as its journal tells."""
    journal = read(Store(folder / "data").journal(Key("simple", ADDRESS)))
    return journal.takeovers if journal else 0


@pytest.mark.parametrize("stop", [quit_it, stop_twice, quit_in_a_reload, interrupt_twice_from_a_terminal])
def test_ends_at_once_when_told_so_and_picks_the_run_up_later(tmp_path: Path, stop: Callable[[Service], None]) -> None:
    with serving(SLOW) as stub:
        with painting(tmp_path, stub) as service:
            begin(service, stub)
            workers = service.workers()
            stop(service)
            service.process.wait(AT_ONCE)
            assert not [pid for pid in workers if Path(f"/proc/{pid}").exists()]
        with painting(tmp_path, stub) as service:
            # By this service, or by a worker of the first one that outlived the run's holder by a moment.
            service.wait_for(lambda: takeovers(tmp_path) == 1, "the abandoned run to be taken over")
            quit_it(service)
