"""`/openapi.json`: what the service answers, as OpenAPI 3.1 has it.

`openapi.json` beside this module is written by hand. What is the same for all operations is added to each: HEAD, the id
of the request, and the answers that any request may get.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Response

from app.web import replies
from app.web.programs import addresses
from dalle import __version__

blueprint = Blueprint("openapi", __name__)

WRITTEN = Path(__file__).with_suffix(".json")
EVERYWHERE = ("400", "405", "413", "414", "429", "431", "500", "502", "503", "504")
"""What any request may be answered, here or by the web server in front."""
METHODS = frozenset({"get", "post", "delete"})


@blueprint.get("/openapi.json")
def document() -> Response:
    """Returns the document of this server at this moment. Raises DalleError."""
    described = filled()
    for operations in described["paths"].values():
        for method in operations.keys() & METHODS:
            complete(operations[method])
        if "get" in operations:
            operations["head"] = head(operations["get"])
    return replies.document(f"{replies.ENCODER.encode(described)}\n".encode(), replies.JSON)


def filled() -> dict[str, Any]:
    """Returns the document with version, server and series. Raises InvalidRequest for a request without a host."""
    described: dict[str, Any] = json.loads(written())
    described["info"]["version"] = __version__
    described["servers"] = [{"url": addresses.base()}]
    described["components"]["schemas"]["Series"]["enum"] = replies.studio().series()
    return described


@cache
def written() -> str:
    return WRITTEN.read_text(encoding="utf-8")


def complete(operation: dict[str, Any]) -> None:
    """Adds what is the same for all operations."""
    operation["parameters"] = [*operation.get("parameters", ()), {"$ref": "#/components/parameters/X-Request-ID"}]
    shared = {status: {"$ref": f"#/components/responses/{status}"} for status in EVERYWHERE}
    operation["responses"] = dict(sorted((shared | operation["responses"]).items()))


def head(operation: dict[str, Any]) -> dict[str, Any]:
    """Returns the HEAD of a GET: the same without a body. It starts and removes nothing."""
    return {**operation, "operationId": f"{operation['operationId']}Head", "summary": "The headers of GET, and no body"}
