"""What compose.cluster.yaml starts, as processes of this machine: with its secrets, commands, settings and checks."""

import os
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kit import postgres, seaweed
from tests.kit.ports import free_port
from tests.kit.postgres import BIN, Postgres
from tests.kit.program import Program
from tests.kit.repository import ROOT
from tests.kit.service import Service
from tests.unit.test_compose import composed

SERVICES = composed("compose.cluster.yaml")["services"]
HOST = "app-1"

if not postgres.is_here():
    pytest.skip(postgres.NOT_HERE, allow_module_level=True)


class Database(Postgres):
    """With the options that the file has."""

    def __init__(self) -> None:
        super().__init__()
        self.command = [*self.command, *SERVICES["database"]["command"][1:]]

    def check(self) -> int:
        test = SERVICES["database"]["healthcheck"]["test"][1:]
        return subprocess.run([str(BIN / test[0]), *test[1:], "-p", str(self.port)], check=False).returncode


class Bucket(Program):
    """SeaweedFS as the file starts it, but for places and ports."""

    def __init__(self, folder: Path, secrets: Path) -> None:
        assert seaweed.WEED
        self.port = free_port()
        places = {
            "/data": str(folder),
            "=bucket": "=127.0.0.1",
            "-ip.bind=0.0.0.0": "-ip.bind=127.0.0.1",
            "8333": str(self.port),
            "/run/secrets": str(secrets),
        }
        options = replaced(SERVICES["bucket"]["command"], places)
        options += [f"-{part}.port={free_port()}" for part in ("master", "volume", "filer")]
        options += [f"-{part}.port.grpc={free_port()}" for part in ("master", "volume", "filer", "s3")]
        options += [f"-s3.port.{part}={free_port()}" for part in ("iceberg", "lance")]
        super().__init__([seaweed.WEED, *options], folder, os.environ, folder / "log")

    def wait_until_ready(self) -> None:
        self.wait_for(lambda: self.runs() and self.check() == 0, "the check of the bucket")

    def check(self) -> int:
        test = replaced(SERVICES["bucket"]["healthcheck"]["test"][1:], {"8333": str(self.port)})
        return subprocess.run(test, check=False).returncode

    def stop(self) -> None:
        self.kill()


def replaced(words: list[str], places: dict[str, str]) -> list[str]:
    for old, new in places.items():
        assert any(old in word for word in words), old
        words = [word.replace(old, new) for word in words]
    return words


@pytest.fixture
def secrets(tmp_path: Path) -> Path:
    """Made by the commands of the documentation."""
    text = (ROOT / "docs/cluster.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```sh\n(mkdir -m 700 secrets\n.*?)```", text, re.DOTALL)
    subprocess.run(["sh", "-e", "-c", block], cwd=tmp_path, check=True, timeout=60)
    return tmp_path / "secrets"


@pytest.fixture
def database() -> Iterator[Database]:
    made = Database()
    try:
        with made:
            made.sql(f"CREATE DATABASE dalle OWNER {postgres.ROLE}")
            yield made
    finally:
        made.remove()


@pytest.fixture
def bucket(tmp_path: Path, secrets: Path) -> Iterator[Bucket]:
    seaweed.need_seaweed()
    if not shutil.which("wget"):
        pytest.skip("wget is not installed")
    folder = tmp_path / "objects"
    folder.mkdir()
    with Bucket(folder, secrets) as made:
        yield made


def test_writes_the_secrets_that_the_file_mounts(secrets: Path) -> None:
    assert {path.name for path in secrets.iterdir()} == set(composed("compose.cluster.yaml")["secrets"])
    assert stat.S_IMODE(secrets.stat().st_mode) == 0o700
    assert all(path.stat().st_mode & 0o004 for path in secrets.iterdir())


def test_starts_a_host_on_database_and_bucket(
    tmp_path: Path, secrets: Path, database: Database, bucket: Bucket
) -> None:
    assert database.check() == 0
    for name, old, new in (
        ("database_url", "@database/", f"@127.0.0.1:{database.port}/"),
        ("bucket_url", "//bucket:8333", f"//127.0.0.1:{bucket.port}"),
    ):
        text = (secrets / name).read_text()
        assert text.count(old) == 1
        (secrets / name).write_text(text.replace(old, new))
    fixed = {name: value for name, value in SERVICES[HOST]["environment"].items() if value is not None}
    variables = {name: value.replace("/run/secrets", str(secrets)) for name, value in fixed.items()}
    folder = tmp_path / "host"
    folder.mkdir()
    with Service(folder, variables=variables, WORKERS=1) as service:
        path = f"/dalle/simple/0x{'7' * 40}"
        service.client.painted(path)
        assert service.ask(path).headers["content-type"] == "image/png"
        command = [sys.executable, "-m", "app.cli", "doctor"]
        doctor = subprocess.run(command, cwd=folder, env=service.environ, capture_output=True, text=True, check=False)
        assert doctor.returncode == 0, doctor.stdout
