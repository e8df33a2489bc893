"""What the command prints of what is wrong, and how it ends."""

import json
import os
from pathlib import Path

import pytest

from dalle.key import Key
from tests.kit.data_folder import DataFolder, put_bytes
from tests.kit.folders import put
from tests.kit.images import png
from tests.kit.older_folder import HIDDEN_ADDRESS, contents, older_folder
from tests.unit.app.commands.conftest import ADDRESS, OTHER, Call

KEY = Key("simple", ADDRESS)


@pytest.fixture
def torn(data: Path) -> DataFolder:
    """A torn picture, and beside it a whole one and a thumbnail of nothing."""
    put(data, "simple", ADDRESS, content=png()[:-9])
    put(data, "simple", OTHER)
    put_bytes(data / "output" / "other" / "thumbs" / "64" / f"{ADDRESS}.webp", b"RIFF\x63\0\0\0")
    return DataFolder(data)


def test_finds_nothing_wrong_with_an_older_folder(call: Call, data: Path) -> None:
    older_folder(data)
    before = contents(data)
    result = call("verify", "--fix")
    assert (result.exit_code, result.stdout) == (0, "2 keys verified: nothing is wrong.\n")
    assert {name: contents(data).get(name) for name in before} == before


def test_looks_into_the_folder_of_a_hidden_series(call: Call, data: Path) -> None:
    hidden = DataFolder(older_folder(data)).annotated(Key("gone", HIDDEN_ADDRESS))
    assert hidden.parts[-3] == "gone.deleted"
    hidden.write_bytes(png()[:-9])
    os.utime(hidden, (1_752_055_200, 1_752_055_200))
    orphan = hidden.parents[1] / "thumbs" / "64" / f"{ADDRESS}.webp"
    put_bytes(orphan, b"RIFF\x63\0\0\0")
    assert "3 keys verified: 2 mended." in call("verify", "--fix").stdout
    assert not orphan.exists()
    assert not hidden.exists()


def test_names_what_is_wrong_and_what_to_do(call: Call, torn: DataFolder) -> None:
    result = call("verify")
    assert result.exit_code == 1
    assert f"error    {KEY}: its picture is torn: it ends too early" in result.stdout
    assert "→ --fix moves it away" in result.stdout
    assert result.stdout.splitlines()[-1] == "3 keys verified: 2 errors."


def test_mends_what_loses_nothing(call: Call, torn: DataFolder) -> None:
    result = call("verify", "--fix")
    assert (result.exit_code, result.stdout.splitlines()[-1]) == (0, "3 keys verified: 2 mended.")
    assert torn.torn(KEY).exists()
    assert call("verify").stdout.splitlines()[-1] == "2 keys verified: nothing is wrong."


def test_prints_faults_for_programs(call: Call, torn: DataFolder) -> None:
    result = call("verify", "simple", "--json")
    answer = json.loads(result.stdout)
    (fault,) = answer["faults"]
    assert (result.exit_code, answer["keys"]) == (1, 2)
    assert fault["cure"].endswith(f"dalleserver generate simple {ADDRESS}")
    expected = {"code": "torn-picture", "level": "error", "about": str(KEY), "mendable": True, "fixed": False}
    assert {name: fault[name] for name in expected} == expected


def test_verifies_some_addresses(call: Call, torn: DataFolder) -> None:
    assert call("verify", "simple", OTHER).stdout == "1 key verified: nothing is wrong.\n"
    assert call("verify", "simple", ADDRESS).exit_code == 1
    assert call("verify", "simple", "0x12").exit_code == 2
    assert call("verify", "SIMPLE", "--json").exit_code == 1


def test_needs_a_data_folder(call: Call, data: Path) -> None:
    assert call("verify").exit_code == 5
    assert not data.exists()
