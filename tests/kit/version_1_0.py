"""Version 1.0 of the program, out of the history: during a reload, two versions work on one data folder."""

import subprocess
from pathlib import Path

import pytest

from tests.kit.repository import ROOT

COMMIT = "c40461877fa154d9b24e5ec5a4b239e13855b02e"


def extract(folder: Path) -> Path:
    """Put the tree of version 1.0 into a folder; skip the test where the history does not reach back so far."""
    if subprocess.run(["git", "cat-file", "-e", COMMIT], cwd=ROOT, check=False, capture_output=True).returncode:
        pytest.skip(f"version 1.0 ({COMMIT[:7]}) is not in this history: a shallow clone, or no clone at all")
    archive = subprocess.run(["git", "archive", COMMIT], cwd=ROOT, check=True, capture_output=True).stdout
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["tar", "-x", "-C", str(folder)], input=archive, check=True)
    return folder
