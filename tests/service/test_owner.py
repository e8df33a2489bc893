"""Root on the data folder of a service: what its commands leave, and what of root's is there already."""

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.conftest import REFUSED
from tests.kit.environment import environment
from tests.kit.ports import free_port
from tests.kit.repository import ROOT
from tests.kit.service import Service
from tests.kit.users import NOBODY, SUDO, USER, may_change_user

PYTHON = (sys.executable, "-m")
KNOWN, UNKNOWN = f"0x{'5a' * 20}", f"0x{'6b' * 20}"

pytestmark = pytest.mark.skipif(not may_change_user(), reason=f"{REFUSED}only root can become another user")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The data folder of a service that runs as another user."""
    folder = tmp_path / "data"
    folder.mkdir()
    os.chown(folder, USER, USER)
    return folder


def call(data: Path, *words: str, prefix: Sequence[str] = SUDO, umask: int = 0o077) -> subprocess.CompletedProcess[str]:
    """A command of root, with the umask that hardened systems have for it."""
    return subprocess.run(
        [*prefix, *PYTHON, "app.cli", *words],
        cwd=ROOT,
        env=environment(DATA_DIR=data),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        umask=umask,
    )


def owners(data: Path) -> set[int]:
    return {path.lstat().st_uid for path in (data, *data.rglob("*"))}


def service_of(data: Path, *command: str, prefix: Sequence[str] = NOBODY) -> Service:
    port = free_port()
    words = [word.format(port=port) for word in command or (*PYTHON, "gunicorn", "-c", "python:app.serving")]
    return Service(
        data.parent, command=words, prefix=prefix, url=f"http://127.0.0.1:{port}", WORKERS=2, PORT=port, DATA_DIR=data
    )


def test_leaves_nothing_of_root_in_the_folder_of_a_service(data: Path) -> None:
    (data.parent / "addresses").write_text(f"{KNOWN}\n")
    (data.parent / "addresses").chmod(0o600)
    ended = call(data, "warm", "simple", "--addresses", str(data.parent / "addresses"), "--yes")
    assert ended.returncode == 0, ended.stderr
    assert ended.stderr.startswith(f"Working as {USER}, the owner of {data}, and not as root.\n")
    for words in (["show", "simple", KNOWN], ["runs"], ["costs"], ["series", "list"], ["doctor"], ["preview", KNOWN]):
        assert call(data, *words).returncode == 0
    assert owners(data) == {USER}
    picture = data / "output" / "simple" / "annotated" / f"{KNOWN}.png"
    assert oct(picture.stat().st_mode) == oct(0o100644), "a web server can read it, whatever root's umask is"
    with service_of(data) as service:
        path = f"/dalle/simple/{KNOWN}"
        assert service.ask(f"{path}?remove=1").text.endswith("was removed.\n")
        assert service.client.painted(path).json["error"] == ""


def test_makes_a_folder_that_is_missing_as_the_owner_of_the_one_above(data: Path) -> None:
    ended = call(data / "below" / "it", "generate", "simple", KNOWN)
    assert ended.returncode == 0, ended.stderr
    assert owners(data) == {USER}


def test_stays_root_in_a_folder_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    ended = call(tmp_path / "data", "generate", "simple", KNOWN)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert owners(tmp_path / "data") == {0}


def test_starts_nothing_whose_picture_the_owner_could_not_save(data: Path) -> None:
    ended = call(data, "generate", "simple", KNOWN, "--out", str(data.parent / "it.png"))
    assert (ended.returncode, "is not a writable folder" in ended.stderr) == (2, True), ended.stderr
    assert not (data / "queue").exists()


def test_names_the_right_command_where_root_cannot_become_the_owner(data: Path) -> None:
    before = sorted(data.rglob("*"))
    ended = call(data, "warm", "simple", "--yes", prefix=("setpriv", "--bounding-set", "-setuid"))
    assert ended.returncode == 2
    assert ended.stderr.endswith(f"use sudo -u '#{USER}' dalleserver warm simple --yes\n")
    assert sorted(data.rglob("*")) == before


def test_stays_root_where_root_has_served_before(data: Path) -> None:
    (data / "output").mkdir()
    with service_of(data, prefix=()) as service:
        assert service.client.painted(f"/dalle/simple/{KNOWN}").json["error"] == ""
    assert owners(data) == {0, USER}


@pytest.mark.parametrize(
    "command", [(), (*PYTHON, "app.cli", "run", "--port", "{port}")], ids=["gunicorn", "dalleserver run"]
)
def test_serves_as_the_owner_when_root_starts_it(data: Path, command: Sequence[str]) -> None:
    with service_of(data, *command, prefix=SUDO) as service:
        assert service.client.painted(f"/dalle/simple/{KNOWN}").json["error"] == ""
        before = service.workers()
        service.reload()
        service.wait_for(lambda: not set(before) & set(service.workers()) and service.is_alive(), "the reload")
        assert service.client.painted(f"/dalle/simple/{UNKNOWN}").json["error"] == ""
        users = {Path(f"/proc/{pid}").stat().st_uid for pid in (service.process.pid, *service.workers())}
        assert users == {USER}
        assert call(data, "doctor").returncode == 0
    assert owners(data) == {USER}


def test_names_what_root_has_left_and_the_cure(data: Path) -> None:
    """Version 1.0 and its like have made such folders: one series fails, and everything else goes on."""
    assert call(data, "generate", "simple", KNOWN).returncode == 0
    left = [data / "runs/simple", data / f"runs/simple/{KNOWN}.json", data / "metrics"]
    for path in left:
        os.chown(path, 0, 0)
    ended = call(data, "doctor")
    assert ended.returncode == 1
    assert "3 files and folders belong to root, and the data folder to 54321: metrics, runs/simple" in ended.stdout
    assert ended.stdout.count(f"→ as root: chown -R {USER}:{USER} {data}") == 2
    with service_of(data) as service:
        answers = [
            *(service.ask(f"/dalle/simple/{UNKNOWN}?generate=1") for _ in range(10)),
            *(service.ask(f"/dalle/simple/{KNOWN}?remove=1") for _ in range(10)),
        ]
        assert {(answer.status, answer.error["code"]) for answer in answers} == {(503, "FILE_SYSTEM_ERROR")}
        assert all(answer.headers["retry-after"] == "30" for answer in answers)
        assert all(answer.error["details"].endswith(": Permission denied") for answer in answers)
        assert service.client.painted(f"/dalle/empty/{KNOWN}").json["error"] == ""
        health = service.ask("/health")
        assert (health.status, health.data["components"]["filesystem"]["status"]) == (200, "degraded")
        assert not [answer for answer in (health, *answers) if str(data) in answer.text]
        log = service.text()
        assert "Traceback" not in log
        pattern = rf"FILE_SYSTEM_ERROR: .*\({re.escape(str(data))}/runs/simple belongs to root, mode 0755; this process"
        assert 1 <= len(re.findall(pattern, log)) <= 2, log
        assert re.search(r"the service is degraded: filesystem: .*belongs to root", log)
        for path in left:
            os.chown(path, USER, USER)
        service.wait_for(lambda: service.ask("/health").data["status"] == "healthy", "health")
        assert service.client.painted(f"/dalle/simple/{UNKNOWN}").json["error"] == ""


def test_says_once_at_the_start_that_a_web_server_cannot_read_the_files(data: Path) -> None:
    quiet = service_of(data)
    quiet.command = ["sh", "-c", 'umask 077; exec "$0" "$@"', *quiet.command]
    with quiet as service:
        assert "chmod" not in service.text()
    loud = service_of(data)
    loud.command = ["sh", "-c", 'umask 077; exec "$0" "$@"', *loud.command]
    loud.environ = {**loud.environ, "TB_DALLE_PROXY_HOPS": "1"}
    with loud as service:
        service.client.painted(f"/dalle/simple/{KNOWN}")
        lines = [line for line in service.lines() if "chmod" in line]
        assert len(lines) == 1
        assert f"umask 022 for the service, and chmod -R o+rX {data}/output" in lines[0]
    finding = call(data, "doctor").stdout
    assert f"chmod -R o+rX {data}/output" in finding
