"""The checks before the start."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.config import Config, ConfigError
from app.server import preflight
from tests.kit.configuration import configured


@pytest.fixture
def hiding() -> Iterator[None]:
    """A umask that hides new files from other users."""
    before = os.umask(0o077)
    yield
    os.umask(before)


def behind_nginx(folder: Path) -> Config:
    return configured(folder, {"TB_DALLE_BIND": f"unix:{folder}/http.sock"})


@pytest.mark.usefixtures("hiding")
def test_names_the_command_when_nginx_could_not_read_the_pictures(tmp_path: Path) -> None:
    (warning,) = preflight.web_access(behind_nginx(tmp_path))
    assert "umask 022 for the service" in warning
    assert f"chmod -R o+rX {tmp_path}/output" in warning
    assert os.umask(0o077) == 0o077


@pytest.mark.usefixtures("hiding")
def test_warns_nobody_without_a_web_server_in_front(tmp_path: Path) -> None:
    assert preflight.web_access(configured(tmp_path, {})) == []


def test_finds_nothing_wrong_with_an_empty_folder(tmp_path: Path) -> None:
    assert preflight.check_storage(configured(tmp_path / "data", {})) == []
    assert (tmp_path / "data").is_dir()


def test_refuses_a_data_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    with pytest.raises(ConfigError, match="is not writable"):
        preflight.check_storage(configured(tmp_path / "data", {}))
