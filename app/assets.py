"""Templates and static files: part of the installed package, links to their folders in a checkout."""

import hashlib
from functools import cache
from pathlib import Path

from flask import url_for

HERE = Path(__file__).resolve().parent


def folder(name: str) -> Path:
    """Returns the absolute path of `templates` or `static`."""
    return (HERE / name).resolve()


@cache
def digest(name: str) -> str:
    """Returns eight hexadecimal digits that change with the content of a static file."""
    return hashlib.sha256((folder("static") / name).read_bytes()).hexdigest()[:8]


def versioned(name: str) -> str:
    """Returns the URL of a static file with its digest, which may be cached forever."""
    return url_for("static", filename=name, v=digest(name))
