"""What prometheus-flask-exporter counts, and what it leaves to our own hook."""

import pytest
from flask import Flask, Response, request
from prometheus_client.parser import text_string_to_metric_families

from app.monitoring.exposition import Exposition
from app.monitoring.flask_exporter import HOT, UNMATCHED, Exporter
from app.monitoring.metrics import Metrics

COUNT = "flask_http_request_duration_seconds_count"


def counted() -> tuple[Flask, Metrics]:
    app = Flask(__name__)
    metrics = Metrics()
    exporter = Exporter(metrics.registry)

    @app.teardown_request
    def over(error: BaseException | None) -> None:
        if error is not None:
            exporter.failed(request._get_current_object())  # type: ignore[attr-defined]

    @app.after_request
    def end(response: Response) -> Response:
        exporter.answered(request.endpoint or UNMATCHED, request.method, response.status_code, 0.25)
        return response

    app.add_url_rule("/series", "images.series", lambda: "ok")
    app.add_url_rule("/dalle/<key>", HOT, lambda key: key)

    def fail() -> str:
        raise ZeroDivisionError

    app.add_url_rule("/fail", "fail", fail)
    return app, metrics


def exported(metrics: Metrics) -> bytes:
    return Exposition(metrics, version="1", started=0).text("deadbeef")


def samples(metrics: Metrics) -> dict[tuple[str, ...], float]:
    return {
        (sample.name, *(f"{name}={value}" for name, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(exported(metrics).decode())
        for sample in family.samples
        if sample.name.startswith("flask_") and not sample.name.endswith("_bucket")
    }


def test_counts_by_endpoint_and_never_by_path() -> None:
    app, metrics = counted()
    client = app.test_client()
    for path in ("/series", "/series", "/nowhere/0x1", "/nowhere/0x2"):
        client.get(path)
    counts = samples(metrics)
    assert counts[COUNT, "endpoint=images.series", "method=GET", "status=200"] == 2
    assert counts[COUNT, "endpoint=unmatched", "method=GET", "status=404"] == 2
    assert counts["flask_http_request_total", "method=GET", "status=404"] == 2
    assert "0x" not in str(counts)


def test_leaves_the_hot_path_and_made_up_methods_to_the_other_hook() -> None:
    app, metrics = counted()
    client = app.test_client()
    client.get("/dalle/simple")
    client.open("/series", method="BREW")
    assert samples(metrics) == {}


def test_counts_unhandled_exceptions() -> None:
    app, metrics = counted()
    app.test_client().get("/fail")
    counts = samples(metrics)
    assert counts["flask_http_request_exceptions_total", "method=GET", "status=500"] == 1
    assert counts["flask_http_request_total", "method=GET", "status=500"] == 1
    assert counts[COUNT, "endpoint=fail", "method=GET", "status=500"] == 1


def test_counts_two_applications_separately() -> None:
    (app, figures), (_, others) = counted(), counted()
    app.test_client().get("/series")
    assert samples(figures)
    assert samples(others) == {}


@pytest.mark.parametrize("name", ["total", "duration_seconds", "exceptions_total"])
def test_declares_each_name_with_help_and_type_from_the_start(name: str) -> None:
    lines = exported(counted()[1]).decode().splitlines()
    for word in ("HELP", "TYPE"):
        assert len([line for line in lines if line.startswith(f"# {word} flask_http_request_{name} ")]) == 1
