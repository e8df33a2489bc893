"""The Python that is needed."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.kit.repository import ROOT

FIRST = ["app/__init__.py", "dalle/__init__.py"]
"""What any entry point imports first."""
NEEDED = "dalleserver needs Python 3.11 or newer, and this is 3.10"


@pytest.mark.parametrize("module", ["app.cli", "app.wsgi", "app.serving", "dalle", "dalle.compose"])
def test_names_the_python_that_is_needed_before_anything_else_fails(module: str) -> None:
    old = f"import sys; sys.version_info = (3, 10, 4, 'final', 0); sys.path.insert(0, {str(ROOT)!r}); import {module}"
    # Isolated and without packages, as a Python is that nothing was installed for.
    command = [sys.executable, "-I", "-S", "-c", old]
    result = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (result.returncode, result.stderr.splitlines()[-1].removeprefix("ImportError: ")) == (1, NEEDED)


@pytest.mark.parametrize("name", FIRST)
def test_can_be_parsed_by_an_older_python_that_far(name: str) -> None:
    ast.parse(Path(ROOT / name).read_text(encoding="utf-8"), feature_version=(3, 7))
