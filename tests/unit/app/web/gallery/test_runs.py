"""Runs in words."""

import time
from typing import Any

import pytest

from app.web.gallery import runs
from dalle.progress.report import EMPTY_DRESS
from dalle.storage.phase import PHASES


def report(**fields: Any) -> dict[str, Any]:
    present = {
        "currentPhase": "image_wait", "percent": 12.7, "etaSeconds": 20.4, "queuePosition": 0, "error": "",
        "retryAtNs": 0, "dalleDress": {**EMPTY_DRESS, "titlePrompt": "The otter"}, "phases": [], "phaseAverages": {},
    }  # fmt: skip
    return present | fields


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, "Painting: 12 %, about 21 s left"),
        ({"etaSeconds": 0}, "Painting: 12 %"),
        ({"etaSeconds": 300}, "Painting: 12 %, about 5 minutes left"),
        ({"currentPhase": "annotate", "percent": 99, "etaSeconds": 0}, "Setting the caption: 99 %"),
        ({"currentPhase": "from_another_version"}, "In progress: 12 %, about 21 s left"),
        ({"queuePosition": 1}, "Waiting: next in the queue"),
        ({"queuePosition": 4}, "Waiting: number 4 in the queue"),
        ({"error": "The account has no credit left"}, "The account has no credit left."),
        ({"error": "Refused. Why?"}, "Refused. Why?"),
    ],
)
def test_says_what_a_run_does(fields: dict[str, Any], expected: str) -> None:
    assert runs.status(report(**fields)) == expected


def test_has_words_for_every_phase() -> None:
    assert {name for name in PHASES if name != "failed"} <= set(runs.DOING)


def test_shows_a_run_without_what_no_list_needs() -> None:
    shown = runs.summary(report())
    assert shown["title"] == "The otter"
    assert shown["status"].startswith("Painting")
    assert not {"dalleDress", "phases", "phaseAverages"} & set(shown)


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(0.2, "1 s"), (45, "45 s"), (120, "120 s"), (121, "3 minutes"), (7200, "120 minutes"), (86400, "24 hours")],
)
def test_rounds_a_duration_up_to_what_people_say(seconds: float, expected: str) -> None:
    assert runs.duration(seconds) == expected


def test_says_when_a_failure_can_be_tried_again() -> None:
    assert runs.retry_label(report(retryAtNs=(time.time_ns() + 600 * 10**9))) == "Try again in 10 minutes"
    assert runs.retry_label(report(retryAtNs=(time.time_ns() - 10**9))) == "Try again"


@pytest.mark.parametrize(
    ("running", "failed", "expected"),
    [(1, 0, "1 picture in progress"), (9, 2, "9 pictures in progress, 2 failed"), (0, 1, "1 failed"), (0, 0, "")],
)
def test_counts_runs(running: int, failed: int, expected: str) -> None:
    assert runs.tally(running, failed) == expected
