"""The wheel works from any folder, templates and static files included."""

import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kit.environment import environment
from tests.kit.http import Client
from tests.kit.repository import ROOT
from tests.kit.service import Service


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
    with Service(here, command=[sys.executable, "-m", "app.cli", "run"], root=site) as service:
        yield service.client


def test_holds_every_data_file(wheel: Path) -> None:
    tracked = subprocess.run(
        ["git", "ls-files", "dalle/data", "templates", "static", "app/*.json", "*/py.typed"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert {"app/py.typed", "dalle/py.typed", "app/web/programs/openapi.json"} <= {*tracked}
    expected = {f"app/{name}" if name.startswith(("templates/", "static/")) else name for name in tracked}
    assert expected <= names


def test_prints_every_setting_where_there_is_no_example_file(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    environ = environment({"PYTHONPATH": str(tmp_path / "site")})
    command = [sys.executable, "-m", "app.cli", "settings"]
    shown = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True, check=True, timeout=60)
    assert shown.stdout == (ROOT / ".env.example").read_text(encoding="utf-8")


def test_paints_and_shows_the_gallery(installed: Client, address: str) -> None:
    installed.painted(f"/dalle/simple/{address}")
    assert installed.ask(f"/dalle/simple/{address}").headers["content-type"] == "image/png"
    page = installed.ask("/preview")
    assert page.status == 200
    assert address in page.text
    assert installed.ask("/openapi.json").json["paths"]
