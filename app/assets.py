"""Templates and static files: part of the installed package, links to their folders in a checkout."""

import hashlib
from functools import cache
from pathlib import Path

from flask import url_for

HERE = Path(__file__).resolve().parent


def folder(name: str) -> Path:
    """Absolute path of `templates` or `static`."""
    return (HERE / name).resolve()


@cache
def digest(name: str) -> str:
    """Eight digits that change with the content of a static file."""
    return hashlib.sha256((folder("static") / name).read_bytes()).hexdigest()[:8]


def versioned(name: str) -> str:
    """The URL of a static file, with its digest: it may be kept for ever."""
    return url_for("static", filename=name, v=digest(name))
