"""The monitoring kit: every query names metrics and labels that exist."""

import json
import re

import pytest
from prometheus_client.parser import text_string_to_metric_families

from app.monitoring.exposition import Exposition
from app.monitoring.gauges import Reading
from app.monitoring.metrics import Metrics
from tests.kit.repository import ROOT

KIT = ROOT / "deploy" / "monitoring"
NGINX = {"nginx_http_requests_total", "nginx_connections_active"}  # of prometheus-nginx-exporter
SCRAPED = {"up": {"job", "instance"}}  # made by Prometheus
READING = Reading(
    jobs={"queued": 1, "running": 1},
    oldest=1,
    budget_left=1,
    images_left=1,
    webhooks=1,
    memory=1,
    disk_free=1,
    disk_used=0.5,
)


def everything() -> dict[str, set[str]]:
    """Sample name → labels of all our metrics, each with a sample."""
    metrics = Metrics()
    exposition = Exposition(metrics, version="1", started=0, read=lambda: READING)
    metrics.answered("/series", "GET", 200, 0.1)
    metrics.failed("NOT_FOUND", "unmatched")
    metrics.run_ended("", "sketch", 1)
    metrics.phase_ended("annotate", 1, "FILE_SYSTEM_ERROR")
    metrics.attempt_ended("image", "m", "q", "accepted", "", 1)
    metrics.spent("m", "q", 1, {"input": 1})
    labels: dict[str, set[str]] = {}
    for family in text_string_to_metric_families(exposition.text("deadbeef").decode()):
        for sample in family.samples:
            labels.setdefault(sample.name, set()).update(sample.labels)
    return labels


def dashboard_queries() -> list[str]:
    board = json.loads((KIT / "dashboard.json").read_text())
    return [target["expr"] for panel in board["panels"] for target in panel.get("targets", [])]


def rule_queries() -> list[str]:
    return re.findall(r"^ +expr: (.+)$", (KIT / "alerts.yml").read_text(), re.MULTILINE)


QUERIES = [*dashboard_queries(), *rule_queries()]
EXISTING = everything() | SCRAPED | {name: {"instance", "job"} for name in NGINX}
SHARED = ("jobs", "queue_", "budget_", "circuit_breaker_state", "webhooks_pending")
"""Of gauges that several hosts which work together all report."""
WORDS = {
    "by",
    "le",
    "or",
    "and",
    "sum",
    "min",
    "max",
    "count",
    "rate",
    "increase",
    "absent",
    "histogram_quantile",
    "inf",
}


@pytest.mark.parametrize("query", QUERIES)
def test_asks_for_metrics_and_labels_that_exist(query: str) -> None:
    bare = re.sub(r'"[^"]*"|\$__\w+|\[[^]]*\]', " ", query)
    labels = set(re.findall(r"(\w+)\s*(?:=~|!~|!=|=(?!=))", bare))
    labels |= {label.strip() for group in re.findall(r"by \(([^)]*)\)", bare) for label in group.split(",")}
    names = set(re.findall(r"\b[a-z_]\w*\b", re.sub(r"\{[^}]*\}|by \([^)]*\)", " ", bare))) - WORDS
    assert names
    assert names <= set(EXISTING), names - set(EXISTING)
    for label in labels - {"instance", "job"}:
        assert any(label in EXISTING[name] for name in names), label


@pytest.mark.parametrize(
    "query", [query for query in QUERIES if any(f"dalleserver_{name}" in query for name in SHARED)]
)
def test_says_once_what_several_hosts_share(query: str) -> None:
    assert all(part.strip().startswith(("max", "min", "sum by (job)")) for part in re.split(r"\b(?:or|and)\b", query))


@pytest.mark.parametrize("query", dashboard_queries())
def test_shows_hosts_apart_or_together(query: str) -> None:
    """A legend without the host would have the same line for each."""
    board = json.loads((KIT / "dashboard.json").read_text())
    targets = [target for panel in board["panels"] for target in panel.get("targets", ())]
    (legend,) = {target.get("legendFormat", "") for target in targets if target["expr"] == query}
    together = re.match(r"(sum|min|max|count|histogram_quantile)\b", query)
    assert ("{{instance}}" in legend) == (not together or "by (instance)" in query) or "nginx" in query


def test_finds_queries_to_look_at() -> None:
    assert len(dashboard_queries()) > 20
    assert len(rule_queries()) > 8


def test_covers_what_an_operator_must_hear_of() -> None:
    rules = "\n".join(rule_queries())
    for name in (
        "circuit_breaker_state",
        "queue_oldest_seconds",
        "disk_used_ratio",
        "requests_total",
        "spend_usd_total",
        "webhooks_given_up_total",
        'attempts_total{outcome="unknown"}',
    ):
        assert name in rules


def test_lays_the_panels_out_without_overlap() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in json.loads((KIT / "dashboard.json").read_text())["panels"]:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not cells & taken, panel["title"]
        assert max(x for x, _ in cells) < 24
        taken |= cells
