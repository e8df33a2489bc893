"""Where a command works."""

from pathlib import Path

import click
import pytest

from app.client.remote import RemoteClient
from app.client.target import Target


def test_is_a_server_or_a_data_folder_and_not_both() -> None:
    assert isinstance(Target("http://localhost:8080", None).open(), RemoteClient)
    with pytest.raises(click.UsageError, match="leave it out with --server"):
        Target("http://localhost:8080", "data").open()


def test_opens_this_process_on_the_data_folder(tmp_path: Path) -> None:
    client = Target(None, str(tmp_path)).open(jobs=0)
    key = client.key("simple", f"0x{1:040x}")
    assert (client.remote, client.location(key).startswith(str(tmp_path))) == (False, True)
    client.close()


@pytest.mark.parametrize(
    ("target", "options"),
    [
        (Target(None, None), ""),
        (Target(None, "data"), " --data-dir data"),
        (Target("localhost:1", None), " --server localhost:1"),
    ],
)
def test_repeats_its_options(target: Target, options: str) -> None:
    assert target.options == options
