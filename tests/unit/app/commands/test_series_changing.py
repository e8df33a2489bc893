"""Series that are made, changed, hidden, restored and deleted."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.unit.app.commands.conftest import Call

GOOD = '{"purpose": "Owls.", "nouns": ["owl"]}'


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    path = tmp_path / "draft.json"
    path.write_text(GOOD)
    return path


def saved(data: Path, name: str) -> dict[str, Any]:
    fields: dict[str, Any] = json.loads((data / "series" / f"{name}.json").read_text())
    return fields


def listed(call: Call) -> list[str]:
    return [each["name"] for each in json.loads(call("series", "list", "--json").stdout)["series"]]


def test_makes_a_copy_of_a_series_under_a_name_as_people_write_it(call: Call, data: Path) -> None:
    result = call("series", "new", "Quiet Owls", "--from", "simple", "--purpose", "Owls.")
    assert (result.exit_code, "quiet-owls is made" in result.stdout) == (0, True)
    assert "quiet-owls" in listed(call)
    fields, original = saved(data, "quiet-owls"), json.loads(call("series", "show", "simple", "--json").stdout)
    assert (fields["suffix"], fields["purpose"]) == ("quiet-owls", "Owls.")
    assert fields["artstyles"] == original["artstyles"]
    assert not {"deleted", "last"} & fields.keys()


def test_makes_a_series_that_leaves_everything_open(call: Call, data: Path) -> None:
    assert call("series", "new", "open").exit_code == 0
    fields = saved(data, "open")
    assert (fields["suffix"], fields["nouns"], fields["backstyles"]) == ("open", [], [])
    shown = json.loads(call("series", "show", "open", "--json").stdout)
    assert (shown["hits"], len(shown["examples"]["nouns"])) == ({}, 5)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["simple"], "series simple exists already"),
        (["my_set"], "expected 1 to 64 of a-z, 0-9 and -"),
        (["mine", "--from", "simpel"], "Series 'simpel' not found; did you mean simple?"),
    ],
)
def test_makes_nothing_that_it_cannot(call: Call, data: Path, words: list[str], message: str) -> None:
    result = call("series", "new", *words)
    assert (result.exit_code, message in result.stderr) == (2, True)
    assert not list(data.glob("series/*.json"))


def test_saves_a_checked_file(call: Call, data: Path, draft: Path) -> None:
    assert call("series", "edit", "mine", "--file", str(draft)).stdout == "mine is saved.\n"
    assert saved(data, "mine") == json.loads(GOOD)
    assert call("series", "edit", "mine", "--file", str(draft)).stdout == "mine was not changed.\n"
    assert json.loads(call("series", "versions", "mine", "--json").stdout) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "error: not valid JSON"),
        ('{"nouns": "owl"}', 'error: "nouns" must be a list of texts'),
        ('{"nouns": ["zzzz"]}', "error: nouns: no row contains 'zzzz'"),
    ],
)
def test_saves_nothing_that_cannot_be_used(call: Call, data: Path, draft: Path, text: str, message: str) -> None:
    draft.write_text(text)
    result = call("series", "edit", "simple", "--file", str(draft))
    assert (result.exit_code, message in result.stderr) == (1, True)
    assert f"The draft is kept in {draft}: dalleserver series edit simple --file {draft} saves it" in result.stderr
    assert not (data / "series" / "simple.json").exists()
    assert draft.read_text() == text


def test_warns_of_what_is_doubtful_and_saves_it(call: Call, draft: Path) -> None:
    draft.write_text('{"Nouns": [], "nouns": ["owl", "zzzz"]}')
    result = call("series", "edit", "mine", "--file", str(draft))
    assert result.exit_code == 0
    assert '"Nouns" is an unknown key and is ignored; did you mean nouns?' in result.stderr
    assert "nouns: no row contains 'zzzz'" in result.stderr


def test_hides_and_restores_a_series(call: Call, data: Path) -> None:
    assert "its pictures stay where they are" in call("series", "hide", "simple").stdout
    assert "was hidden already" in call("series", "hide", "simple").stdout
    assert "simple" not in listed(call)
    assert "hidden: simple" in call("series", "list").stderr
    assert json.loads(call("series", "list", "--json").stdout)["hidden"] == ["simple"]
    shown = call("series", "show", "simple")
    assert (shown.exit_code, "is hidden: dalleserver series restore simple" in shown.stderr) == (2, True)
    assert call("series", "restore", "simple").stdout == "simple is restored.\n"
    assert "simple" in listed(call)
    assert "was not hidden" in call("series", "restore", "simple").stdout


def test_keeps_what_it_replaces_and_deletes(call: Call, data: Path, draft: Path) -> None:
    for number in (1, 2, 3):
        draft.write_text(json.dumps({"purpose": f"Owls {number}."}))
        call("series", "edit", "mine", "--file", str(draft))
    assert call("series", "delete", "mine").exit_code == 0
    assert "mine" not in listed(call)
    versions = json.loads(call("series", "versions", "mine", "--json").stdout)
    assert [each["version"] for each in versions] == [3, 2, 1]
    assert call("series", "versions", "mine").stdout.splitlines()[1].split()[0] == "3"
    assert call("series", "restore", "mine").stdout == "mine is restored.\n"
    assert saved(data, "mine")["purpose"] == "Owls 3."
    assert call("series", "restore", "mine", "--version", "1").exit_code == 0
    assert saved(data, "mine")["purpose"] == "Owls 1."
    missing = call("series", "restore", "mine", "--version", "99")
    assert (missing.exit_code, "version 99 of series mine is not kept" in missing.stderr) == (3, True)


def test_touches_no_picture(call: Call, data: Path, draft: Path) -> None:
    picture = data / "output" / "mine" / "annotated" / f"0x{1:040x}.png"
    picture.parent.mkdir(parents=True)
    picture.write_bytes(b"picture")
    call("series", "edit", "mine", "--file", str(draft))
    for words in (["hide"], ["restore"], ["delete"]):
        before = sorted((data / "output").rglob("*"))
        assert call("series", *words, "mine").exit_code == 0
        assert sorted((data / "output").rglob("*")) == before
    assert picture.read_bytes() == b"picture"


@pytest.mark.parametrize("command", ["hide", "restore", "delete", "edit"])
def test_changes_no_series_that_does_not_exist(call: Call, data: Path, command: str) -> None:
    data.mkdir()
    result = call("series", command, "simpel")
    assert (result.exit_code, "Series 'simpel' not found; did you mean simple?" in result.stderr) == (2, True)
    assert list(data.iterdir()) == []


def test_deletes_no_built_in_series(call: Call) -> None:
    result = call("series", "delete", "simple")
    assert (result.exit_code, "is built in and has no file" in result.stderr) == (2, True)


def test_hides_no_file_that_holds_no_series(call: Call, data: Path) -> None:
    (data / "series").mkdir(parents=True)
    (data / "series" / "mine.json").write_text("{")
    result = call("series", "hide", "mine")
    assert (result.exit_code, "cannot be hidden: not valid JSON" in result.stderr) == (2, True)


def test_changes_series_of_the_older_server_beside_its_own_files(call: Call, data: Path) -> None:
    theirs = data / "user-series" / "My Set.json"
    theirs.parent.mkdir(parents=True)
    text = (
        '{"last":3,"suffix":"My Set","source":"user","version":"4","modifiedAt":"x","colorLimit":"2","nouns":["owl"]}'
    )
    theirs.write_text(text)
    assert "my-set" in listed(call)
    assert call("series", "hide", "My Set").exit_code == 0
    assert saved(data, "my-set") == json.loads(text) | {"deleted": True}
    assert theirs.read_text() == text
