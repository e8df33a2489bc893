import json
from pathlib import Path

import pytest

from dalle.progress.averages import BUILT_IN, Averages
from dalle.storage.folder.documents import FolderDocuments
from dalle.storage.folder.layout import Layout


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "metrics" / "progress_phase_stats.json"


def averages(path: Path) -> Averages:
    return Averages(FolderDocuments(Layout(path.parents[1])))


def test_has_something_to_go_by_before_the_first_run(path: Path) -> None:
    assert averages(path).durations() == BUILT_IN


def test_moves_by_a_fifth_for_all_workers(path: Path) -> None:
    one, other = averages(path), averages(path)
    one.run_timed({"setup": 100})
    assert other.durations()["setup"] == 100
    other.run_timed({"setup": 200})
    assert one.durations()["setup"] == 120
    written = json.loads(path.read_text())
    assert written["version"] == "v1"
    assert written["phaseAverages"] == {"setup": {"count": 2, "avgNs": 120}}
    assert written["generationRuns"] == 2


def test_writes_the_sum_of_cache_hits(path: Path) -> None:
    kept = averages(path)
    for _ in range(3):
        kept.cache_hit()
    assert not path.exists()
    kept.flush()
    kept.flush()
    assert json.loads(path.read_text())["cacheHits"] == 3


@pytest.mark.parametrize(
    "garbage", [b"", b"[]", b'{"phaseAverages": {"setup": {"avgNs": "x"}}}', b'{"phaseAverages": 1}']
)
def test_starts_again_from_a_damaged_file(path: Path, garbage: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(garbage)
    kept = averages(path)
    assert kept.durations() == BUILT_IN
    kept.run_timed({"setup": 7})
    assert kept.durations()["setup"] == 7


HISTORY = (
    b'{"timestamp": "2026-07-01T10:00:00Z", "phases": {"setup": {"count": 1, "avgNs": 7}}, "runs": 1, "cacheHits": 0}\n'
    b'{"timestamp": "2026-07-01T10:05:00Z", "phases": {"setup": {"count": 2, "avgNs": 100},'
    b' "image_wait": {"count": 2, "avgNs": 9000}}, "runs": 2, "cacheHits": 4}\n'
)
"""As the older server writes it."""


@pytest.fixture
def history(path: Path) -> Path:
    path.parent.mkdir()
    path.with_name("progress_phase_history.jsonl").write_bytes(HISTORY)
    return path.with_name("progress_phase_history.jsonl")


@pytest.mark.parametrize("torn", [b"", b'{"timestamp": "2026-07-01T10:06', b"[]\n7\n{}\n"])
def test_goes_by_the_older_servers_history_until_there_are_averages(path: Path, history: Path, torn: bytes) -> None:
    history.write_bytes(HISTORY + torn)
    kept = averages(path)
    assert kept.durations() == {**BUILT_IN, "setup": 100, "image_wait": 9000}
    assert kept.total() == 9100 / 1e9
    assert not path.exists()


def test_continues_the_older_servers_history(path: Path, history: Path) -> None:
    averages(path).run_timed({"setup": 200})
    assert averages(path).durations()["setup"] == 120
    written = json.loads(path.read_text())
    assert written["phaseAverages"] == {"setup": {"count": 3, "avgNs": 120}, "image_wait": {"count": 2, "avgNs": 9000}}
    assert (written["generationRuns"], written["cacheHits"]) == (3, 4)
    assert history.read_bytes() == HISTORY


def test_reads_the_end_of_a_long_history(path: Path, history: Path) -> None:
    history.write_bytes(b'{"phases": {"setup": {"count": 1, "avgNs": 1}}}\n' * 10_000 + HISTORY)
    assert averages(path).durations()["setup"] == 100
