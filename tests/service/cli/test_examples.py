"""The examples in help, README and documentation work."""

import re
import shutil
from collections.abc import Callable, Iterator

import pytest
from click.testing import CliRunner

from app.cli import main
from tests.kit.data_folder import put_bytes
from tests.kit.images import png
from tests.kit.receiver import Receiver
from tests.kit.repository import ROOT
from tests.service.cli.conftest import Workplace

VITALIK = "0xd8da6bf26964af9d7eed9e03e53415d37aa96045"


def helps(*path: str) -> dict[str, str]:
    """Returns the help of every command, by its name."""
    text = CliRunner().invoke(main, [*path, "--help"], prog_name="dalleserver").stdout
    commands = text.partition("\nCommands:\n")[2].partition("\n\n")[0]
    names = re.findall(r"^  ([a-z]+)\b", commands, re.MULTILINE)
    if not names:
        return {" ".join(path): text}
    return {key: value for name in names for key, value in helps(*path, name).items()}


def examples() -> list[str]:
    """Returns the commands that help, README and documentation show."""
    lines = []
    for text in helps().values():
        shown = text.partition("Example")[2].partition("Exit code")[0]
        lines += [line for line in shown.splitlines() if re.search(r"\bdalleserver ", line)]
    for file in ("README.md", "docs/commands.md"):
        blocks = re.findall(r"```sh\n(.*?)```", (ROOT / file).read_text(encoding="utf-8"), re.DOTALL)
        lines += [line for block in blocks for line in block.splitlines() if re.match(r"dalleserver ", line)]
    return list(dict.fromkeys(line.strip() for line in lines))


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.stop()


@pytest.mark.slow
def test_does_what_its_examples_say(workplace: Workplace, served: Callable[[], str], receiver: Receiver) -> None:
    receiver.start()
    workplace.environ["EDITOR"] = "true"
    (workplace.data / "series").mkdir(parents=True)
    shutil.copy(workplace.folder / "my-series.json", workplace.data / "series")
    put_bytes(workplace.data / "archives/simple/annotated/harbour.png", png())
    workplace.set(WEBHOOK_URL=receiver.url, WEBHOOK_SECRET=receiver.secret, LINK_SECRET="9" * 32)
    url = served()
    lines = examples()
    assert len(lines) > 25
    assert "dalleserver run --port 8080 --workers 2" in lines  # that is how the service was started
    failed = []
    for line in lines:
        if line.startswith(("dalleserver run ", "dalleserver storage ")):  # the latter: tests/cluster/test_command.py
            continue
        if line.startswith("dalleserver remove"):
            assert workplace.call(line.replace("remove", "generate")).returncode == 0
        if line.startswith("dalleserver export"):
            assert workplace.call(f"dalleserver generate simple {VITALIK}").returncode == 0
        result = workplace.shell(line.replace("http://localhost:8080", url))
        too_late = line.startswith("dalleserver cancel") and result.returncode == 3
        if (result.returncode != 0 and not too_late) or "Traceback" in result.stderr:
            failed.append((line, result.returncode, result.stderr[-400:]))
    assert failed == []
    assert (workplace.folder / "vitalik.png").read_bytes().startswith(b"\x89PNG")
