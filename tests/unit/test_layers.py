"""The arrow between the two packages, and what a start may import."""

import ast
import re
import subprocess
import sys
from pathlib import Path

from tests.kit.repository import ROOT


def imported(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.partition(".")[0])
    return names


def test_lets_dalle_know_nothing_of_the_web() -> None:
    modules = sorted((ROOT / "dalle").rglob("*.py"))
    assert len(modules) > 20
    for path in modules:
        assert not imported(path) & {"app", "flask", "werkzeug", "gunicorn", "click", "dotenv"}, path.name


def test_reads_the_environment_in_one_place() -> None:
    readers = {
        str(path.relative_to(ROOT))
        for folder in ("app", "dalle")
        for path in (ROOT / folder).rglob("*.py")
        if re.search(r"\bos\.environ\b|\bgetenv\b", path.read_text(encoding="utf-8"))
    }
    # app/cli.py: NO_COLOR, which belongs to the terminal and not to the service
    assert readers <= {
        "app/cli.py",
        "app/environment.py",
        "app/commands/run.py",
        "app/serving.py",
        "app/monitoring/multiprocess.py",
    }


def test_imports_the_provider_library_only_when_it_is_used() -> None:
    code = "import app, app.cli, sys; sys.exit('openai' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, timeout=60)


def test_keeps_words_and_imaging_pure() -> None:
    for package in ("words", "imaging"):
        allowed = {f"dalle.{name}" for name in (package, "data", "errors", "key")}
        for path in (ROOT / "dalle" / package).glob("*.py"):
            code = path.read_text(encoding="utf-8")
            lines = re.findall(r"^\s*(?:from (dalle[\w.]*) import (\w+)|import (dalle[\w.]*))", code, re.MULTILINE)
            modules = [plain or (f"dalle.{name}" if module == "dalle" else module) for module, name, plain in lines]
            assert {".".join(module.split(".")[:2]) for module in modules} <= allowed, path.name
