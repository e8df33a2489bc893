"""`/api`: the document of openapi.py as a page for people, which needs no script."""

import re
from typing import Any

from flask import Blueprint, Response, render_template
from markupsafe import Markup, escape

from app import assets
from app.web import replies
from app.web.programs import openapi

blueprint = Blueprint("reference", __name__)

SCHEMAS = "#/components/schemas/"


@blueprint.get("/api")
def page() -> Response:
    """Returns the page. Raises DalleError."""
    api = openapi.filled()
    html = render_template(
        "api.html", api=api, sections=sections(api), everywhere=openapi.EVERYWHERE, asset=assets.versioned
    )
    return replies.document(html.encode(), "text/html")


@blueprint.app_template_filter()
def marked(text: str) -> Markup:
    """Returns a text whose code, between backticks, is marked up."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))  # noqa: S704 (it is escaped)


def sections(api: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Returns the operations of each tag, with method and path, and without references to parameters and answers."""
    found: dict[str, list[dict[str, Any]]] = {tag["name"]: [] for tag in api["tags"]}
    for path, operations in api["paths"].items():
        for method, operation in operations.items():
            shown = {
                **operation,
                "method": method.upper(),
                "path": path,
                "parameters": [resolved(api, one) for one in operation.get("parameters", ())],
                "responses": {status: resolved(api, one) for status, one in operation["responses"].items()},
            }
            found[operation["tags"][0]].append(shown)
    return found


def resolved(api: dict[str, Any], value: dict[str, Any]) -> dict[str, Any]:
    """Returns what a value refers to, or itself; with the schemas of its content (`schemas`)."""
    found: Any = value
    if "$ref" in value:
        found = api
        for name in value["$ref"].removeprefix("#/").split("/"):
            found = found[name]
    return {**found, "schemas": [name for name in names(found.get("content", {})) if name != "Envelope"]}


def names(value: Any) -> list[str]:
    """Returns the names of the schemas that a part of the document refers to, each once."""
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    found = [name for part in parts for name in names(part)]
    if isinstance(value, dict) and str(value.get("$ref", "")).startswith(SCHEMAS):
        found.append(value["$ref"].removeprefix(SCHEMAS))
    return list(dict.fromkeys(found))
