"""The commands of docs/cluster.md for a backup, run as they stand: a server goes back to a moment, with its bucket."""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from dalle.key import Key
from dalle.storage.blob import Blob, Facts
from dalle.storage.version import version_of
from tests.kit import postgres
from tests.kit.environment import environment
from tests.kit.images import png
from tests.kit.postgres import BIN, SETTINGS, Postgres, unprivileged
from tests.kit.program import Program
from tests.kit.repository import ROOT

if not postgres.is_here():
    pytest.skip(postgres.NOT_HERE, allow_module_level=True)

from dalle.storage.cluster.engine import ClusterSettings, ClusterStorage

KEYS = [Key("simple", f"0x{number:040x}") for number in range(3)]


class Restored(Program):
    """A server on a folder that is there."""

    def __init__(self, like: Postgres, data: Path) -> None:
        assert BIN
        self.like = like
        options = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
        command = [*unprivileged(), str(BIN / "postgres"), "-D", str(data), "-p", str(like.port), *options]
        super().__init__(command, like.top, {**os.environ, "LC_ALL": "C"}, like.top / "restored.log")

    def wait_until_ready(self) -> None:
        self.wait_for(lambda: self.runs() and self.like._answers() and self.is_promoted(), "the restored server")

    def is_promoted(self) -> bool:
        return self.like.sql("SELECT pg_is_in_recovery()") == [(False,)]


@pytest.fixture
def server() -> Iterator[Postgres]:
    made = Postgres()
    try:
        with made:
            yield made
    finally:
        made.remove()


def commands(*begins: str) -> list[str]:
    text = (ROOT / "docs/cluster.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    return [next(block for block in blocks if block.startswith(begin)) for begin in begins]


def run(server: Postgres, block: str, moment: str = "") -> None:
    """Run a block of the documentation with this test's places."""
    for place in ("/var/lib/postgresql/restored", "/backup", "/archive"):
        block = block.replace(place, f"{server.top}/{place.rpartition('/')[2]}")
    block = re.sub(r"'\d{4}-\d\d-\d\d [^']*'", f"'{moment}'", block)
    environ = {**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}", "PGHOST": "127.0.0.1", "PGPORT": str(server.port)}
    environ |= {"PGUSER": postgres.SUPERUSER, "PGDATABASE": "postgres"}
    subprocess.run(["sh", "-e", "-c", block], env=environ, check=True, timeout=120, capture_output=True)


def own(server: Postgres) -> None:
    """Root has run the commands; the server belongs to another user."""
    if not os.geteuid():
        subprocess.run(["chown", "-R", f"{postgres.SUPERUSER}:", str(server.top)], check=True)


def opened(server: Postgres, folder: Path, bucket: Path) -> ClusterStorage:
    settings = ClusterSettings(database=server.url("dalle"), bucket=f"file://{bucket}", folder=folder)
    return ClusterStorage(settings)


def publish(storage: ClusterStorage, key: Key) -> bytes:
    data = png(f"#{KEYS.index(key) + 1:06x}", (32, 32))
    staged = storage.blobs.stage(Blob.picture(key), data, durable=True)
    with storage.guard(key) as entry:
        entry.publish(
            [staged], Facts(title="An Otter", painter="sketch", width=32, height=32, version=version_of([data]))
        )
    return data


def test_goes_back_to_a_moment(server: Postgres, tmp_path: Path) -> None:
    archiving, base, restoring = commands("psql", "pg_basebackup", "cp -a /backup/base")
    (server.top / "archive").mkdir()
    own(server)
    run(server, archiving)
    server.stop()
    server.start()
    server.wait_until_ready()
    server.sql(f"CREATE DATABASE dalle OWNER {postgres.ROLE}")
    with closing(opened(server, tmp_path / "host", tmp_path / "bucket")) as storage:
        storage.prepare()
        first = publish(storage, KEYS[0])
        run(server, base)
        second = publish(storage, KEYS[1])
        ((moment,),) = server.sql("SELECT clock_timestamp()::text")
        time.sleep(0.1)
        publish(storage, KEYS[2])
        server.sql("SELECT pg_switch_wal()")
    server.stop()  # which archives what is left
    shutil.copytree(tmp_path / "bucket", tmp_path / "copy")
    run(server, restoring, str(moment))
    own(server)
    with (
        Restored(server, server.top / "restored"),
        closing(opened(server, tmp_path / "new", tmp_path / "copy")) as storage,
    ):
        storage.prepare()
        for key, data in zip(KEYS, (first, second), strict=False):
            picture = storage.finished(key)
            assert picture
            with picture.file as file:
                assert file.read() == data
        assert storage.finished(KEYS[2]) is None
        assert [picture.name for picture in storage.pictures.page().pictures] == [KEYS[1].address, KEYS[0].address]
        urls: dict[str, Any] = {"DATABASE_URL": server.url("dalle"), "BUCKET_URL": f"file://{tmp_path}/copy"}
        command = [sys.executable, "-m", "app.cli", "verify"]
        environ = environment(DATA_DIR=str(tmp_path / "new"), **urls)
        verified = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
        assert "error" not in verified.stdout, verified.stdout
        publish(storage, KEYS[2])
