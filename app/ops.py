"""For operators: `/health` and `/metrics`."""

import time

from flask import Blueprint, Response, g, request

import dalle
from app import replies
from dalle.errors import InvalidRequest

blueprint = Blueprint("ops", __name__)

STARTED = time.time()


@blueprint.get("/health")
def health() -> Response:
    check = request.args.get("check")
    if check == "liveness":
        return replies.envelope({"status": "alive", "timestamp": int(time.time())})
    if check not in (None, "readiness"):
        raise InvalidRequest("check: expected liveness or readiness")
    if check == "readiness":
        return replies.envelope({"status": "ready"})
    return replies.envelope(
        {
            "status": "healthy",
            "timestamp": int(time.time()),
            "version": dalle.__version__,
            "uptime_seconds": round(time.time() - STARTED, 1),
            "components": {},
            "system": {},
        }
    )


@blueprint.get("/metrics")
def metrics() -> Response:
    up = "# HELP dalleserver_up Whether the service runs.\n# TYPE dalleserver_up gauge\ndalleserver_up 1\n"
    return replies.text(f"# Request ID: {g.request_id}\n{up}")
