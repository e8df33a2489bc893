"""The command line as a whole: its table of commands."""

from pathlib import Path

import click
import pytest

from app.cli import COMMANDS, main

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize("name", COMMANDS)
def test_lists_each_command_with_its_own_short_help(name: str) -> None:
    command = main.get_command(click.Context(main), name)
    assert command is not None
    assert (command.name, command.get_short_help_str(limit=100)) == (name, COMMANDS[name][1])


def test_knows_no_other_commands() -> None:
    assert main.get_command(click.Context(main), "paint") is None


@pytest.mark.parametrize("name", COMMANDS)
def test_has_each_command_in_the_documentation(name: str) -> None:
    text = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    assert f"dalleserver {name} " in text or f"dalleserver {name}\n" in text
