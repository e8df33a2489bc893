"""`dalleserver series edit` and `new --edit` with real editors."""

import json
import os
import pty
import re
import stat
import sys
from pathlib import Path

import pytest

from tests.kit.waiting import PATIENCE
from tests.service.cli.conftest import Workplace


@pytest.fixture
def editor(workplace: Workplace) -> Path:
    """A program that takes the place of an editor: each call writes the next text of `texts/` into the file."""
    program = workplace.folder / "bin" / "my-editor"
    program.write_text(
        f"#!{sys.executable}\n"
        "import pathlib, sys\n"
        f"texts = sorted(pathlib.Path({str(workplace.folder)!r}, 'texts').iterdir())\n"
        "assert sys.argv[1] == '--wait' and sys.argv[2].endswith('.json'), sys.argv\n"
        "pathlib.Path(sys.argv[2]).write_bytes(texts[0].read_bytes())\n"
        "texts[0].unlink()\n"
    )
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    (workplace.folder / "texts").mkdir()
    (workplace.folder / "drafts").mkdir()
    workplace.environ |= {"VISUAL": "my-editor --wait", "TMPDIR": str(workplace.folder / "drafts")}
    return program


def types(workplace: Workplace, *texts: str) -> None:
    for number, text in enumerate(texts):
        (workplace.folder / "texts" / f"{number}").write_text(text)


def drafts(workplace: Workplace) -> list[Path]:
    return list((workplace.folder / "drafts").rglob("*.json"))


def saved(workplace: Workplace, name: str) -> str:
    return (workplace.data / "series" / f"{name}.json").read_text()


def test_saves_what_the_editor_leaves(workplace: Workplace, editor: Path) -> None:
    types(workplace, '{"purpose": "Another."}')
    result = workplace.call("dalleserver", "series", "edit", "simple")
    assert (result.returncode, result.stdout) == (0, "simple is saved.\n"), result.stderr
    assert saved(workplace, "simple") == '{"purpose": "Another."}'
    assert list((workplace.folder / "drafts").iterdir()) == []


def test_makes_no_file_where_nothing_was_changed(workplace: Workplace) -> None:
    workplace.environ["EDITOR"] = "true"
    assert workplace.call("dalleserver", "series", "edit", "simple").stdout == "simple was not changed.\n"
    assert not (workplace.data / "series" / "simple.json").exists()
    assert workplace.call("dalleserver", "series", "new", "owls", "--edit").returncode == 0
    assert json.loads(saved(workplace, "owls"))["suffix"] == "owls"


def test_keeps_the_draft_of_what_cannot_be_used(workplace: Workplace, editor: Path) -> None:
    types(workplace, '{"nouns": ["zzzz"]}')
    result = workplace.call("dalleserver", "series", "edit", "simple")
    assert (result.returncode, "no row contains 'zzzz'" in result.stderr) == (1, True)
    (draft,) = drafts(workplace)
    assert str(draft) in result.stderr
    assert draft.read_text() == '{"nouns": ["zzzz"]}'
    draft.write_text('{"purpose": "Mended."}')
    saving = re.search(r"(dalleserver series edit simple --file \S+) saves it", result.stderr)
    assert saving
    assert workplace.shell(saving[1]).stdout == "simple is saved.\n"


def test_offers_the_editor_again_on_a_terminal(workplace: Workplace, editor: Path) -> None:
    types(workplace, "{", '{"nouns": "owl"}', '{"nouns": ["owl"]}')
    code, shown = on_a_terminal(workplace, "y\n\n", "series", "edit", "simple")
    assert (code, shown.count("Edit it again?")) == (0, 2)
    assert '"nouns" must be a list of texts' in shown
    assert saved(workplace, "simple") == '{"nouns": ["owl"]}'
    types(workplace, "{")
    code, shown = on_a_terminal(workplace, "n\n", "series", "edit", "simple")
    assert code == 1
    (draft,) = drafts(workplace)
    assert "The draft is kept in" in shown
    assert draft.read_text() == "{"


def test_does_not_overwrite_what_was_saved_meanwhile(workplace: Workplace, editor: Path) -> None:
    """The other one saves while the editor is open."""
    other = f"dalleserver series edit simple --file {workplace.folder / 'my-series.json'}"
    editor.write_text(f'#!/bin/sh\n{other} >&2\necho \'{{"purpose": "Mine."}}\' > "$2"\n')
    result = workplace.call("dalleserver", "series", "edit", "simple")
    assert (result.returncode, "was changed meanwhile" in result.stderr) == (1, True), result.stderr
    assert saved(workplace, "simple") == (workplace.folder / "my-series.json").read_text()
    (draft,) = drafts(workplace)
    assert draft.read_text() == '{"purpose": "Mine."}\n'


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("false", "the editor ended with code 1"),
        ("no-such-editor", "the editor 'no-such-editor' cannot be started"),
        ("rm", "the editor has removed the draft"),
    ],
)
def test_saves_nothing_when_the_editor_fails(workplace: Workplace, command: str, message: str) -> None:
    workplace.environ |= {"EDITOR": command, "VISUAL": ""}
    result = workplace.call("dalleserver", "series", "edit", "simple")
    assert result.returncode in (1, 2)
    assert message in result.stderr
    assert "Traceback" not in result.stderr
    assert not (workplace.data / "series").exists()


def on_a_terminal(workplace: Workplace, typed: str, *words: str) -> tuple[int, str]:
    """Runs a command on a terminal where this is typed; returns its exit code and what is shown."""
    master, slave = pty.openpty()
    with workplace.start(*words, stdin=slave, stdout=slave, stderr=slave) as process:
        os.close(slave)
        os.write(master, typed.encode())
        shown = b""
        while True:
            try:
                part = os.read(master, 4096)
            except OSError:  # Linux says EIO when the last writer has gone
                break
            if not part:
                break
            shown += part
        code = process.wait(PATIENCE)
    os.close(master)
    return code, shown.decode()
