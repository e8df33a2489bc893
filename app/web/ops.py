"""For operators: `/health`, `/metrics`, `/errors`."""

from dataclasses import asdict
from datetime import UTC, datetime

from flask import Blueprint, Response, current_app, g, request

from app.monitoring import metrics
from app.monitoring.incidents import Incident
from app.monitoring.telemetry import Telemetry
from app.web import errors, replies
from dalle.errors import InvalidRequest, ServiceUnavailable

blueprint = Blueprint("ops", __name__)


def telemetry() -> Telemetry:
    """That of the application that handles this request."""
    found: Telemetry = current_app.extensions["dalle.telemetry"]
    return found


@blueprint.get("/health")
def health() -> Response:
    checked = telemetry().health
    match request.args.get("check"):
        case "liveness":
            return replies.envelope({"status": "alive", **checked.alive()})
        case "readiness":
            report = checked.report()
            if not report.ready:
                raise ServiceUnavailable(report.trouble)
            return replies.envelope({"status": "ready", **checked.alive()})
        case None:
            report = checked.report()
        case _:
            raise InvalidRequest("check: expected liveness or readiness")
    data = checked.data(report)
    if report.status != "unhealthy":
        return replies.envelope(data)
    return errors.shape(503, "SERVICE_UNAVAILABLE", "The service is not healthy", report.trouble, data=data)


@blueprint.get("/metrics", endpoint="metrics")
def show_metrics() -> Response:
    if request.args.get("format") == "json":
        return replies.envelope(telemetry().tree())
    text = telemetry().text(g.request_id)
    return replies.unstored(Response(text, content_type=metrics.CONTENT_TYPE))


@blueprint.get("/errors", endpoint="errors")
def show_errors() -> Response:
    latest = telemetry().incidents.latest()
    totals = telemetry().totals()
    if request.args.get("format") == "json":
        return replies.envelope({**totals, "latest": [asdict(incident) for incident in latest]})
    lines = [f"{totals['total']} errors since {moment(telemetry().started)}", "", "by code"]
    lines += [f"{count:8}  {code}" for code, count in totals["by_code"].items()]
    lines += ["", "by endpoint"]
    lines += [f"{count:8}  {endpoint}" for endpoint, count in totals["by_endpoint"].items()]
    lines += ["", f"the last {len(latest)}"] + [told(incident) for incident in latest]
    return replies.text("\n".join(lines) + "\n")


def told(incident: Incident) -> str:
    """One line for people."""
    where = f"{incident.endpoint} {incident.key}".strip()
    request_id = incident.request_id or "-"
    details = incident.details.encode("unicode_escape").decode() if not incident.details.isprintable() else ""
    details = details or incident.details
    return f"{moment(incident.time)}  {request_id:8}  {incident.status}  {incident.code:22}  {where}  {details}"


def moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%SZ")
