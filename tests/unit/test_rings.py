"""What each ring of tests may know, and what the kit refuses."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.kit.environment import environment, named
from tests.kit.ports import free_port
from tests.kit.repository import ROOT
from tests.kit.waiting import wait

TESTS = ROOT / "tests"
STARTERS = {"subprocess", "multiprocessing"} | {
    f"tests.kit.{name}" for name in ("nginx", "processes", "program", "service", "stub")
}
SERVERS = {
    "http.server",
    "socketserver",
    "wsgiref.simple_server",
    "werkzeug.serving",
    "tests.stub_openai.server",
    "tests.kit.provider.serving",
    "tests.kit.receiver.Receiver",
}
LISTENING = {"bind", "listen", "create_server", "serve_forever"}
SYSTEM = sorted((TESTS / "system").glob("*.py"))


@cache
def nodes(path: Path) -> list[ast.AST]:
    return list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


def imported(path: Path) -> Iterator[str]:
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield str(node.module)


def serves(path: Path) -> set[str]:
    """The names in a module by which it starts a server."""
    found = set(imported(path)) & SERVERS
    for node in nodes(path):
        if isinstance(node, ast.ImportFrom):
            found |= {name for alias in node.names if (name := f"{node.module}.{alias.name}") in SERVERS}
        elif isinstance(node, ast.Attribute) and node.attr in LISTENING:
            found.add(node.attr)
    return found


@pytest.mark.parametrize(
    "path", [*SYSTEM, TESTS / "kit" / "http.py", TESTS / "kit" / "waiting.py"], ids=lambda p: p.name
)
def test_lets_the_system_ring_know_a_url_only(path: Path) -> None:
    ours = {name for name in imported(path) if name.split(".")[0] in ("app", "dalle", "tests", "bench")}
    allowed = {"tests.kit.http", "tests.kit.waiting"}
    if path.name == "conftest.py":
        allowed.add("tests.kit.service")  # imported only where no URL is named
    assert ours <= allowed
    assert not {"pathlib", "os", "subprocess"} & set(imported(path))


def test_starts_no_process_in_the_unit_ring() -> None:
    starters = {
        str(path.relative_to(ROOT)): names
        for path in (TESTS / "unit").rglob("*.py")
        if path != Path(__file__) and (names := STARTERS & set(imported(path)))
    }
    assert starters == {}


def test_listens_on_no_socket_in_the_unit_ring() -> None:
    servers = {str(path.relative_to(ROOT)): names for path in (TESTS / "unit").rglob("*.py") if (names := serves(path))}
    assert servers == {}


@pytest.mark.parametrize(
    "line",
    [
        "import http.server",
        "from http import server",
        "from http.server import ThreadingHTTPServer",
        "from tests.kit.provider import provider, serving",
        "socket.create_server(place)",
    ],
)
def test_knows_what_starts_a_server(line: str, tmp_path: Path) -> None:
    module = tmp_path / "test_x.py"
    module.write_text(line)
    assert serves(module)


def test_refuses_a_setting_that_does_not_exist() -> None:
    with pytest.raises(ValueError, match="TB_DALLE_LONGEST_RUN is not a known setting"):
        environment(LONGEST_RUN="10m")
    with pytest.raises(ValueError, match="TB_DALLE_WORKER is not a known setting"):
        named({"TB_DALLE_WORKER": "3"})


def test_keeps_the_machines_settings_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TB_DALLE_QUEUE", "7")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-real")
    cleaned = environment(WORKERS=2, QUEUE=None)
    assert cleaned["TB_DALLE_WORKERS"] == "2"
    assert not {"TB_DALLE_QUEUE", "OPENAI_API_KEY"} & cleaned.keys()


def test_names_no_port_twice() -> None:
    assert len({free_port() for _ in range(50)}) == 50


def test_says_what_it_waited_for_in_vain() -> None:
    with pytest.raises(AssertionError, match="in vain for rain"):
        wait(lambda: False, "rain", 0)
