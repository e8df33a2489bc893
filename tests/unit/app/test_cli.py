"""The command line as a whole: its table of commands, and what it imports."""

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from app.cli import COMMANDS, main

ROOT = Path(__file__).resolve().parents[3]
HEAVY = ("flask", "werkzeug", "jinja2", "prometheus_client", "gunicorn", "PIL", "openai", "httpx2")


@pytest.mark.parametrize("name", COMMANDS)
def test_lists_each_command_with_its_own_short_help(name: str) -> None:
    command = main.get_command(click.Context(main), name)
    assert command is not None
    assert (command.name, command.get_short_help_str(limit=100)) == (name, COMMANDS[name][1])


def test_knows_no_other_commands() -> None:
    assert main.get_command(click.Context(main), "paint") is None


@pytest.mark.parametrize("words", [("--help",), ("series", "list"), ("runs", "--server", "http://127.0.0.1:9")])
def test_imports_no_web_server_and_no_painter_unless_a_command_needs_it(tmp_path: Path, words: tuple[str, ...]) -> None:
    code = (
        "import atexit, sys\n"
        f"atexit.register(lambda: print('imported:', *sorted(sys.modules.keys() & set({HEAVY}))))\n"
        "from app.cli import main\n"
        f"main({list(words)}, prog_name='dalleserver')"
    )
    environ = {"PATH": os.environ["PATH"], "TB_DALLE_DATA_DIR": str(tmp_path / "data")}
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60, check=False
    )
    assert result.stdout.splitlines()[-1] == "imported:", result.stderr


@pytest.mark.parametrize("name", COMMANDS)
def test_has_each_command_in_the_documentation(name: str) -> None:
    text = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    assert f"dalleserver {name} " in text or f"dalleserver {name}\n" in text
