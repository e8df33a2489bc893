"""A working folder with the command on the path, a stub of the provider, and a service."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.kit.environment import environment, named
from tests.kit.ports import free_port
from tests.kit.repository import ROOT
from tests.kit.service import Service
from tests.kit.stub import Stub

ADDRESS = "0xd8da6bf26964af9d7eed9e03e53415d37aa96045"


@dataclass
class Workplace:
    """A working folder, with the command on the path."""

    folder: Path
    environ: dict[str, str]

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def set(self, variables: Mapping[str, str] | None = None, **settings: Any) -> None:
        """Changes the environment of what is started from now on."""
        self.environ |= named(variables, **settings)

    def start(self, *words: str, **options: Any) -> subprocess.Popen[str]:
        options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, **options}
        return subprocess.Popen(["dalleserver", *words], cwd=self.folder, env=self.environ, **options)

    def call(self, *words: str) -> subprocess.CompletedProcess[str]:
        return self.shell(" ".join(words))

    def shell(self, line: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["sh", "-c", line],
            cwd=self.folder,
            env=self.environ,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def pictures(self) -> int:
        return len(list(self.data.glob("output/*/annotated/*.png")))

    def attempts(self) -> list[dict[str, Any]]:
        journals = [json.loads(path.read_text())["attempts"] for path in self.data.glob("runs/*/*.json")]
        return [attempt for attempts in journals for attempt in attempts]


@pytest.fixture
def workplace(tmp_path: Path) -> Workplace:
    folder = tmp_path / "bin"
    folder.mkdir()
    command = folder / "dalleserver"
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m app.cli "$@"\n')
    command.chmod(0o755)
    environ = {**environment(DATA_DIR=tmp_path / "data"), "PYTHONPATH": str(ROOT)}
    workplace = Workplace(tmp_path, {**environ, "PATH": f"{folder}{os.pathsep}{environ['PATH']}"})
    (tmp_path / "addresses.txt").write_text("".join(f"0x{number:040x}\n" for number in range(1, 4)))
    (tmp_path / "holders.csv").write_text(f"{ADDRESS},1000\n0x{1:040x},10\n")
    (tmp_path / "my-series.json").write_text('{"purpose": "A test.", "nouns": ["animals"]}')
    shutil.copytree(ROOT / "dalle/data/databases", tmp_path / "my-databases")
    return workplace


@pytest.fixture
def stub(workplace: Workplace) -> Iterator[Stub]:
    """The stub provider, in the environment of everything that is started there."""
    with Stub() as started:
        workplace.set(started.variables, NO_ENHANCE=1)
        yield started


@pytest.fixture
def served(workplace: Workplace) -> Iterator[Callable[[], str]]:
    """Starts the service by the example of its own help; returns its URL."""
    with ExitStack() as stack:

        def serve() -> str:
            port = free_port()
            command = ["dalleserver", "run", "--port", str(port), "--workers", "2"]
            service = Service(workplace.folder, command=command, url=f"http://127.0.0.1:{port}", WORKERS=None)
            service.environ = workplace.environ
            return stack.enter_context(service).url

        yield serve
