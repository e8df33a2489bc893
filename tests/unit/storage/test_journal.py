import json
from pathlib import Path
from typing import Any

import pytest

from dalle.errors import FileSystemError
from dalle.storage import journal as journals
from dalle.storage.journal import Journal, NewerJournal
from tests.kit.fakes import KEY, attempt


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.json"


def test_comes_back_as_it_was_written(path: Path) -> None:
    journal = Journal(KEY.series, KEY.address, runId="r", attempts=[attempt(used=True)], dress={"a": [1]})
    journals.write(path, journal, durable=True)
    assert journals.read(path) == journal


def test_is_none_when_it_is_missing(path: Path) -> None:
    assert journals.read(path) is None


@pytest.mark.parametrize("garbage", [b"", b"{", b"[]", b"null1", b"{}", b'{"version":"x"}', b"\xff\xfe"])
def test_refuses_garbage(path: Path, garbage: bytes) -> None:
    path.write_bytes(garbage)
    with pytest.raises(FileSystemError):
        journals.read(path)


@pytest.mark.parametrize(
    ("name", "value"),
    [("retryAtNs", "soon"), ("state", "odd"), ("attempts", [{"number": "1"}]), ("phases", []), ("dress", None)],
)
def test_refuses_fields_of_a_wrong_type(path: Path, name: str, value: Any) -> None:
    journals.write(path, Journal(KEY.series, KEY.address))
    path.write_text(json.dumps(json.loads(path.read_text()) | {name: value}))
    with pytest.raises(FileSystemError):
        journals.read(path)


def test_leaves_a_newer_version_alone_and_ignores_new_fields(path: Path) -> None:
    journals.write(path, Journal(KEY.series, KEY.address))
    written = json.loads(path.read_text())
    path.write_text(json.dumps(written | {"later": 1}))
    assert journals.read(path) == Journal(KEY.series, KEY.address)
    path.write_text(json.dumps(written | {"version": journals.VERSION + 1}))
    with pytest.raises(NewerJournal):
        journals.read(path)


def test_knows_the_newest_attempt_of_its_own_run() -> None:
    journal = Journal(KEY.series, KEY.address, runId="run2", attempts=[attempt(), attempt(number=2, runId="run2")])
    assert journal.last is journal.attempts[1]
    journal.runId = "run3"
    assert journal.last is None
