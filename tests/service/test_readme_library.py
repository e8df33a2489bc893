"""The package as the README shows it to programs."""

import re
import subprocess
import sys
from pathlib import Path

import dalle
from tests.kit.repository import ROOT


def test_makes_a_picture_in_the_ten_lines_of_the_readme(tmp_path: Path) -> None:
    section = (ROOT / "README.md").read_text(encoding="utf-8").partition("## As a library")[2]
    block = re.search(r"```python\n(.*?)```", section, re.DOTALL)
    assert block
    lines = block[1].splitlines()
    assert len([line for line in lines if line.strip()]) <= 10
    done = subprocess.run(
        [sys.executable, "-W", "error::ResourceWarning", "-c", block[1]],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert done.stdout.strip()
    assert (tmp_path / "picture.png").read_bytes().startswith(b"\x89PNG")


def test_loads_the_studio_only_when_it_is_asked_for() -> None:
    code = "import sys, dalle; assert 'dalle.studio' not in sys.modules; dalle.Studio; assert 'PIL' in sys.modules"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, timeout=60)


def test_has_nothing_else_to_offer() -> None:
    assert not hasattr(dalle, "Picture")
    assert {name for name in dalle.__all__ if hasattr(dalle, name)} == {"Key", "Studio", "__version__"}
