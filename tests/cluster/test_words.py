"""Several hosts paint from the same words, or one of them does not start."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.kit import postgres
from tests.kit.environment import environment
from tests.kit.ports import free_port
from tests.kit.repository import ROOT
from tests.kit.service import Service


def test_starts_no_host_with_other_words(tmp_path: Path) -> None:
    if not postgres.is_here():
        pytest.skip(postgres.NOT_HERE)
    words = tmp_path / "words"
    shutil.copytree(ROOT / "dalle/data/databases", words)
    with open(words / "nouns.csv", "a", encoding="utf-8") as file:
        file.write("v1,sea otter,sea otters,otter,otter,animals\n")
    folders = [tmp_path / name for name in ("one", "other")]
    for folder in folders:
        folder.mkdir()
    with postgres.database() as name:
        urls: dict[str, Any] = {
            "DATABASE_URL": postgres.server().url(name),
            "BUCKET_URL": f"file://{tmp_path}/bucket",
            "WORKERS": 1,
        }
        with Service(folders[0], **urls):
            done = subprocess.run(
                [sys.executable, "-m", "app.cli", "run"],
                cwd=ROOT,
                env=environment(DATA_DIR=folders[1], DATABASES_DIR=words, PORT=free_port(), **urls),
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
            )
        assert (done.returncode, "these word databases are not those that the other hosts use" in done.stderr) == (
            2,
            True,
        )
        assert "Traceback" not in done.stderr
