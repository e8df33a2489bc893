"""The checks of `doctor`, one by one."""

from datetime import date
from pathlib import Path

import pytest

from app.checks import folder, setup
from app.checks.nginx import nginx
from app.checks.provider import model
from dalle.storage.folder.layout import Store
from tests.kit.configuration import configured

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("listed", "level", "said"),
    [
        ({}, "error", "not listed"),
        ({"m": {}}, "ok", "no end announced"),
        ({"m": {"shutdown_date": None}}, "ok", "no end announced"),
        ({"m": {"shutdown_date": "whenever"}}, "ok", "no end announced"),
        ({"m": {"shutdown_date": "2026-12-01"}}, "warning", "in 8 days"),
        ({"m": {"shutdown_date": "2026-11-22T00:00:00Z"}}, "error", "was shut down"),
        ({"m": {"shutdown_date": "2027-06-01"}}, "ok", "available until 2027-06-01"),
    ],
)
def test_tells_how_long_a_model_lives(listed: dict[str, dict[str, object]], level: str, said: str) -> None:
    finding = model("m", listed, TODAY)
    assert finding.level == level
    assert said in finding.message


def test_knows_file_systems_that_other_machines_share(tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text("disk / ext4 rw 0 0\nhost:/x /srv/dalle nfs4 rw 0 0\n")
    assert folder.file_system(Path("/srv/dalle/locks/x"), mounts) == "nfs4"
    assert folder.file_system(Path("/srv/dalle-two"), mounts) == "ext4"
    assert folder.file_system(Path("/srv"), tmp_path / "none") == "unknown"


def test_warns_of_variables_that_are_no_settings(tmp_path: Path) -> None:
    assert setup.settings({"TB_DALLE_PORT": "1"}, tmp_path / "none.env").level == "ok"
    finding = setup.settings({"TB_DALLE_PROT": "1"}, tmp_path / "none.env")
    assert (finding.level, "did you mean TB_DALLE_PORT?" in finding.message) == ("warning", True)


def test_tries_the_lock_in_two_processes(tmp_path: Path) -> None:
    finding = folder.locks(configured(tmp_path))
    assert (finding.level, finding.todo) == ("ok", "")
    assert list(Store(tmp_path).locks.iterdir()) == []


def test_is_content_with_a_folder_that_is_only_read(tmp_path: Path) -> None:
    findings = list(folder.access(configured(tmp_path, READ_ONLY="1")))
    assert [finding.level for finding in findings] == ["ok"]
    assert list(tmp_path.iterdir()) == []


def test_warns_of_folders_that_a_web_server_cannot_enter(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir(mode=0o700)
    finding = folder.public(configured(tmp_path / "data"))
    assert finding.level == "warning"
    assert str(tmp_path / "data") in finding.todo


def test_warns_of_a_disk_that_fills_up(tmp_path: Path) -> None:
    assert folder.disk(configured(tmp_path, DEGRADED_PERCENT="0")).level == "warning"
    full = configured(tmp_path, DEGRADED_PERCENT="0", UNHEALTHY_PERCENT="0")
    assert folder.disk(full).level == "error"


def test_says_who_paints(tmp_path: Path) -> None:
    assert setup.painter(configured(tmp_path)).level == "warning"
    assert setup.painter(configured(tmp_path, {"OPENAI_API_KEY": "sk-secret"})).level == "ok"
    assert "sk-secret" not in setup.painter(configured(tmp_path, {"OPENAI_API_KEY": "sk-secret"})).message
    assert "offline artist" in setup.painter(configured(tmp_path, {"OPENAI_API_KEY": "sk"}, SKIP_IMAGE=1)).message


def test_sees_a_web_server_that_sends_from_elsewhere(tmp_path: Path) -> None:
    sites = tmp_path / "nginx" / "sites-enabled"
    sites.mkdir(parents=True)
    assert nginx(configured(tmp_path / "data"), sites.parent).level == "ok"
    (sites / "dalle.conf").write_text("server {\n  root /somewhere/else;\n  # dalle\n}\n")
    finding = nginx(configured(tmp_path / "data"), sites.parent)
    assert finding.level == "warning"
    assert "/somewhere/else" in finding.message
