"""`dalleserver storage migrate` and `status`, and what `doctor` says of several hosts."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from app.cli import main
from tests.kit import postgres
from tests.kit.environment import environment
from tests.kit.folders import put
from tests.kit.repository import ROOT
from tests.service.cli.test_examples import examples

STEPS = sorted(path.stem for path in (ROOT / "dalle/storage/cluster/schema").glob("[0-9]*.sql"))
Call = Callable[..., Result]


@pytest.fixture
def bucket(tmp_path: Path) -> Path:
    return tmp_path / "bucket"


@pytest.fixture
def call(tmp_path: Path, bucket: Path) -> Iterator[Call]:
    """Run a command on an empty database."""
    if not postgres.is_here():
        pytest.skip(postgres.NOT_HERE)
    with postgres.database() as name:
        urls: dict[str, Any] = {"DATABASE_URL": postgres.server().url(name), "BUCKET_URL": f"file://{bucket}"}
        environ = environment(DATA_DIR=str(tmp_path / "data"), **urls)

        def run(*arguments: str, **changes: str) -> Result:
            return CliRunner().invoke(main, arguments, env={**environ, **changes})

        yield run


def test_makes_the_tables_once(call: Call) -> None:
    shown = call("storage", "status")
    assert (shown.exit_code, shown.stdout.count("lacking")) == (1, len(STEPS))
    made = call("storage", "migrate")
    assert (made.exit_code, made.stdout.split()) == (0, STEPS)
    again = call("storage", "migrate")
    assert (again.exit_code, again.stdout) == (0, "")
    shown = call("storage", "status", "--json")
    assert (shown.exit_code, json.loads(shown.stdout)) == (0, [{"step": step, "applied": True} for step in STEPS])


@pytest.mark.parametrize("command", ["migrate", "status"])
def test_needs_a_database(call: Call, command: str) -> None:
    absent = call("storage", command, TB_DALLE_DATABASE_URL="", TB_DALLE_BUCKET_URL="")
    assert (absent.exit_code, "TB_DALLE_DATABASE_URL" in absent.stderr) == (2, True)
    away = call("storage", command, TB_DALLE_DATABASE_URL="postgresql://dalle:pass@127.0.0.1:1/none")
    assert (away.exit_code, "cannot be reached" in away.stderr, "pass" in away.stderr) == (5, True, False)


def test_lets_doctor_look_at_database_and_bucket(call: Call, bucket: Path) -> None:
    shown = {row["check"]: row for row in json.loads(call("doctor", "--json").stdout)}
    assert (shown["database"]["level"], shown["schema"]["level"]) == ("ok", "error")
    assert shown["word databases"]["level"] == "error"
    bucket.mkdir()
    assert call("storage", "migrate").exit_code == 0
    shown = {row["check"]: row for row in json.loads(call("doctor", "--json").stdout)}
    assert {"database", "schema", "privileges", "clock", "pooler", "latency", "bucket"} <= shown.keys()
    assert [row for row in shown.values() if row["level"] == "error"] == []


def test_does_what_its_examples_say(call: Call, tmp_path: Path) -> None:
    folder = tmp_path / "older"
    put(folder, "simple", f"0x{1:040x}")
    lines = [line.split() for line in examples() if line.startswith("dalleserver storage ")]
    assert {words[2] for words in lines} == {"migrate", "status", "copy"}
    assert call("storage", "migrate").exit_code == 0
    for _, *words in sorted(lines, key=lambda words: words[-1] == "cluster", reverse=True):
        found = call(*(word.replace("/var/lib/dalleserver", str(folder)) for word in words))
        assert found.exit_code == 0, (words, found.output)
    (there,) = Path(f"{folder}-back").glob("output/*/annotated/*.png")
    assert there.read_bytes() == next(folder.glob("output/*/annotated/*.png")).read_bytes()


def test_names_database_and_bucket_where_a_command_cannot_use_them(call: Call) -> None:
    ended = call("runs", TB_DALLE_DATABASE_URL="postgresql://nobody@127.0.0.1:1/nothing")
    assert ended.exit_code == 5
    assert ended.stderr.startswith("Error: database or bucket cannot be used (the database cannot be reached")
    assert "data folder" not in ended.stderr
