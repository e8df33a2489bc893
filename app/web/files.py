"""`/files/…`: the output folder, read-only; and `/static/…` by the same rules."""

import mimetypes
from pathlib import Path

from flask import Blueprint, Response

from app import assets
from app.web import replies
from dalle.errors import NotFound
from dalle.storage.blob import OpenBlob
from dalle.storage.open_file import open_below

blueprint = Blueprint("files", __name__)

TYPES = {
    ".ico": "image/x-icon",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".tiff": "image/tiff",
    ".bmp": "image/bmp",
    ".txt": "text/plain",
    ".json": "application/json",
}
"""Those that a machine's own table lacks or names otherwise."""


@blueprint.get("/files", defaults={"name": ""})
@blueprint.get("/files/", defaults={"name": ""})
@blueprint.get("/files/<rest:name>")
def show(name: str) -> Response:
    return answer(replies.studio().storage.blobs.open_public(name), name)


@blueprint.get("/favicon.ico", endpoint="icon")
def icon() -> Response:
    """Returns the icon for whatever does not read the page."""
    return static("favicon.ico")


def static(filename: str) -> Response:
    """Returns a file of the package. Flask's own route would send another ETag than the web server in front."""
    return answer(open_below(assets.folder("static"), filename), filename)


def answer(file: OpenBlob | None, name: str) -> Response:
    """Returns a file with the type that its name implies. Raises NotFound."""
    if file is None:
        raise NotFound("file not found")
    suffix = Path(name).suffix.lower()
    mimetype = TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    return replies.stream(file, mimetype)
