"""What `doctor` says about a data folder."""

from pathlib import Path

from dalle.storage.folder.inspection import examination
from dalle.storage.folder.layout import Layout


def test_knows_file_systems_that_other_machines_share(tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text("disk / ext4 rw 0 0\nhost:/x /srv/dalle nfs4 rw 0 0\n")
    assert examination.file_system(Path("/srv/dalle/locks/x"), mounts) == "nfs4"
    assert examination.file_system(Path("/srv/dalle-two"), mounts) == "ext4"
    assert examination.file_system(Path("/srv"), tmp_path / "none") == "unknown"


def test_tries_a_lock_in_two_processes_and_removes_it(tmp_path: Path) -> None:
    finding = examination.locks(Layout(tmp_path))
    assert (finding.level, finding.todo) == ("ok", "")
    assert list(Layout(tmp_path).locks.iterdir()) == []


def test_makes_a_data_folder_and_leaves_nothing_in_it(tmp_path: Path) -> None:
    assert [finding.level for finding in examination.access(Layout(tmp_path / "data"), read_only=False)] == ["ok", "ok"]
    assert list((tmp_path / "data").iterdir()) == []


def test_writes_nothing_to_a_folder_that_is_only_read(tmp_path: Path) -> None:
    assert [finding.level for finding in examination.access(Layout(tmp_path), read_only=True)] == ["ok"]
    assert list(tmp_path.iterdir()) == []


def test_warns_of_folders_that_a_web_server_cannot_enter(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir(mode=0o700)
    finding = examination.public(Layout(tmp_path / "data"))
    assert finding.level == "warning"
    assert str(tmp_path / "data") in finding.todo


def test_names_the_command_that_opens_files_to_a_web_server(tmp_path: Path) -> None:
    (tmp_path / "data" / "output").mkdir(parents=True)
    finding = examination.public(Layout(tmp_path / "data"), umask=0o077)
    assert (finding.level, "umask 022 for the service" in finding.todo) == ("warning", True)
    assert f"chmod -R o+rX {tmp_path}/data/output" in finding.todo
