"""Completion in real shells."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.kit.repository import ROOT


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_gives_each_shell_its_completion_script(shell: str) -> None:
    environ = {"_DALLESERVER_COMPLETE": f"{shell}_source", "PATH": os.environ["PATH"]}
    command = [sys.executable, "-m", "app.cli"]
    told = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=True)
    assert "dalleserver" in told.stdout


def test_completes_in_bash_as_the_documentation_says() -> None:
    text = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    (line,) = [line for line in text.splitlines() if "=bash_source" in line]
    environ = {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    asked = "COMP_WORDS=(dalleserver war); COMP_CWORD=1; _dalleserver_completion dalleserver; echo ${COMPREPLY[@]}"
    command = ["bash", "--norc", "-c", f"{line}\ncomplete -p dalleserver\n{asked}"]
    told = subprocess.run(command, env=environ, capture_output=True, text=True, check=True)
    assert "_dalleserver_completion dalleserver" in told.stdout
    assert told.stdout.splitlines()[-1] == "warm"
