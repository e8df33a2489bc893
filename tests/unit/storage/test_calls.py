"""What the folder engine promises of calls besides `CallLogTests`."""

from pathlib import Path

import pytest

from dalle.atomic import append_line
from dalle.storage.codec import encode_json
from dalle.storage.folder.calls import FolderCallLog

LINE = {"runId": "run1", "kind": "image", "number": 1, "sentNs": 6}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "calls.jsonl"


def test_leaves_out_torn_lines(path: Path) -> None:
    calls = FolderCallLog(path)
    for torn in (b'{"torn": "run1\n', b'{"sentNs": \n', b'{"sentNs":"x"}\n', b"[]"):
        append_line(path, torn)
    for _ in range(2):
        calls.note(LINE, repeated=True)
    assert list(calls.since()) == [LINE]


def test_recognises_the_lines_of_version_0_that_name_no_kind(path: Path) -> None:
    append_line(path, encode_json({"runId": "run1", "number": 1, "sentNs": 6}))
    FolderCallLog(path).note(LINE, repeated=True)
    assert len(path.read_text().splitlines()) == 1


def test_stops_no_run_when_it_cannot_be_written(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path.mkdir()
    FolderCallLog(path).note(LINE, repeated=True)
    assert "the call log cannot be written" in caplog.text
