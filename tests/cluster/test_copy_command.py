"""`dalleserver storage copy`."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dalle.key import Key
from dalle.storage.folder.engine import FolderStorage
from tests.kit import postgres
from tests.kit.environment import environment
from tests.service.storage.suites.engine import KEY, OTHER, journal, picture, put_picture, seen, ticket

if not postgres.is_here():
    pytest.skip(postgres.NOT_HERE, allow_module_level=True)

Call = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def call(tmp_path: Path) -> Iterator[Call]:
    with postgres.database() as name:
        shared = {"DATABASE_URL": postgres.server().url(name), "BUCKET_URL": f"file://{tmp_path}/bucket"}

        def calling(*words: str, **settings: str) -> subprocess.CompletedProcess[str]:
            environ = environment({}, **{"DATA_DIR": tmp_path / "host", **shared, **settings})
            command = [sys.executable, "-m", "app.cli", "storage", "copy", *words]
            return subprocess.run(
                command,
                env={"PYTHONPATH": os.getcwd(), **environ},
                capture_output=True,
                text=True,
                timeout=300,
                check=False,
            )

        yield calling


@pytest.fixture
def folder(tmp_path: Path) -> FolderStorage:
    storage = FolderStorage(tmp_path / "data")
    put_picture(storage, KEY, picture(1))
    with storage.guard(KEY) as entry:
        entry.save(journal("run1", state="completed"), durable=True)
    put_picture(storage, Key("other", KEY.address), picture(2))
    return storage


def test_copies_there_and_back(call: Call, folder: FolderStorage, tmp_path: Path) -> None:
    there = call(str(tmp_path / "data"), "cluster", "--json")
    assert there.returncode == 0, there.stderr
    counts = json.loads(there.stdout)
    assert (counts["keys"], counts["pictures"], counts["journals"], counts["problems"]) == (2, 2, 1, [])
    again = call(str(tmp_path / "data"), "cluster", "--json")
    assert (json.loads(again.stdout)["skipped"], json.loads(again.stdout)["keys"]) == (2, 0)
    back = call("cluster", str(tmp_path / "back"))
    assert back.returncode == 0, back.stderr
    assert "2 keys copied and verified" in back.stdout
    copied = FolderStorage(tmp_path / "back")
    assert (seen(copied, KEY), copied.journal(KEY)) == (picture(1), folder.journal(KEY))
    assert list((tmp_path / "host").glob(".copy-*")) == []


def test_refuses_while_runs_are_open(call: Call, folder: FolderStorage, tmp_path: Path) -> None:
    with folder.guard(OTHER) as entry:
        entry.restore(ticket(1, OTHER))
    refused = call(str(tmp_path / "data"), "cluster")
    assert refused.returncode == 2
    assert "runs are open" in refused.stderr


def test_says_what_it_wants(call: Call, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    for words, sentence in (
        (("cluster", "cluster"), "one of FROM and TO"),
        ((str(tmp_path / "data"), str(tmp_path / "back")), "one of FROM and TO"),
        ((str(tmp_path / "none"), "cluster"), "is not a data folder"),
    ):
        refused = call(*words)
        assert refused.returncode == 2
        assert sentence in refused.stderr
    without = call(str(tmp_path / "data"), "cluster", DATABASE_URL="", BUCKET_URL="")
    assert without.returncode == 2
    assert "set TB_DALLE_DATABASE_URL and TB_DALLE_BUCKET_URL" in without.stderr
