import json
from pathlib import Path

import pytest

from dalle.runs.averages import BUILT_IN, Averages


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "metrics" / "progress_phase_stats.json"


def test_has_something_to_go_by_before_the_first_run(path: Path) -> None:
    assert Averages(path).durations() == BUILT_IN


def test_moves_by_a_fifth_for_all_workers(path: Path) -> None:
    one, other = Averages(path), Averages(path)
    one.learn({"setup": 100})
    assert other.durations()["setup"] == 100
    other.learn({"setup": 200})
    assert one.durations()["setup"] == 120
    written = json.loads(path.read_text())
    assert written["version"] == "v1"
    assert written["phaseAverages"] == {"setup": {"count": 2, "avgNs": 120}}
    assert written["generationRuns"] == 2


def test_writes_the_sum_of_cache_hits(path: Path) -> None:
    averages = Averages(path)
    for _ in range(3):
        averages.count_cache_hit()
    assert not path.exists()
    averages.flush()
    averages.flush()
    assert json.loads(path.read_text())["cacheHits"] == 3


@pytest.mark.parametrize(
    "garbage", [b"", b"[]", b'{"phaseAverages": {"setup": {"avgNs": "x"}}}', b'{"phaseAverages": 1}']
)
def test_starts_anew_from_a_damaged_file(path: Path, garbage: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(garbage)
    averages = Averages(path)
    assert averages.durations() == BUILT_IN
    averages.learn({"setup": 7})
    assert averages.durations()["setup"] == 7
