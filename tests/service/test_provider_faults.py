"""The paid provider behind four real workers: what a fault becomes in report, journal, metric and log."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kit.stub import API_KEY
from tests.service.paying import Paying, paying


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Paying]:
    """One that never opens its breaker for failures in a row, so that the faults do not disturb each other."""
    folder = tmp_path_factory.mktemp("provider")
    with paying(folder, BREAKER_FAILURES="1000", BREAKER_PAUSE="10ms", DOWNLOAD_TIMEOUT="2s") as running:
        yield running


MATRIX = [
    ("moderation", 1, "CONTENT_BLOCKED", "refused"),
    ("size", 1, "OPENAI_UNAVAILABLE", "refused"),
    ("401", 1, "OPENAI_AUTH", "refused"),
    ("403", 1, "OPENAI_AUTH", "refused"),
    ("404", 1, "OPENAI_UNAVAILABLE", "refused"),
    ("408", 1, "OUTCOME_UNKNOWN", "unknown"),
    ("409", 1, "OUTCOME_UNKNOWN", "unknown"),
    ("429", 3, "OPENAI_RATE_LIMIT", "refused"),
    ("429_after", 3, "OPENAI_RATE_LIMIT", "refused"),
    ("quota", 1, "OPENAI_QUOTA", "refused"),
    ("500", 3, "OPENAI_UNAVAILABLE", "refused"),
    ("500_gateway", 1, "OUTCOME_UNKNOWN", "unknown"),
    ("502", 1, "OUTCOME_UNKNOWN", "unknown"),
    ("503_after", 3, "OPENAI_UNAVAILABLE", "refused"),
    ("slow", 1, "OUTCOME_UNKNOWN", "unknown"),
    ("drip", 1, "OUTCOME_UNKNOWN", "unknown"),
    ("drip_headers", 1, "OUTCOME_UNKNOWN", "unknown"),
    ("reset_before", 1, "OUTCOME_UNKNOWN", "unknown"),
    ("reset_after", 1, "OUTCOME_UNKNOWN", "unknown"),
    ("half", 1, "OUTCOME_UNKNOWN", "unknown"),
    ("html", 1, "OUTCOME_UNKNOWN", "unknown"),
    ("truncated_json", 1, "IMAGE_DOWNLOAD_ERROR", "accepted"),
    ("empty_data", 1, "IMAGE_DOWNLOAD_ERROR", "accepted"),
    ("null_data", 1, "IMAGE_DOWNLOAD_ERROR", "accepted"),
    ("broken_base64", 1, "IMAGE_DOWNLOAD_ERROR", "accepted"),
    ("tiny", 1, "IMAGE_DOWNLOAD_ERROR", "accepted"),
    ("huge", 1, "IMAGE_DOWNLOAD_ERROR", "accepted"),
    ("url_missing", 1, "IMAGE_DOWNLOAD_ERROR", "accepted"),
]


@pytest.mark.parametrize(("fault", "calls", "code", "outcome"), MATRIX, ids=[row[0] for row in MATRIX])
def test_records_a_fault_alike_in_report_journal_metric_and_log(
    fault: str, calls: int, code: str, outcome: str, service: Paying
) -> None:
    service.script({"rules": [{"fault": fault, "wait": 0.01}]})
    label = f'dalleserver_error_code_total{{code="{code}"}}'
    before = service.metric("dalleserver_openai_requests_total"), service.metric(label)
    seen = len(service.text())
    path, report = service.run()
    assert (report["errorCode"], report["done"]) == (code, True)
    assert report["error"]
    assert report["percent"] < 100
    assert service.stub.images() == calls
    journal = service.journal(path)
    assert journal["errorCode"] == code
    assert [attempt["outcome"] for attempt in journal["attempts"]] == [outcome] * calls
    assert service.metric(label) == before[1] + 1
    assert service.metric("dalleserver_openai_requests_total") >= before[0] + calls
    log = service.text()
    assert code in log[seen:]
    assert API_KEY not in log + json.dumps(report) + json.dumps(journal)


def test_paints_again_after_all_that(service: Paying) -> None:
    time.sleep(0.05)
    service.script({})
    path, report = service.run()
    assert report["errorCode"] == ""
    assert service.ask(path).headers["content-type"] == "image/png"


def test_lets_the_offline_artist_paint_while_the_breaker_is_open(tmp_path: Path) -> None:
    with paying(tmp_path, FALLBACK="sketch", BREAKER_FAILURES="1") as service:
        service.script({"rules": [{"fault": "502"}]})
        assert service.run()[1]["errorCode"] == "OUTCOME_UNKNOWN"
        path, report = service.run()
        assert report["errorCode"] == ""
        assert service.stub.images() == 1
        assert service.journal(path)["painter"] != "openai"
