"""Making, fetching and removing one picture."""

import json
import os
from pathlib import Path

import pytest

from dalle.key import Key
from tests.kit.data_folder import DataFolder
from tests.unit.app.commands.conftest import ADDRESS, OTHER, Call, fail


@pytest.mark.parametrize("out", ["nowhere/it.png", ".", ""])
def test_starts_nothing_that_it_could_not_save(call: Call, data: Path, out: str) -> None:
    for command in ("generate", "poll"):
        result = call(command, "simple", ADDRESS, "--out", out)
        assert (result.exit_code, "'--out'" in result.stderr) == (2, True)
    assert not data.exists()


def test_saves_through_links_and_into_devices_without_taking_their_place(call: Call, tmp_path: Path) -> None:
    (tmp_path / "device").symlink_to(os.devnull)
    (tmp_path / "link.png").symlink_to(tmp_path / "it.png")
    (tmp_path / "it.png").write_bytes(b"older")
    for name in ("device", "link.png"):
        assert call("generate", "simple", ADDRESS, "--out", str(tmp_path / name)).exit_code == 0
        assert (tmp_path / name).is_symlink()
    assert (tmp_path / "it.png").read_bytes().startswith(b"\x89PNG")


def test_makes_shows_and_removes_a_picture(call: Call, data: Path, tmp_path: Path) -> None:
    out = tmp_path / "it.png"
    made = call("generate", "SIMPLE", ADDRESS.upper().replace("0X", "0x"), "--out", str(out))
    assert made.exit_code == 0, made.output
    assert out.read_bytes() == DataFolder(data).annotated(Key("simple", ADDRESS)).read_bytes()
    assert made.stderr == ""

    again = call("generate", "simple", ADDRESS, "--json")
    assert json.loads(again.stdout)["cacheHit"] is True
    assert call("poll", "simple", ADDRESS).exit_code == 0
    assert call("generate", "simple", ADDRESS, "--out", "-").stdout_bytes == out.read_bytes()

    assert call("remove", "simple", ADDRESS).exit_code == 0
    assert call("remove", "simple", ADDRESS).exit_code == 3
    assert call("poll", "simple", ADDRESS).exit_code == 3


def test_leaves_a_run_for_the_servers_with_no_wait(call: Call) -> None:
    assert call("generate", "simple", ADDRESS, "--no-wait").exit_code == 0
    assert call("poll", "simple", ADDRESS, "--once").exit_code == 4
    (run,) = json.loads(call("runs", "--json").stdout)["active"]
    assert (run["series"], run["address"], run["percent"]) == ("simple", ADDRESS, 0)
    # the next process on this data folder makes it too
    assert call("generate", "simple", OTHER).exit_code == 0
    assert call("generate", "simple", ADDRESS).exit_code == 0


def test_cancels_a_run_that_waits(call: Call, data: Path) -> None:
    assert call("generate", "simple", ADDRESS, "--no-wait").exit_code == 0
    for _ in range(2):
        cancelled = call("cancel", "simple", ADDRESS)
        assert (cancelled.exit_code, cancelled.stdout) == (0, f"simple/{ADDRESS}: cancelled\n")
    assert json.loads(call("cancel", "simple", ADDRESS, "--json").stdout)["errorCode"] == "CANCELLED"
    assert call("poll", "simple", ADDRESS).exit_code == 1
    assert json.loads(call("runs", "--json").stdout) == {"active": [], "failed": []}
    assert call("generate", "simple", ADDRESS).exit_code == 0
    assert call("cancel", "simple", ADDRESS).exit_code == 3
    assert call("cancel", "simple", OTHER).exit_code == 3
    fail(data, Key("simple", OTHER))
    failed = call("cancel", "simple", OTHER)
    assert failed.exit_code == 1
    assert "CONTENT_BLOCKED: refused" in failed.stderr


def test_reports_a_failure_by_exit_code_and_sentence(call: Call, data: Path) -> None:
    fail(data, Key("simple", ADDRESS))
    for command in ("generate", "poll"):
        result = call(command, "simple", ADDRESS)
        assert result.exit_code == 1
        assert "CONTENT_BLOCKED: refused (may be tried again in " in result.stderr
    assert "CONTENT_BLOCKED: refused" in call("runs").stdout
    assert call("runs", "--limit", "0").stdout == ""


def test_refuses_to_work_on_a_read_only_data_folder(call: Call) -> None:
    assert call("generate", "simple", ADDRESS, TB_DALLE_READ_ONLY="1").exit_code == 5
    assert call("remove", "simple", ADDRESS, TB_DALLE_READ_ONLY="1").exit_code == 5
    assert call("cancel", "simple", ADDRESS, TB_DALLE_READ_ONLY="1").exit_code == 5
