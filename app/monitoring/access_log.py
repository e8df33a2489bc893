"""The access log: one line for each request."""

import logging
from urllib.parse import quote

from flask import Request, Response, g, has_request_context

LONGEST_PATH = 400
MONITORING = frozenset({"ops.health", "ops.metrics", "ops.errors", "gallery.runs"})

access = logging.getLogger("app.access")


def request_id() -> str:
    """Returns the id of the request that this thread answers, "" outside of one."""
    return str(g.get("request_id", "")) if has_request_context() else ""


def answered(request: Request, response: Response, seconds: float, *, quiet: bool = False) -> None:
    """Writes the line of a request; a quiet one is for debugging."""
    level = logging.DEBUG if quiet else logging.INFO
    if access.isEnabledFor(level):
        target = shown_target(request)
        ms = round(seconds * 1000, 1)
        access.log(
            level,
            "%s %s %d %s ms",
            request.method,
            target,
            response.status_code,
            ms,
            extra={"method": request.method, "path": target, "status": response.status_code, "ms": ms},
        )


def is_quiet(response: Response, endpoint: str) -> bool:
    """Returns whether the request is logged at debug level only: a poll, or a request of the monitoring.

    So is one that the data folder refuses: on a full disk these lines would fill what is left (app.web.errors logs it).
    The report that answers `generate=1` counts as a poll unless it started the run: scripts poll like that.
    """
    if endpoint in MONITORING or (response.status_code == 503 and g.get("error_code") == "FILE_SYSTEM_ERROR"):
        return True
    report = endpoint == "images.show" and response.status_code == 200 and response.content_type == "application/json"
    return report and not g.get("started_run", False)


def shown_target(request: Request) -> str:
    """Returns path and query as the client sent them, percent-encoded: no control character gets into a line."""
    raw = request.environ.get("RAW_URI") or quote(request.full_path.removesuffix("?"), safe="/?&=%")
    return str(raw)[:LONGEST_PATH]
