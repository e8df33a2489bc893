"""How the service starts, and how it refuses to."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.kit.environment import environment
from tests.kit.ports import free_port
from tests.kit.repository import ROOT
from tests.kit.service import BOUND, Service
from tests.kit.stub import API_KEY, Stub
from tests.kit.users import NOBODY, USER, may_change_user

PYTHON = (sys.executable, "-m")
RUN = (*PYTHON, "app.cli", "run")


def run(command: Sequence[str], folder: Path, **settings: Any) -> subprocess.CompletedProcess[str]:
    env = environment(**{"DATA_DIR": folder, **settings})
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60, check=False)


def test_names_every_bad_setting(tmp_path: Path) -> None:
    ended = run([*RUN, "--port", "none", "--lock-ttl", "long"], tmp_path, QUEUE=-1)
    assert ended.returncode == 2
    for name in ("TB_DALLE_PORT", "TB_DALLE_LOCK_TTL", "TB_DALLE_QUEUE"):
        assert f"invalid {name}=" in ended.stderr


@pytest.mark.parametrize(
    ("settings", "error"),
    [
        ({"CATALOG": "v9"}, "invalid TB_DALLE_CATALOG=v9: no version v9"),
        ({"DATABASES_DIR": "."}, "adverbs.csv: not found"),
        ({"PRICES": "README.md"}, "a JSON file in the format of the price table"),
        ({"BIND": "unix:/nowhere/http.sock"}, "cannot bind unix:/nowhere/http.sock"),
        ({"BIND": "localhost"}, "expected unix:/a/path, host:port"),
        ({"IMAGE_TIMEOUT": "0"}, "a duration longer than 0"),
        ({"HOST": "192.0.2.1"}, "cannot bind 192.0.2.1:"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_dies_at_once_of_what_no_picture_could_be_made_with(
    tmp_path: Path, settings: dict[str, str], error: str
) -> None:
    ended = run([*RUN, "--port", str(free_port())], tmp_path, **settings)
    assert (ended.returncode, error in ended.stderr) == (2, True), ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(
    ("written", "error"),
    [
        (b"sk-x\nsk-y\n", "one key, not 2 different lines"),
        (b"", "a key in the file, which is empty"),
        (b"\xff", "a readable text file in UTF-8"),
    ],
)
def test_names_the_file_without_one_key(tmp_path: Path, written: bytes, error: str) -> None:
    key = tmp_path / "key"
    key.write_bytes(written)
    env = environment({"OPENAI_API_KEY_FILE": str(key)}, DATA_DIR=tmp_path)
    ended = subprocess.run(RUN, cwd=tmp_path, env={**env, "PYTHONPATH": str(ROOT)}, capture_output=True, check=False)
    assert ended.returncode == 2
    assert ended.stderr.decode().splitlines() == [f"Error: invalid OPENAI_API_KEY_FILE={key}: expected {error}"]


def test_pays_with_the_key_that_an_env_file_has_quoted(tmp_path: Path, address: str) -> None:
    with Stub() as stub:
        quoted = {name: f'"{value}"' for name, value in stub.variables.items()}
        with Service(tmp_path, variables=quoted, WORKERS=1, NO_ENHANCE="'1'", READ_ONLY='""') as service:
            assert service.client.painted(f"/dalle/simple/{address}").json["error"] == ""
        assert [row["key"] for row in stub.rows()] == [API_KEY[-4:]]


def test_pays_with_the_older_servers_key_and_names_its_file(tmp_path: Path, address: str) -> None:
    file = tmp_path / "home" / ".config" / "trueblocks" / "credentials"
    file.parent.mkdir(parents=True)
    file.write_text(f"OPENAI_API_KEY={API_KEY}\n")
    with Stub() as stub:
        variables = {**stub.variables, "HOME": str(tmp_path / "home")}
        del variables["OPENAI_API_KEY"]
        with Service(tmp_path, variables=variables, WORKERS=1) as service:
            assert service.client.painted(f"/dalle/simple/{address}").json["error"] == ""
            assert API_KEY not in service.text()
        assert [row["key"] for row in stub.rows()] == [API_KEY[-4:]]
    [warned] = [line for line in service.lines() if str(file) in line]
    assert "WARNING" in warned
    assert f"the key of the provider comes from {file}, so pictures are paid for" in warned


def test_names_a_taken_port_and_its_cure(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        ended = run([*RUN, "--port", str(port)], tmp_path)
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
    ended = run([*PYTHON, *command], tmp_path, PORT="none", QUEUE=-1)
    assert ended.returncode == 2
    assert ended.stderr.splitlines() == [
        "Error: invalid TB_DALLE_PORT=none: expected a port number from 1 to 65535",
        "invalid TB_DALLE_QUEUE=-1: expected a whole number, 1 or more",
    ]


def test_names_bad_settings_without_a_traceback_where_gunicorn_has_settings_of_its_own(tmp_path: Path) -> None:
    own = ["gunicorn", "-c", "/dev/null", "-b", f"127.0.0.1:{free_port()}", "--no-control-socket", "app.wsgi"]
    ended = run([*PYTHON, *own], tmp_path, DATABASE_URL="postgresql://dalle@127.0.0.1/dalle")
    assert ended.returncode != 0
    expected = "Error: invalid TB_DALLE_DATABASE_URL=***: expected TB_DALLE_BUCKET_URL beside it"
    assert ended.stderr.count(expected) == 1
    assert "Traceback" not in ended.stderr


def test_names_a_folder_that_cannot_be_written_to_gunicorn_too(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    ended = run([*PYTHON, "gunicorn"], tmp_path / "file" / "below", PORT=free_port())
    assert (ended.returncode, "is not writable" in ended.stderr) == (2, True)


@pytest.mark.parametrize(
    ("fails", "advice"),
    [
        ("version_info", "Python 3.11 or newer is needed (Python 3.9.2 found)"),
        ("ensurepip", "apt-get install python3-venv"),
    ],
)
def test_names_the_cure_for_an_old_python_and_a_missing_venv(tmp_path: Path, fails: str, advice: str) -> None:
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\ncase "$*" in *{fails}*) exit 1;; --version) echo Python 3.9.2;; esac\n')
    python.chmod(0o755)
    command = ["make", "run", f"PYTHON={python}", f"VENV={tmp_path / 'venv'}"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert (ended.returncode, advice in ended.stdout) == (2, True), ended.stdout + ended.stderr
    assert not (tmp_path / "venv").exists()


@pytest.fixture
def nobody() -> Sequence[str]:
    """What makes a command that of a user whom the system does not know."""
    if not may_change_user():
        pytest.skip("refused: only root can become another user")
    return NOBODY


GENERATE = (*PYTHON, "app.cli", "generate", "simple", "0x" + "5" * 40)
FLASK = (*PYTHON, "flask", "--app", "app", "run")


@pytest.mark.parametrize(
    ("command", "home"),
    [
        (RUN, None),
        (RUN, ""),
        (RUN, "/"),
        ((*PYTHON, "gunicorn"), None),
        (FLASK, None),
        (GENERATE, None),
        (GENERATE, "/"),
    ],
)
def test_names_the_data_folder_to_a_user_without_a_home(
    nobody: Sequence[str], command: Sequence[str], home: str | None
) -> None:
    """Containers are started like this: --user 54321, with HOME=/ or none."""
    env = {name: value for name, value in environment().items() if name not in ("HOME", "XDG_DATA_HOME")}
    env |= {} if home is None else {"HOME": home}
    env |= {"TB_DALLE_PORT": str(free_port())}
    ended = subprocess.run(
        [*nobody, *command], cwd=ROOT, env=env, capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.returncode in (2, 5), ended.stderr
    assert ended.stderr.count("TB_DALLE_DATA_DIR") == 1
    assert "Traceback" not in ended.stderr


def test_serves_a_user_without_a_home_who_has_a_data_folder(nobody: Sequence[str], address: str) -> None:
    with tempfile.TemporaryDirectory(prefix="dalle-nobody-") as name:
        os.chown(name, USER, USER)
        service = started(Path(name), prefix=nobody)
        service.environ = {key: value for key, value in service.environ.items() if key not in ("HOME", "XDG_DATA_HOME")}
        with service:
            assert service.client.painted(f"/dalle/simple/{address}").json["percent"] == 100


def started(folder: Path, *words: str, host: str = "127.0.0.1", **options: Any) -> Service:
    """The service by the command `words`, in which {port} stands for a free one."""
    port = free_port()
    command = [word.format(port=port) for word in words or (*RUN, "--port", "{port}")]
    return Service(folder, command=command, url=f"http://{host}:{port}", **{"WORKERS": None, **options})


def test_warns_of_variables_that_are_no_settings(tmp_path: Path) -> None:
    service = started(tmp_path)
    service.environ = {**service.environ, "TB_DALLE_WORKER": "3"}
    with service:
        assert "TB_DALLE_WORKER is not a known setting and is ignored; did you mean TB_DALLE_WORKERS?" in service.text()


def test_names_once_what_is_not_sent_to_the_provider(tmp_path: Path) -> None:
    """However many workers there are and whatever they paint, and again after a reload."""
    settings: dict[str, Any] = {"IMAGE_MODEL": "home-made", "IMAGE_QUALITY": "low", "CHAT_SEED": "7", "WORKERS": 2}
    notices = ("TB_DALLE_IMAGE_QUALITY=low is not sent", "TB_DALLE_CHAT_SEED=7 is not sent", "no price is known for")
    with Stub() as stub:
        service = started(tmp_path, variables=stub.variables, **settings)
        with service:
            for number in range(4):
                service.client.painted(f"/dalle/simple/0x{number:040x}")
            assert [service.text().count(notice) for notice in notices] == [1, 1, 1]
            service.reload()
            service.wait_for(lambda: service.text().count("Booting worker") == 4, "the new workers")
            assert [service.text().count(notice) for notice in notices] == [2, 2, 2]


def test_shows_no_key_in_the_query_of_the_base_url(tmp_path: Path) -> None:
    with Stub() as stub:
        base = stub.url.replace("/v1", "/openai/deployments/gpt-image-2")
        url = f"{base}/images/generations?api-version=preview&subscription-key=topsecret"
        variables = {**stub.variables, "OPENAI_BASE_URL": url}
        with started(tmp_path, variables=variables, NO_ENHANCE=1) as service:
            path = f"/dalle/simple/0x{'1f' * 20}"
            stub.script(["401"])
            refused = service.client.painted(path).data
            seen = service.ask("/health").body + service.ask("/metrics").body + service.ask(path).body
            (row,) = stub.rows()
        env = environment(variables, DATA_DIR=service.data)
        doctor = subprocess.run(
            [*PYTHON, "app.cli", "doctor", "--online"], cwd=ROOT, env=env, capture_output=True, text=True, check=False
        )
    assert row["target"].endswith("/deployments/gpt-image-2/images/generations?" + url.partition("?")[2])
    assert ("authorization" in row["headers"], row["headers"]["api-key"]) == (False, API_KEY)
    assert refused["errorCode"] == "OPENAI_AUTH"
    for text in (service.text(), seen.decode(), doctor.stdout + doctor.stderr):
        assert "topsecret" not in text
        assert API_KEY not in text
    assert "subscription-key=***" in doctor.stdout


def test_paints_from_the_plain_prompt_when_the_language_model_writes_none(tmp_path: Path) -> None:
    with Stub() as stub, started(tmp_path, variables=stub.variables, WORKERS=1) as service:
        path = f"/dalle/simple/0x{'3c' * 20}"
        stub.script({"rules": [{"path": "chat", "content": "<think>a plan", "finish": "length"}]})
        service.client.painted(path)
        journal = json.loads((service.data / "runs" / "simple" / f"{path[-42:]}.json").read_text())
        (row,) = stub.rows()
    dress = journal["dress"]
    assert (row["prompt"].startswith(dress["prompt"][:40]), "plan" in row["prompt"]) == (True, False)
    assert not dress.get("enhancedPrompt")
    (phase,) = [phase for phase in journal["phases"] if phase["name"] == "enhance_prompt"]
    assert phase["error"].startswith("IMAGE_DOWNLOAD_ERROR")


def test_serves_a_folder_that_it_may_only_read(tmp_path: Path, address: str) -> None:
    """Also when root runs the tests, who may write everywhere otherwise."""
    service = started(tmp_path, prefix=BOUND, READ_ONLY=1)
    picture = service.data / "output" / "simple" / "annotated" / f"{address}.png"
    picture.parent.mkdir(parents=True)
    picture.write_bytes((ROOT / "docs" / "picture.png").read_bytes())
    for folder in [service.data, *(path for path in service.data.rglob("*") if path.is_dir())]:
        folder.chmod(0o555)
    with service:
        answer = service.ask(f"/dalle/simple/{address}")
    assert (answer.status, answer.body) == (200, picture.read_bytes())


@pytest.mark.parametrize("typed", ["::1", "[::1]"])
def test_binds_an_address_of_the_sixth_version(tmp_path: Path, typed: str) -> None:
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        pytest.skip("refused: no IPv6 here")
    with started(tmp_path, *RUN, "--port", "{port}", "--host", typed, host="[::1]") as service:
        assert service.ask("/series").status == 200


@pytest.mark.parametrize(
    "command",
    [
        ["gunicorn", "-c", str(ROOT / "gunicorn.conf.py"), "--bind", "127.0.0.1:{port}", "app:create_app()"],
        ["flask", "--app", "app", "run", "--port", "{port}"],
    ],
    ids=["gunicorn", "flask"],
)
def test_starts_by_the_usual_commands_too(tmp_path: Path, address: str, command: list[str]) -> None:
    with started(tmp_path, *PYTHON, *command) as service:
        assert service.client.painted(f"/dalle/simple/{address}").json["percent"] == 100


def test_outlives_a_reload_with_wrong_settings(tmp_path: Path) -> None:
    settings = tmp_path / ".env"
    settings.write_text("TB_DALLE_WORKERS=2\n")
    with started(tmp_path) as service:
        service.wait_for(lambda: service.text().count("Booting worker") == 2, "the workers")
        settings.write_text("TB_DALLE_WORKERS=many\n")
        service.reload()
        refusal = "not reloaded, the service keeps its settings: invalid TB_DALLE_WORKERS=many"
        service.wait_for(lambda: refusal in service.text(), "the refusal")
        assert service.ask("/series").status == 200
        settings.write_text("TB_DALLE_WORKERS=3\n")
        service.reload()
        service.wait_for(lambda: service.text().count("Booting worker") == 2 + 3, "the new workers")
        assert service.ask("/series").status == 200


def test_gives_a_later_worker_the_settings_of_the_others(tmp_path: Path) -> None:
    """Also while the file is being edited: a worker that read it would fail, and gunicorn would end the service."""
    settings = tmp_path / ".env"
    settings.write_text("TB_DALLE_WORKERS=2\nTB_DALLE_READ_ONLY=1\n")
    with started(tmp_path) as service:
        service.wait_for(lambda: service.text().count("Booting worker") == 2, "the workers")
        settings.write_text("TB_DALLE_WORKERS=many\nTB_DALLE_READ_ONLY=0\n")
        for pid in service.workers():
            os.kill(pid, signal.SIGKILL)
        service.wait_for(lambda: service.text().count("Booting worker") == 2 + 2, "the new workers")
        service.wait_for(service.is_alive, "their answers")
        assert all(service.ask(f"/dalle/simple/0x{'5' * 40}?remove=1").status == 403 for _ in range(8))


def test_outlives_a_worker_that_cannot_start(tmp_path: Path) -> None:
    databases = tmp_path / "databases"
    shutil.copytree(ROOT / "dalle" / "data" / "databases", databases)
    with started(tmp_path, DATABASES_DIR=databases, WORKERS=1) as service:
        nouns = databases / "nouns.csv"
        good = nouns.read_bytes()
        nouns.write_bytes(b"")
        os.kill(service.workers()[0], signal.SIGKILL)
        service.wait_for(lambda: service.text().count("cannot start; the next one tries") >= 2, "two vain tries")
        assert service.runs()
        nouns.write_bytes(good)
        assert service.is_alive()
