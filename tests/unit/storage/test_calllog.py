from pathlib import Path

import pytest

from dalle.storage.folder.atomic import append_line, encode_json
from dalle.storage.folder.calllog import CallLog
from dalle.storage.journal import Journal
from tests.kit.fakes import KEY, attempt


def test_knows_whether_it_has_a_call(tmp_path: Path) -> None:
    path = tmp_path / "calls.jsonl"
    log = CallLog(path)
    assert not log.has(attempt())
    append_line(path, b'{"torn": "run1\n')
    append_line(path, encode_json({"runId": "run1", "number": 2}))
    assert not log.has(attempt())
    append_line(path, encode_json({"runId": "run1", "number": 1}))
    append_line(path, encode_json({"runId": "run9", "number": 1}))
    assert log.has(attempt())


def test_notes_a_call_once_when_its_run_was_taken_over(tmp_path: Path) -> None:
    path = tmp_path / "calls.jsonl"
    journal = Journal(KEY.series, KEY.address, runId="run1", takeovers=1)
    for _ in range(2):
        CallLog(path).image(journal, attempt(outcome="unknown", url="https://secret.example", raw="bytes"))
    (line,) = path.read_text().splitlines()
    assert '"outcome":"unknown"' in line
    assert "secret" not in line


def test_stops_no_run_when_it_cannot_be_written(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "calls.jsonl").mkdir()
    CallLog(tmp_path / "calls.jsonl").image(Journal(KEY.series, KEY.address, takeovers=1), attempt())
    assert "the call log cannot be written" in caplog.text
