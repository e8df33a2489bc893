"""The fastest that stock gunicorn can be: a WSGI callable that answers ready bytes or a file, without a framework.

Frozen: do not improve it, nor run it under our own worker. A baseline that follows the product hides its gains.
"""

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

Start = Callable[[str, list[tuple[str, str]]], Any]

FOLDER = Path(os.environ["BENCH_BARE_FOLDER"])
BODIES = {f"/{path.name}": path.read_bytes() for path in FOLDER.glob("*.json")}


def application(environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
    """Answers `/<name>.json` from memory and `/<name>.png` through the server's file wrapper."""
    path = environ["PATH_INFO"]
    body = BODIES.get(path)
    if body is not None:
        start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]
    file = open(FOLDER / path.lstrip("/"), "rb")  # noqa: SIM115 — the server closes it
    size = os.fstat(file.fileno()).st_size
    start_response("200 OK", [("Content-Type", "image/png"), ("Content-Length", str(size))])
    wrapped: Iterable[bytes] = environ["wsgi.file_wrapper"](file, 65536)
    return wrapped
