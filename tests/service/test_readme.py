"""The README's commands, run as they stand against the running service."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from tests.kit.http import Client
from tests.kit.ports import free_port
from tests.kit.repository import ROOT
from tests.kit.service import Service

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
    with Image.open(tmp_path / "picture.png") as made, Image.open(ROOT / "docs" / "picture.png") as shown:
        assert (made.format, shown.mode) == ("PNG", "RGB")
        same = made.convert("RGB").resize(shown.size, Image.Resampling.LANCZOS)
        assert abs(made.width / made.height - shown.width / shown.height) < 0.01
        difference = ImageStat.Stat(ImageChops.difference(same, shown)).mean
    # The README's is scaled down. More than that makes: it is another picture, and has to be made again.
    assert max(difference) < 0.5


def test_starts_the_service_by_its_command(tmp_path: Path) -> None:
    (line,) = re.findall(r"`dalleserver (run --.*?)`", README)
    port = free_port()
    words = line.replace("8080", str(port)).replace("/srv/dalle", str(tmp_path / "data")).split()
    assert {"--workers", "4", "--lock-ttl", "5m"} <= set(words)
    command = [sys.executable, "-m", "app.cli", *words]
    with Service(tmp_path, command=command, url=f"http://127.0.0.1:{port}", DATA_DIR=None, WORKERS=None) as service:
        assert service.data.is_dir()


def test_points_to_files_that_exist() -> None:
    linked = re.findall(r"\]\(([^)]+)\)", README)
    named = [name for name in re.findall(r"`([\w./-]+/[\w./-]*)`", README) if not name.startswith(("/", "~"))]
    assert {"docs/picture.png", "scripts/poll.sh", "docs/monitoring.md"} <= {*linked, *named}
    assert [name for name in (*linked, *named) if not (ROOT / name).exists()] == []


def test_names_the_make_targets_that_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z-]+)", README)) <= targets
