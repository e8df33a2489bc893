"""The wheel works from any folder, templates and static files included."""

import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.system.conftest import Client, await_liveness, free_port

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built wheel."""
    folder = tmp_path_factory.mktemp("dist")
    source = tmp_path_factory.mktemp("source") / "tree"
    subprocess.run(["git", "clone", "-q", str(ROOT), str(source)], check=True)
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(source)]
    built = subprocess.run(command, capture_output=True, text=True, check=False, timeout=200)
    assert built.returncode == 0, built.stdout + built.stderr
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """The service, run from the unpacked wheel in an empty folder."""
    site, here = tmp_path_factory.mktemp("site"), tmp_path_factory.mktemp("here")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    port = free_port()
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TB_DALLE_", "OPENAI_"))}
    environ = {**kept, "PYTHONPATH": str(site), "TB_DALLE_DATA_DIR": str(here / "data")}
    command = [sys.executable, "-m", "app.cli", "run", "--port", str(port)]
    with open(here / "log", "wb") as log:
        process = subprocess.Popen(command, cwd=here, env=environ, stdout=log, stderr=subprocess.STDOUT)
        try:
            await_liveness(f"http://127.0.0.1:{port}", process, here / "log")
            yield Client(f"http://127.0.0.1:{port}")
        finally:
            process.terminate()
            process.wait(60)


def test_holds_every_data_file(wheel: Path) -> None:
    tracked = subprocess.run(
        ["git", "ls-files", "dalle/data", "templates", "static", "*/py.typed"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert {"app/py.typed", "dalle/py.typed"} <= {*tracked}
    expected = {f"app/{name}" if name.startswith(("templates/", "static/")) else name for name in tracked}
    assert expected <= names


def test_paints_and_shows_the_gallery(installed: Client, address: str) -> None:
    installed.painted(f"/dalle/simple/{address}")
    assert installed.ask(f"/dalle/simple/{address}").headers["content-type"] == "image/png"
    page = installed.ask("/preview")
    assert page.status == 200
    assert address in page.body.decode()
