"""The service as schemathesis sees it, which makes requests up from /openapi.json: alone and behind nginx."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kit.nginx import NGINX, Nginx, Place
from tests.kit.ports import free_port
from tests.kit.repository import ROOT
from tests.kit.stub import Stub

HERE = Path(__file__).parent
EXAMPLES = os.environ.get("DALLE_EXAMPLES", "")
"""Requests made up for each operation; "": a few, and behind nginx only, with what is at the limits of parameters."""
PICTURE = "/dalle/simple/0xf503017d7baf7fbc0fff7492b751025c6a78179b"


@pytest.fixture(scope="module")
def urls() -> Iterator[dict[str, str]]:
    """A service that pays a stub, and nginx in front of it."""
    with Stub() as stub, Place() as place:
        port = free_port()
        with place.service(port=port, variables=stub.variables, NO_ENHANCE=1) as service, Nginx(place) as nginx:
            service.client.painted(PICTURE)
            yield {"alone": f"http://127.0.0.1:{port}", "behind nginx": nginx.client.url}


@pytest.mark.nginx
@pytest.mark.skipif(not NGINX, reason="nginx is not installed")
@pytest.mark.parametrize("where", ["alone", "behind nginx"])
def test_answers_as_the_document_says(urls: dict[str, str], where: str, tmp_path: Path) -> None:
    command = (sys.executable, "-m", "schemathesis.cli", "--config-file", str(HERE / "schemathesis.toml"), "run")
    # One thread: it parses its own source while it works, which in several fails in Python 3.11 ("AST constructor
    # recursion depth mismatch").
    options = ["--max-examples", EXAMPLES or "2", "--no-color", "--request-timeout", "90", "--workers", "1"]
    if not EXAMPLES:
        options += ["--seed", "1"]
        options += ["--phases", "examples,stateful"] * (where == "alone")
    done = subprocess.run(
        [*command, f"{urls[where]}/openapi.json", *options],
        cwd=tmp_path,
        env={**os.environ, "SCHEMATHESIS_HOOKS": "tests.service.openapi.checks", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
