"""The checks of nginx."""

from pathlib import Path

import pytest

from app.checks.nginx import nginx
from tests.unit.app.checks.conftest import Configure


@pytest.fixture
def sites(tmp_path: Path) -> Path:
    folder = tmp_path / "nginx" / "sites-enabled"
    folder.mkdir(parents=True)
    return folder


def test_expects_no_site(config: Configure, sites: Path) -> None:
    (sites / "other.conf").write_text("server { root /somewhere/else; }\n")
    assert nginx(config(), sites.parents[1] / "output", sites.parent).level == "ok"


def test_warns_of_a_site_that_sends_files_from_elsewhere(config: Configure, sites: Path) -> None:
    (sites / "dalle.conf").write_text("server {\n  root /somewhere/else;\n  # dalle\n}\n")
    finding = nginx(config(), sites.parents[1] / "output", sites.parent)
    assert (finding.level, "/somewhere/else" in finding.message) == ("warning", True)


def test_accepts_the_root_of_a_site_in_quotes(config: Configure, sites: Path, tmp_path: Path) -> None:
    (sites / "dalle.conf").write_text(f'server {{\n  root "{tmp_path}/output";\n  # dalle\n}}\n')
    assert "sends files from" not in nginx(config(), sites.parents[1] / "output", sites.parent).message
