"""Help, arguments and completion of every command."""

import json
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from app.cli import main
from tests.kit.repository import ROOT
from tests.unit.app.commands.conftest import ADDRESS, CLEAN, Call


def every_command(group: click.Group = main, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], click.Command]]:
    commands = []
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command
        if isinstance(command, click.Group):
            commands += every_command(command, (*path, name))
        else:
            commands.append(((*path, name), command))
    return commands


@pytest.mark.parametrize("path", [path for path, _ in every_command()], ids=" ".join)
def test_shows_an_example_and_the_exit_codes_in_every_help(call: Call, path: tuple[str, ...]) -> None:
    shown = call(*path, "--help")
    assert shown.exit_code == 0
    assert f"  dalleserver {' '.join(path)}" in shown.output
    assert "Exit code" in shown.output


def test_ends_with_2_for_wrong_arguments(call: Call) -> None:
    assert call("generate", "simple", "0x12").exit_code == 2
    assert call("generate", "nobody", ADDRESS).exit_code == 2
    assert call("generate", "simple", ADDRESS, "--timeout", "soon").exit_code == 2
    assert call("generate", "simple", ADDRESS, "--server", "ftp://x").exit_code == 2
    assert call("generate", "simple", ADDRESS, TB_DALLE_PORT="many").exit_code == 2
    assert call("generate", "simple", ADDRESS, "--json", "--out", "-").exit_code == 2


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (("generate", "simple", ADDRESS, "--server", ""), "--server"),
        (("generate", "simple", ADDRESS, "--data-dir", ""), "--data-dir"),
        (("run", "--data-dir", ""), "--data-dir"),
        (("costs", "--since", ""), "--since"),
    ],
)
def test_refuses_empty_options(call: Call, data: Path, words: tuple[str, ...], name: str) -> None:
    result = call(*words)
    assert (result.exit_code, f"'{name}': it is empty" in result.stderr) == (2, True)
    assert not data.exists()


@pytest.mark.parametrize("server", ["http://[::1", "http://127.0.0.1:99999", "http://", "ftp://x", "http://:80"])
def test_refuses_a_server_that_is_no_url(call: Call, server: str) -> None:
    result = call("poll", "simple", ADDRESS, "--server", server)
    assert (result.exit_code, "expected a URL such as" in result.stderr) == (2, True)


@pytest.mark.parametrize(
    ("incomplete", "completion"), [("war", "warm"), ("show si", "simple"), ("series s", "show"), ("costs --b", "--by")]
)
def test_completes_commands_arguments_and_options(incomplete: str, completion: str) -> None:
    words = f"dalleserver {incomplete}"
    result = CliRunner().invoke(
        main,
        prog_name="dalleserver",
        env={
            **CLEAN,
            "_DALLESERVER_COMPLETE": "bash_complete",
            "COMP_WORDS": words,
            "COMP_CWORD": str(words.count(" ")),
        },
    )
    assert f"plain,{completion}" in result.output.splitlines()


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (("generat",), "generate"),
        (("Series", "list"), "series"),
        (("series", "chek"), "check"),
        (("databases", "ls"), ""),
    ],
)
def test_asks_which_command_was_meant(call: Call, words: tuple[str, ...], meant: str) -> None:
    result = call(*words)
    assert (result.exit_code, "No such command" in result.stderr) == (2, True)
    assert (f"did you mean {meant}?" in result.stderr) is bool(meant)


def test_prints_every_setting_as_an_example_file(call: Call) -> None:
    assert call("settings").stdout == (ROOT / ".env.example").read_text(encoding="utf-8")
    rows = json.loads(call("settings", "--json").stdout)
    assert {"name": "TB_DALLE_PORT", "default": "8080"}.items() <= rows[1].items()
    assert f"\n#{rows[-1]['name']}=" in call("settings").stdout
