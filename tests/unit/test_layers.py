"""The package graph: which package may import which. `python -m tests.unit.test_layers` prints it."""

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.kit.repository import ROOT

GROUND = {
    "atomic", "correlation", "data", "eip55", "errors", "events", "host", "key", "quiet_log", "redaction", "threads",
}  # fmt: skip
"""Modules and packages that anything may import; they import nothing but each other."""
ARROWS: dict[str, set[str]] = {
    "words": set(),
    "imaging": set(),
    "storage": {"words", "imaging"},
    "outcome": {"storage"},
    "webhooks": {"storage"},
    "limits": {"storage", "webhooks"},
    "pictures": {"imaging", "storage"},
    "copying": {"pictures", "storage"},
    "progress": {"outcome", "storage"},
    "painters": {"imaging", "limits", "storage", "webhooks", "words"},
    "sketches": {"imaging", "painters", "storage", "words"},
    "workshop": {"painters", "words"},
    "gallery": {"pictures", "storage", "words"},
    "runs": {"imaging", "outcome", "painters", "pictures", "progress", "storage", "webhooks", "words"},
    "audit": {"imaging", "limits", "pictures", "progress", "storage"},
    "settings": {"painters", "runs", "webhooks", "words"},
    "engines": {"settings", "storage"},
    "library": {"settings", "storage", "words"},
    "studio": {
        "gallery", "outcome", "painters", "pictures", "progress", "runs", "sketches", "storage", "words", "workshop",
    },
    "compose": {
        "engines", "gallery", "library", "painters", "pictures", "progress", "runs", "settings", "storage", "studio",
        "webhooks", "words",
    },
}  # fmt: skip
"""Package of dalle → the packages it may import, beside the ground. No circle: each stands below those it imports."""
APP_ARROWS: dict[str, set[str]] = {
    "settings": {"suggestion", "values"},
    "webhooks": {"suggestion"},
    "network": {"settings"},
    "config": {"links", "network", "settings", "values", "webhooks"},
    "environment": {"config", "settings", "suggestion", "values", "webhooks"},
    "wiring": {"config"},
    "privileges": {"config", "environment"},
    "notices": {"config", "wiring"},
    "example": {"config", "settings"},
    "monitoring": {"config"},
    "web": {"assets", "config", "environment", "logs", "monitoring", "suggestion", "wiring"},
    "server": {"config", "web", "wiring"},
    "serving": {"config", "environment", "logs", "monitoring", "notices", "privileges", "server"},
    "client": {"config", "environment", "logs", "privileges", "settings", "suggestion", "wiring"},
    "checks": {"client", "config", "environment", "monitoring", "notices", "suggestion", "wiring"},
    "commands": {
        "checks",
        "client",
        "config",
        "environment",
        "example",
        "links",
        "privileges",
        "server",
        "settings",
        "suggestion",
        "wiring",
    },
    "cli": {"client", "commands"},
    "wsgi": {"config"},
}  # fmt: skip
"""The same for app; assets, links, logs, suggestion, values and wsgi import nothing of it."""
ENGINES = ("dalle/storage/folder/", "dalle/storage/cluster/")
KEEPERS = (*ENGINES, "dalle/storage/local/")
"""What writes files and takes locks: the storage engines, and what a host keeps to itself for any of them."""
MOST_MODULES, MOST_LINES, MOST_FUNCTION, MOST_PARTS = 16, 300, 40, 6

Import = tuple[Path, str]


@cache
def nodes(path: Path) -> list[ast.AST]:
    return list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


@cache
def sources(top: str) -> list[Path]:
    return sorted((ROOT / top).rglob("*.py"))


@cache
def modules() -> set[str]:
    """The dotted names of all our modules and packages."""
    paths = [path.relative_to(ROOT).with_suffix("") for top in ("app", "dalle", "tests") for path in sources(top)]
    return {".".join(path.parts).removesuffix(".__init__") for path in paths}


@cache
def imports(path: Path) -> tuple[str, ...]:
    """Return the dotted names of modules that a file imports, those for type checking too."""
    return tuple(names(path))


def names(path: Path) -> Iterator[str]:
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                name = f"{node.module}.{alias.name}"
                yield name if name in modules() else node.module


def package(dotted: str) -> str:
    """The package of dalle that a name belongs to: "dalle.words.seed" → "words"."""
    return dotted.split(".")[1] if "." in dotted else ""


def arrows(top: str = "dalle") -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for path in sources(top):
        own = package(".".join(path.relative_to(ROOT).with_suffix("").parts))
        targets = {package(name) for name in imports(path) if name.startswith(f"{top}.")}
        found.setdefault(own, set()).update(targets - {own, "", "__init__"})
    return found


def test_imports_along_the_arrows_only() -> None:
    found = arrows()
    for own, targets in sorted(found.items()):
        if own in GROUND:
            assert targets <= GROUND, own
        elif own != "__init__":
            assert targets - GROUND <= ARROWS[own], own
    assert found.keys() - GROUND - {"__init__"} == ARROWS.keys()


def test_imports_along_the_arrows_of_app_only() -> None:
    found = {own: targets for own, targets in arrows("app").items() if targets and own != "__init__"}
    assert found == APP_ARROWS


@pytest.mark.parametrize("table", [ARROWS, APP_ARROWS], ids=["dalle", "app"])
def test_has_no_circle(table: dict[str, set[str]]) -> None:
    order = list(table)
    for own, targets in table.items():
        assert all(order.index(target) < order.index(own) for target in targets & table.keys()), own


def test_knows_no_arrow_that_nothing_needs() -> None:
    found = arrows()
    assert {own: targets - found[own] for own, targets in ARROWS.items() if targets - found[own]} == {}


def test_lets_dalle_know_nothing_of_the_web() -> None:
    for path in sources("dalle"):
        tops = {name.partition(".")[0] for name in imports(path)}
        assert not tops & {"app", "flask", "werkzeug", "gunicorn", "click", "dotenv"}, path.name


def test_lets_one_module_know_the_engines() -> None:
    for path in [*sources("dalle"), *sources("app")]:
        for engine in ENGINES:
            found = {name for name in imports(path) if name.startswith(engine.replace("/", ".")[:-1])}
            own = str(path.relative_to(ROOT)).startswith((engine, "dalle/engines.py"))
            assert not found or own or is_for_typing(path, found), path


def is_for_typing(path: Path, found: set[str]) -> bool:
    """Return whether a module only names the types of another: it imports nothing of it when it runs."""
    tests = [node for node in nodes(path) if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"]
    typing = {each.module for node in tests for each in ast.walk(node) if isinstance(each, ast.ImportFrom)}
    return all(any(name == module or name.startswith(f"{module}.") for module in typing if module) for name in found)


def test_takes_locks_in_the_storage_engine_only() -> None:
    """But for locks that concern one host alone: the counters of one service."""
    takers = {
        str(path.relative_to(ROOT)) for top in ("app", "dalle") for path in sources(top) if "fcntl" in imports(path)
    }
    engine = {name for name in takers if name.startswith(KEEPERS)}
    assert takers - engine == {"dalle/atomic.py", "app/monitoring/incidents.py", "app/monitoring/multiprocess.py"}


def test_writes_files_in_the_storage_engine_only() -> None:
    """But for the file that a user names on the command line."""
    users = {
        str(path.relative_to(ROOT))
        for top in ("app", "dalle")
        for path in sources(top)
        if any(name == "dalle.atomic" or name.startswith("dalle.atomic.") for name in imports(path))
    }
    assert {name for name in users if not name.startswith(KEEPERS)} == {"app/client/result.py"}


def test_changes_the_state_of_a_journal_in_its_own_module_only() -> None:
    for path in sources("dalle"):
        if path == ROOT / "dalle/storage/journal.py":
            continue
        for node in nodes(path):
            if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                assert not [one for one in targets if isinstance(one, ast.Attribute) and one.attr == "state"], path
            elif isinstance(node, ast.Call) and "journal" in ast.unparse(node).lower():
                assert not [keyword for keyword in node.keywords if keyword.arg == "state"], path


def test_reads_the_environment_in_one_place() -> None:
    readers = {
        str(path.relative_to(ROOT))
        for top in ("app", "dalle")
        for path in sources(top)
        if re.search(r"\bos\.environ\b|\bgetenv\b", path.read_text(encoding="utf-8"))
    }
    # app/cli.py: NO_COLOR, which belongs to the terminal and not to the service
    assert readers == {
        "app/cli.py",
        "app/environment.py",
        "app/commands/run.py",
        "app/monitoring/multiprocess.py",
    }


@pytest.mark.parametrize("top", ["app", "dalle"])
def test_keeps_packages_and_modules_small(top: str) -> None:
    counts: dict[Path, int] = {}
    for path in sources(top):
        if "sketch" not in path.parts and path.name != "__init__.py":
            counts[path.parent] = counts.get(path.parent, 0) + 1
        assert len(path.read_text(encoding="utf-8").splitlines()) <= MOST_LINES, path
    assert {folder: count for folder, count in counts.items() if count > MOST_MODULES} == {}


@pytest.mark.parametrize("top", ["app", "dalle"])
def test_keeps_functions_small(top: str) -> None:
    """Longer ones are tables."""
    tables = {"app/monitoring/metrics.py:__init__"}
    for path in sources(top):
        for node in nodes(path):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                first = node.body[0]
                docstring = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
                start = (first.end_lineno or 0) + 1 if docstring and len(node.body) > 1 else first.lineno
                length = (node.end_lineno or 0) - start + 1
                name = f"{path.relative_to(ROOT)}:{node.name}"
                assert length <= MOST_FUNCTION or name in tables, f"{name} has {length} lines"


def test_builds_nothing_of_more_than_six_parts() -> None:
    """A collaborator is a parameter whose type is a class of ours; settings are one object."""
    classes = {
        path: [node for node in nodes(path) if isinstance(node, ast.ClassDef)]
        for top in ("app", "dalle")
        for path in sources(top)
    }
    ours = {built.name for found in classes.values() for built in found}
    for path, found in classes.items():
        for built in found:
            for made in (node for node in built.body if isinstance(node, ast.FunctionDef) and node.name == "__init__"):
                types = [
                    ast.unparse(part.annotation) for part in (*made.args.args, *made.args.kwonlyargs) if part.annotation
                ]
                parts = [kind for kind in types if set(re.findall(r"\w+", kind)) & ours]
                assert len(parts) <= MOST_PARTS, f"{path.relative_to(ROOT)}: {built.name} is built of {parts}"


def test_matches_no_settings_by_inspection() -> None:
    for top in ("app", "dalle"):
        assert [path.name for path in sources(top) if "inspect" in imports(path)] == []


def graph() -> str:
    """The arrows in rows, each package above those that may import it."""
    rows = [f"{own:9} -> {', '.join(sorted(targets)) or 'ground'}" for own, targets in ARROWS.items()]
    return "\n".join([*rows, f"{'ground':9} =  {', '.join(sorted(GROUND))}"])


def test_is_drawn_in_the_architecture() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    drawn = re.search(r"<!-- packages -->\n```\n(.*?)\n```", text, re.DOTALL)
    assert drawn
    assert drawn[1] == graph()


if __name__ == "__main__":
    sys.stdout.write(f"{graph()}\n")
