import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dalle.progress.averages import BUILT_IN
from dalle.progress.report import body, report_of, share
from dalle.storage.journal import Journal
from dalle.storage.phase import PHASES
from tests.kit.fakes import KEY

SECOND = 1_000_000_000


def at(phase: str, *, state: str = "running", percent: float = 0.0) -> Journal:
    """A run that entered `phase` a moment after each earlier phase."""
    journal = Journal(KEY.series, KEY.address, run_id="r", state=state, started_ns=1, percent=percent)  # type: ignore[arg-type]
    for number, entry in enumerate(journal.phases, 1):
        entry.started_ns = number * SECOND
        if entry.name == phase:
            break
        entry.ended_ns = (number + 1) * SECOND
    return journal


def test_holds_no_null_and_every_scalar_twice() -> None:
    value = json.loads(body(report_of(at("image_wait"), BUILT_IN, 9 * SECOND, position=3)))
    data = value["data"]
    assert None not in data.values()
    assert data["queuePosition"] == value["queuePosition"] == 3
    assert [phase["name"] for phase in data["phases"]] == list(PHASES)
    assert data["currentPhase"] == data["current"] == "image_wait"
    assert (data["phaseIndex"], data["phaseCount"]) == (5, 8)


@given(st.lists(st.floats(0, 1e6), min_size=2, max_size=30))
def test_never_lets_percent_fall_nor_reach_a_hundred_before_the_end(moments: list[float]) -> None:
    journal, last = at("image_wait"), 0.0
    for moment in sorted(moments):
        percent = report_of(journal, BUILT_IN, round((6 + moment) * SECOND))["percent"]
        assert last <= percent <= 99
        last = percent


def test_starts_from_the_percent_that_was_reported_before() -> None:
    assert report_of(at("setup", percent=42.0), BUILT_IN, 2 * SECOND)["percent"] == 42


@pytest.mark.parametrize(("state", "percent", "name"), [("completed", 100, "completed"), ("failed", 42, "failed")])
def test_says_a_hundred_only_without_an_error(state: str, percent: float, name: str) -> None:
    journal = at("completed" if state == "completed" else "setup", state=state, percent=42.0)
    report = report_of(journal, BUILT_IN, 20 * SECOND)
    assert (report["done"], report["percent"], report["current"], report["etaSeconds"]) == (True, percent, name, 0)


def test_reports_a_failure_in_the_same_way_at_any_time() -> None:
    journal = at("image_wait", state="failed")
    journal.phase("image_wait").ended_ns = 7 * SECOND
    journal.phase("image_wait").error = "OPENAI_TIMEOUT: too late"
    first, later = (report_of(journal, BUILT_IN, moment * SECOND) for moment in (8, 4000))
    assert first | {"updatedNs": 0} == later | {"updatedNs": 0}
    # The phase that failed has not been done: it had gone on for two seconds.
    working = at("image_wait")
    assert first["percent"] == report_of(working, BUILT_IN, 7 * SECOND)["percent"] < 90


def test_counts_a_phase_that_went_wrong_and_was_excused() -> None:
    journal = at("image_prep")
    before = report_of(journal, BUILT_IN, 6 * SECOND)["percent"]
    journal.phase("enhance_prompt").error = "OPENAI_TIMEOUT: too late"
    assert report_of(journal, BUILT_IN, 6 * SECOND)["percent"] == before


def test_counts_nothing_for_skipped_phases() -> None:
    journal = at("image_prep")
    journal.phase("enhance_prompt").skipped = True
    report = report_of(journal, BUILT_IN, 6 * SECOND)
    assert report["etaSeconds"] < sum(BUILT_IN.values()) / 1e9
    assert report["percent"] < 1


@given(st.floats(0, 1e12), st.floats(1, 1e11))
def test_always_moves_within_a_phase(elapsed: float, average: float) -> None:
    assert 0 <= share(elapsed, average) < 1
    assert share(elapsed, average) <= share(elapsed + average / 10, average)
