from pathlib import Path

import pytest

from dalle.atomic import append_line
from dalle.storage.codec import encode_json
from dalle.storage.folder.calls import FolderCalls

LINE = {"runId": "run1", "kind": "image", "number": 1, "sentNs": 6}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "calls.jsonl"


def test_notes_a_repeated_call_once(path: Path) -> None:
    calls = FolderCalls(path)
    append_line(path, b'{"torn": "run1\n')
    append_line(path, encode_json(LINE | {"number": 2}))
    append_line(path, encode_json(LINE | {"runId": "run9"}))
    for _ in range(2):
        calls.note(LINE, repeated=True)
    assert list(calls.since()).count(LINE) == 1
    assert len(list(calls.since())) == 3


def test_recognises_the_lines_of_version_0_that_name_no_kind(path: Path) -> None:
    append_line(path, encode_json({"runId": "run1", "number": 1, "sentNs": 6}))
    FolderCalls(path).note(LINE, repeated=True)
    assert len(path.read_text().splitlines()) == 1


def test_takes_a_call_for_new_unless_it_may_be_repeated(path: Path) -> None:
    for _ in range(2):
        FolderCalls(path).note(LINE)
    assert len(list(FolderCalls(path).since())) == 2


def test_leaves_out_what_is_older_or_torn(path: Path) -> None:
    calls = FolderCalls(path)
    calls.note(LINE)
    append_line(path, b'{"sentNs": \n')
    append_line(path, b"[]")
    calls.note(LINE | {"sentNs": 9})
    assert [call["sentNs"] for call in calls.since()] == [6, 9]
    assert [call["sentNs"] for call in calls.since(7)] == [9]


def test_stops_no_run_when_it_cannot_be_written(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path.mkdir()
    FolderCalls(path).note(LINE, repeated=True)
    assert "the call log cannot be written" in caplog.text


def test_has_no_calls_without_a_file(path: Path) -> None:
    assert list(FolderCalls(path).since()) == []
