import json
from pathlib import Path

from tests.kit.older_folder import ARCHIVED, older_folder
from tests.unit.app.commands.conftest import Call


def test_lists_and_restores_archived_pictures(call: Call, data: Path) -> None:
    older_folder(data)
    assert f"my-set  {ARCHIVED}  2025-07-09" in call("archives", "list").stdout
    assert [each["name"] for each in json.loads(call("archives", "list", "--json").stdout)] == [ARCHIVED]
    missing = call("archives", "restore", "my-set", "nothing")
    assert (missing.exit_code, "my-set/nothing is not archived" in missing.stderr) == (3, True)
    assert call("archives", "restore", "My Set", ARCHIVED).stdout == f"my-set/{ARCHIVED}: restored\n"
    assert json.loads(call("archives", "list", "--json").stdout) == []


def test_moves_nothing_over_another_picture(call: Call, data: Path) -> None:
    older_folder(data)
    (data / "output/my-set/annotated" / f"{ARCHIVED}.png").write_bytes(b"another")
    result = call("archives", "restore", "my-set", ARCHIVED)
    assert (result.exit_code, "another picture is in its place" in result.stderr) == (1, True)


def test_needs_a_data_folder(call: Call) -> None:
    assert call("archives", "list").exit_code == 5
