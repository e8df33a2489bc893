"""Completion in real shells."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.kit.repository import ROOT


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_prints_a_completion_script_for_each_shell(shell: str) -> None:
    environ = {"_DALLESERVER_COMPLETE": f"{shell}_source", "PATH": os.environ["PATH"]}
    command = [sys.executable, "-m", "app.cli"]
    result = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=True)
    assert "dalleserver" in result.stdout


def test_completes_in_bash_as_the_documentation_says() -> None:
    text = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    (line,) = [line for line in text.splitlines() if "=bash_source" in line]
    environ = {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    completion = "COMP_WORDS=(dalleserver war); COMP_CWORD=1; _dalleserver_completion dalleserver; echo ${COMPREPLY[@]}"
    command = ["bash", "--norc", "-c", f"{line}\ncomplete -p dalleserver\n{completion}"]
    result = subprocess.run(command, env=environ, capture_output=True, text=True, check=True)
    assert "_dalleserver_completion dalleserver" in result.stdout
    assert result.stdout.splitlines()[-1] == "warm"
