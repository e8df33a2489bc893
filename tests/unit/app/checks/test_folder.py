"""The checks of the data folder and its disk."""

from pathlib import Path

from app.checks import folder
from dalle.storage.folder.layout import Store
from tests.unit.app.checks.conftest import Configure


def test_knows_file_systems_that_other_machines_share(tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text("disk / ext4 rw 0 0\nhost:/x /srv/dalle nfs4 rw 0 0\n")
    assert folder.file_system(Path("/srv/dalle/locks/x"), mounts) == "nfs4"
    assert folder.file_system(Path("/srv/dalle-two"), mounts) == "ext4"
    assert folder.file_system(Path("/srv"), tmp_path / "none") == "unknown"


def test_tries_a_lock_in_two_processes_and_removes_it(config: Configure, tmp_path: Path) -> None:
    finding = folder.locks(config())
    assert (finding.level, finding.todo) == ("ok", "")
    assert list(Store(tmp_path).locks.iterdir()) == []


def test_makes_a_data_folder_and_leaves_nothing_in_it(config: Configure, tmp_path: Path) -> None:
    assert [finding.level for finding in folder.access(config(tmp_path / "data"))] == ["ok", "ok"]
    assert list((tmp_path / "data").iterdir()) == []


def test_writes_nothing_to_a_folder_that_is_only_read(config: Configure, tmp_path: Path) -> None:
    assert [finding.level for finding in folder.access(config(TB_DALLE_READ_ONLY="1"))] == ["ok"]
    assert list(tmp_path.iterdir()) == []


def test_warns_of_folders_that_a_web_server_cannot_enter(config: Configure, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir(mode=0o700)
    finding = folder.public(config(tmp_path / "data"))
    assert finding.level == "warning"
    assert str(tmp_path / "data") in finding.todo


def test_warns_of_a_disk_that_fills_up(config: Configure) -> None:
    assert folder.disk(config(TB_DALLE_DEGRADED_PERCENT="0")).level == "warning"
    full = config(TB_DALLE_DEGRADED_PERCENT="0", TB_DALLE_UNHEALTHY_PERCENT="0")
    assert folder.disk(full).level == "error"
