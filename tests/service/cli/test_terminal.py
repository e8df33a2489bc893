"""Output on a terminal."""

import os
import pty
import re

import pytest

from tests.kit.waiting import PATIENCE
from tests.service.cli.conftest import ADDRESS, Workplace


@pytest.mark.parametrize("columns", [60, 120])
def test_shows_bar_and_colours_to_a_terminal_within_its_width(workplace: Workplace, columns: int) -> None:
    workplace.environ |= {"TERM": "xterm", "COLUMNS": str(columns)}
    shown = on_a_terminal(workplace, "generate", "simple", ADDRESS)
    assert "\x1b[32m" in shown
    assert "] " in shown
    assert "%" in shown
    bars = [plain(line) for line in re.split(r"[\r\n]", shown) if "[#" in line or "[-" in line]
    assert bars
    assert all(len(line) <= columns for line in bars)
    table = on_a_terminal(workplace, "preview", ADDRESS)
    assert all(len(plain(line)) <= columns for line in table.splitlines())
    texts = plain(on_a_terminal(workplace, "preview", ADDRESS, "simple")).split("\n")
    assert max(len(line.rstrip()) for line in texts) <= columns
    assert " ".join(line.strip() for line in texts).count("customs officer") >= 2  # no word is torn in two
    workplace.environ["NO_COLOR"] = "please"
    assert "\x1b[32m" not in on_a_terminal(workplace, "poll", "simple", ADDRESS)


def plain(text: str) -> str:
    """Returns the text without colours and movements of the cursor."""
    return re.sub(r"\x1b\[[?0-9;]*[A-Za-z]", "", text)


def on_a_terminal(workplace: Workplace, *words: str) -> str:
    """Runs a command on a terminal; returns what it prints there."""
    master, slave = pty.openpty()
    with workplace.start(*words, stdin=slave, stdout=slave, stderr=slave) as process:
        os.close(slave)
        shown = b""
        while True:
            try:
                part = os.read(master, 4096)
            except OSError:  # Linux says EIO when the last writer has gone
                break
            if not part:
                break
            shown += part
        assert process.wait(PATIENCE) == 0, shown
    os.close(master)
    return shown.decode()
