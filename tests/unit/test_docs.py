"""The documentation names what exists, in plain words."""

import re
from pathlib import Path

import pytest

from tests.kit.repository import ROOT

PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]
AVOIDED = re.compile(
    r"\b(knobs?|tells|anew|for ever|whoever|somebody|set aside|hands off|there is nothing)\b", re.IGNORECASE
)

every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


def test_has_pages() -> None:
    assert {"README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "CHANGELOG.md", "deploy.md"} <= {p.name for p in PAGES}


@every_page
def test_links_to_files_that_exist(page: Path) -> None:
    links = re.findall(r"\]\((?!https?://)([^)#]+)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


@every_page
def test_names_make_targets_that_exist(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    text = page.read_text(encoding="utf-8")
    shown = re.findall(r"`make ([a-z-]+)|^make ([a-z-]+)", text, re.MULTILINE)
    assert {quoted or typed for quoted, typed in shown} <= targets


@pytest.mark.parametrize("name", ["ARCHITECTURE.md", "CONTRIBUTING.md"])
def test_names_files_that_exist(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    named = re.findall(r"\b(?:app|dalle|tests|scripts|docs|deploy)/[\w./-]*[\w/]", text)
    assert len(named) > 15
    assert [path for path in named if not (ROOT / path).exists()] == []


@every_page
def test_is_written_in_plain_words(page: Path) -> None:
    assert AVOIDED.findall(page.read_text(encoding="utf-8")) == []


def test_describes_every_package() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8").partition("## Packages")[2].partition("\n## ")[0]
    described = set(re.findall(r"`((?:app|dalle)/\w+)`", text))
    packages = {path.parent for top in ("app", "dalle") for path in (ROOT / top).glob("*/__init__.py")}
    assert described == {str(path.relative_to(ROOT)) for path in packages}
