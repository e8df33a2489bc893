"""`/files/…`: the output folder, read-only; and `/static/…` by the same rules."""

import mimetypes
import os
import stat
from pathlib import Path

from flask import Blueprint, Response

from app import assets
from app.web import replies
from dalle.errors import NotFound
from dalle.outcome import Ready

blueprint = Blueprint("files", __name__)

TYPES = {".webp": "image/webp", ".txt": "text/plain", ".json": "application/json"}


@blueprint.get("/files", defaults={"name": ""})
@blueprint.get("/files/", defaults={"name": ""})
@blueprint.get("/files/<rest:name>")
def show(name: str) -> Response:
    return answer(replies.studio().store.output, name)


def static(filename: str) -> Response:
    """Returns a file of the package. Flask's own route would send another ETag than the web server in front."""
    return answer(assets.folder("static"), filename)


def answer(folder: Path, name: str) -> Response:
    suffix = Path(name).suffix.lower()
    mimetype = TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    return replies.stream(opened(folder, name), mimetype)


def opened(folder: Path, name: str) -> Ready:
    """Opens the regular file of that name below the folder. Raises NotFound for everything else.

    That includes dot files, links to the outside, folders, pipes and names that no file system accepts.
    """
    parts = name.split("/")
    if "\0" in name or any(not part or part.startswith(".") for part in parts):
        raise NotFound("file not found")
    try:
        path = folder.joinpath(*parts).resolve(strict=True)
        if not path.is_relative_to(folder.resolve()):
            raise NotFound("file not found")
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError, RuntimeError):
        raise NotFound("file not found") from None
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        os.close(descriptor)
        raise NotFound("file not found")
    return Ready(os.fdopen(descriptor, "rb"), status)
