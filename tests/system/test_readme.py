"""The README's commands, run as they stand against the running service."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from PIL import Image

from tests.system.conftest import ROOT, Client

README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks() -> list[str]:
    """The shell blocks that talk to the service."""
    found = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    return [block for block in found if "http://127.0.0.1:8080/dalle" in block]


@pytest.mark.skipif(not (shutil.which("jq") and shutil.which("curl")), reason="needs jq and curl")
def test_shows_commands_that_make_a_picture(client: Client, tmp_path: Path) -> None:
    assert len(blocks()) == 2
    for block in blocks():
        script = block.replace("http://127.0.0.1:8080", client.url)
        subprocess.run(["sh", "-e", "-c", script], cwd=tmp_path, check=True, capture_output=True, timeout=60)
    with Image.open(tmp_path / "picture.png") as image:
        assert image.format == "PNG"


def test_names_the_make_targets_that_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z-]+)", README)) <= targets
