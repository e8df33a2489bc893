"""For operators: `/health`, `/metrics`, `/errors`."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, current_app, g, request

from app.monitoring import exposition
from app.monitoring.incidents import Incident
from app.monitoring.telemetry import Telemetry
from app.web import errors, replies
from dalle.errors import InvalidRequest, ServiceUnavailable

blueprint = Blueprint("ops", __name__)


def telemetry() -> Telemetry:
    """Returns the telemetry of the application that handles this request."""
    current: Telemetry = current_app.extensions["dalle.telemetry"]
    return current


@blueprint.get("/health")
def health() -> Response:
    service = telemetry().state.health
    match request.args.get("check"):
        case "liveness":
            return replies.envelope({"status": "alive", **service.liveness()})
        case "readiness":
            if not (assessment := service.assess()).ready:
                raise ServiceUnavailable(assessment.trouble)
            return replies.envelope({"status": "ready", **service.liveness()})
        case None:
            data = service.data(assessment := service.assess())
            if assessment.status != "unhealthy":
                return replies.envelope(data)
            return errors.shape(503, "SERVICE_UNAVAILABLE", "The service is not healthy", assessment.trouble, data=data)
    raise InvalidRequest("check: expected liveness or readiness")


@blueprint.get("/metrics", endpoint="metrics")
def show_metrics() -> Response:
    figures = telemetry().exposition
    if request.args.get("format") == "json":
        return replies.envelope(figures.tree())
    return replies.unstored(Response(figures.text(g.request_id), content_type=exposition.CONTENT_TYPE))


@blueprint.get("/errors", endpoint="errors")
def show_errors() -> Response:
    figures, latest = telemetry().exposition, telemetry().incidents.latest()
    totals = figures.error_totals()
    if request.args.get("format") == "json":
        return replies.envelope({**totals, "latest": [asdict(incident) for incident in latest]})
    return replies.text(error_page(totals, latest, figures.started))


def error_page(totals: dict[str, Any], latest: list[Incident], started: float) -> str:
    """Returns the errors as text for people."""
    lines = [f"{totals['total']} errors since {moment(started)}", "", "by code"]
    lines += [f"{count:8}  {code}" for code, count in totals["by_code"].items()]
    lines += ["", "by endpoint"]
    lines += [f"{count:8}  {endpoint}" for endpoint, count in totals["by_endpoint"].items()]
    lines += ["", f"the last {len(latest)}"] + [incident_line(incident) for incident in latest]
    return "\n".join(lines) + "\n"


def incident_line(incident: Incident) -> str:
    source = f"{incident.endpoint} {incident.key}".strip()
    request_id = incident.request_id or "-"
    details = incident.details
    if not details.isprintable():
        details = details.encode("unicode_escape").decode()
    return f"{moment(incident.time)}  {request_id:8}  {incident.status}  {incident.code:22}  {source}  {details}"


def moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%SZ")
