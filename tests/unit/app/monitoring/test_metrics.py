"""Names, meanings and forms of the figures, in an application that counts for itself."""

import math
import re
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from app.monitoring.exposition import Exposition
from app.monitoring.gauges import Reading
from app.monitoring.metrics import REQUEST_SECONDS, Metrics
from app.monitoring.quantiles import quantile
from tests.kit.repository import ROOT

CONTRACT = [
    "dalleserver_up",
    "dalleserver_errors_total",
    "dalleserver_retries_total",
    "dalleserver_openai_requests_total",
    "dalleserver_openai_errors_total",
    "dalleserver_openai_timeouts_total",
    "dalleserver_file_operations_total",
    "dalleserver_file_operation_errors_total",
    "dalleserver_circuit_breaker_state",
    "dalleserver_response_time_ms",
    "dalleserver_error_code_total",
    "dalleserver_error_endpoint_total",
]


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


def exposition(metrics: Metrics, read: Callable[[], Reading] = Reading) -> Exposition:
    return Exposition(metrics, version="1.2.3", started=1000.0, read=read)


def busy(metrics: Metrics) -> Metrics:
    """Every event once."""
    metrics.answered("/series", "GET", 200, 0.002)
    metrics.answered("unmatched", "GET", 404, 0.001)
    metrics.failed("NOT_FOUND", "unmatched")
    metrics.run_queued()
    metrics.run_coalesced()
    metrics.folders_listed(2)
    metrics.cache_hit()
    metrics.run_ended("", "sketch", 2.0)
    metrics.run_ended("OPENAI_TIMEOUT", "openai", 7.0)
    metrics.run_ended("CANCELLED", "openai", 1.0)  # no error
    metrics.run_recovered("resumed")
    metrics.phase_ended("annotate", 0.06, "")
    metrics.phase_ended("image_wait", 7.0, "OPENAI_TIMEOUT")
    metrics.attempt_sent("image", "gpt-image-2")
    metrics.attempt_ended("image", "gpt-image-2", "low", "refused", "OPENAI_TIMEOUT", 7.0)
    metrics.attempt_timed_out("image")
    metrics.attempt_sent("image", "gpt-image-2")
    metrics.attempt_ended("image", "gpt-image-2", "low", "accepted", "", 9.0)
    metrics.spent("gpt-image-2", "low", 0.006, {"input": 100, "output": 200})
    metrics.retried("image")
    metrics.breaker_moved("OPEN")
    metrics.file_operation("write", "")
    metrics.file_operation("write", "ENOSPC")
    return metrics


def value(figures: Metrics | Exposition, name: str, **labels: str) -> float | None:
    shown = exposition(figures) if isinstance(figures, Metrics) else figures
    for family in text_string_to_metric_families(shown.text("deadbeef").decode()):
        for sample in family.samples:
            if sample.name == name and sample.labels == labels:
                return float(sample.value)
    return None


def test_begins_with_the_id_of_the_request(metrics: Metrics) -> None:
    assert exposition(metrics).text("deadbeef").startswith(b"# Request ID: deadbeef\n")


@pytest.mark.parametrize("name", CONTRACT)
def test_declares_each_name_of_the_contract_with_help_and_type_from_the_start(metrics: Metrics, name: str) -> None:
    lines = exposition(metrics).text("deadbeef").decode().splitlines()
    assert any(line.startswith(f"# HELP {name} ") for line in lines)
    assert any(line.startswith(f"# TYPE {name} ") for line in lines)


def test_starts_the_plain_counters_at_zero(metrics: Metrics) -> None:
    for name in CONTRACT:
        if name.endswith("_total") and "error_" not in name.removesuffix("_errors_total"):
            assert value(metrics, name) == 0, name


def test_says_that_it_is_up(metrics: Metrics) -> None:
    assert value(metrics, "dalleserver_up") == 1
    assert value(metrics, "dalleserver_build_info", version="1.2.3") == 1


def test_counts_every_event(metrics: Metrics) -> None:
    busy(metrics)
    expected = {
        "dalleserver_errors_total": 2,
        "dalleserver_retries_total": 1,
        "dalleserver_openai_requests_total": 2,
        "dalleserver_openai_errors_total": 1,
        "dalleserver_openai_timeouts_total": 1,
        "dalleserver_file_operations_total": 2,
        "dalleserver_file_operation_errors_total": 1,
        "dalleserver_cache_hits_total": 1,
        "dalleserver_requests_coalesced_total": 1,
        "dalleserver_runs_queued_total": 1,
    }
    assert {name: value(metrics, name) for name in expected} == expected
    assert value(metrics, "dalleserver_spend_usd_total", model="gpt-image-2", quality="low") == 0.006
    assert value(metrics, "dalleserver_tokens_total", model="gpt-image-2", direction="output") == 200
    assert value(metrics, "dalleserver_runs_total", code="OK", painter="sketch") == 1
    assert value(metrics, "dalleserver_attempts_total", kind="image", model="gpt-image-2", outcome="refused") == 1


def test_counts_each_error_once_by_code_and_once_by_endpoint(metrics: Metrics) -> None:
    busy(metrics)
    assert value(metrics, "dalleserver_error_code_total", code="NOT_FOUND") == 1
    assert value(metrics, "dalleserver_error_code_total", code="OPENAI_TIMEOUT") == 1
    assert value(metrics, "dalleserver_error_endpoint_total", endpoint="unmatched") == 1
    assert value(metrics, "dalleserver_error_endpoint_total", endpoint="generation") == 1


def test_keeps_methods_that_do_not_exist_out_of_the_labels(metrics: Metrics) -> None:
    for method in ("BREW", "WHEN"):
        metrics.answered("unmatched", method, 405, 0.001)
    assert value(metrics, "dalleserver_requests_total", endpoint="unmatched", method="other", status="405") == 2


@pytest.mark.parametrize("state", ["CLOSED", "HALF_OPEN", "OPEN"])
def test_shows_one_state_of_the_breaker(state: str) -> None:
    shown = exposition(Metrics(), lambda: Reading(breaker=state))
    for each in ("CLOSED", "HALF_OPEN", "OPEN"):
        assert value(shown, "dalleserver_circuit_breaker_state", state=each) == float(each == state)


def test_asks_for_the_state_of_the_service_at_each_scrape() -> None:
    depths = iter([3, 5])
    shown = exposition(Metrics(), lambda: Reading(jobs={"queued": next(depths)}, oldest=1.5))
    assert value(shown, "dalleserver_queue_depth") == 3
    assert value(shown, "dalleserver_queue_depth") == 5


def test_leaves_out_what_is_not_known(metrics: Metrics) -> None:
    assert value(metrics, "dalleserver_budget_left_usd") is None
    assert b"# TYPE dalleserver_budget_left_usd gauge" in exposition(metrics).text("deadbeef")


def test_knows_the_response_times_of_all_endpoints_together(metrics: Metrics) -> None:
    for number in range(100):
        metrics.answered(f"/{number % 2}", "GET", 200, 0.004 if number < 96 else 0.2)
    assert value(metrics, "dalleserver_response_time_ms", quantile="avg") == pytest.approx((96 * 4 + 4 * 200) / 100)
    assert value(metrics, "dalleserver_response_time_ms", quantile="min") == pytest.approx(4)
    assert value(metrics, "dalleserver_response_time_ms", quantile="max") == pytest.approx(200)
    p95 = value(metrics, "dalleserver_response_time_ms", quantile="0.95")
    p99 = value(metrics, "dalleserver_response_time_ms", quantile="0.99")
    assert p95 is not None
    assert p99 is not None
    assert 2.5 < p95 <= 5
    assert 100 < p99 <= 200


def test_shows_zeros_for_response_times_before_the_first_request(metrics: Metrics) -> None:
    for name in ("avg", "min", "max", "0.95", "0.99"):
        assert value(metrics, "dalleserver_response_time_ms", quantile=name) == 0


def test_interpolates_a_quantile_in_its_bucket() -> None:
    rows = [(1.0, 50.0), (2.0, 100.0), (float("inf"), 100.0)]
    assert quantile(rows, 0.5) == 1
    assert quantile(rows, 0.75) == 1.5
    assert quantile([(1.0, 0.0), (float("inf"), 10.0)], 0.5) == 1
    assert quantile([], 0.5) == 0


def test_shows_the_same_figures_as_json(metrics: Metrics) -> None:
    tree = exposition(busy(metrics)).tree()
    shown = {
        (sample.name, *sorted(sample.labels.items()))
        for family in text_string_to_metric_families(exposition(metrics).text("deadbeef").decode())
        for sample in family.samples
    }
    assert shown == {
        (sample["name"], *sorted(sample["labels"].items())) for entry in tree.values() for sample in entry["samples"]
    }
    assert tree["dalleserver_errors_total"]["type"] == "counter"
    assert tree["dalleserver_errors_total"]["samples"][0]["value"] == 2


def test_counts_two_applications_separately() -> None:
    first, second = (Metrics() for _ in range(2))
    first.run_queued()
    assert value(second, "dalleserver_runs_queued_total") == 0


def test_sets_buckets_that_ascend() -> None:
    assert list(REQUEST_SECONDS) == sorted(set(REQUEST_SECONDS))


@given(st.lists(st.floats(min_value=0.0001, max_value=60), min_size=1, max_size=200))
@settings(max_examples=50, deadline=None)
def test_knows_quantiles_within_the_resolution_of_the_histogram(durations: list[float]) -> None:
    metrics = Metrics()
    for seconds in durations:
        metrics.answered("/series", "GET", 200, seconds)
    for share in (0.95, 0.99):
        true = sorted(durations)[math.ceil(share * len(durations)) - 1]
        shown = value(metrics, "dalleserver_response_time_ms", quantile=str(share))
        bounds = [0, *REQUEST_SECONDS, math.inf]
        (low, high), *_ = ((low, high) for low, high in pairwise(bounds) if low < true <= high)
        assert shown is not None
        assert low * 1000 <= shown * (1 + 1e-9)
        assert shown <= high * 1000 * (1 + 1e-9)


def test_explains_every_name_in_the_documentation(metrics: Metrics) -> None:
    text = (ROOT / "docs" / "monitoring.md").read_text()
    explained = set(re.findall(r"`(dalleserver_\w+)", text))
    names = set(exposition(metrics).tree())
    assert names - explained == set()
    assert explained - names - {"dalleserver_request_duration_seconds_bucket"} == set()
