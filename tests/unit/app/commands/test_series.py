"""Series and word databases: listed, shown and checked."""

import json
import os
from pathlib import Path

import pytest

from tests.kit.repository import ROOT
from tests.unit.app.commands.conftest import ADDRESS, Call


def test_lists_broken_series_beside_the_good_ones(call: Call, data: Path) -> None:
    (data / "series").mkdir(parents=True)
    (data / "series" / "mine.json").write_text('{"colors": "blue"}')
    result = call("series", "list")
    assert "simple" in result.stdout
    assert 'mine.json: "colors" must be a list of texts' in result.stderr
    assert '"colors" must be' in call("series", "show", "mine").stderr


@pytest.mark.parametrize(
    ("name", "text", "code", "message"),
    [
        ("mine.json", '{"purpose": "x", "nouns": ["animals"]}', 0, "mine.json can be used"),
        ("mine.json", '{"nouns": ["animals", "zzzz"]}', 0, "nouns: no row contains 'zzzz'"),
        ("mine.json", '{"nonsense": 1}', 0, '"nonsense" is an unknown key'),
        ("mine.json", '{"deleted": true}', 0, "marked as deleted"),
        ("mine.json", '{"nouns": ["zzzz"]}', 1, "nouns: no row contains 'zzzz'"),
        ("mine.json", "{", 1, "not valid JSON"),
        ("My Own.json", "{}", 0, "dalleserver series edit my-own --file "),
        ("My_Own.json", "{}", 1, "the file name must be"),
    ],
)
def test_checks_a_series_file(call: Call, tmp_path: Path, name: str, text: str, code: int, message: str) -> None:
    (tmp_path / name).write_text(text)
    result = call("series", "check", str(tmp_path / name))
    assert result.exit_code == code
    assert message in result.stdout
    assert bool(json.loads(call("series", "check", str(tmp_path / name), "--json").stdout)["errors"]) is bool(code)


def test_shows_databases_and_checks_another_set(call: Call, tmp_path: Path) -> None:
    listed = json.loads(call("databases", "list", "--json").stdout)
    assert len(listed["databases"]) == 15
    blue = json.loads(call("databases", "show", "colors", "--match", "blue", "--json").stdout)
    assert blue
    assert all("blue" in ",".join(row.values()) for row in blue)
    assert call("databases", "show", "colors", "--match", "zzzz").exit_code == 3
    assert call("databases", "show", "flavours").exit_code == 2
    assert call("databases", "check", str(ROOT / "dalle/data/databases")).exit_code == 0
    bad = call("databases", "check", str(tmp_path))
    assert bad.exit_code == 1
    assert "adverbs.csv: not found" in bad.stderr


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"Nouns": ["owl"]}', '"Nouns" is an unknown key and is ignored; did you mean nouns?'),
        ('{"colourLimit": 2}', '"colourLimit" is an unknown key and is ignored; did you mean colorLimit?'),
        ('{"zzzz": 2}', '"zzzz" is an unknown key and is ignored\n'),
        (json.dumps({f"key{number}": 1 for number in range(5000)}), "4990 more unknown keys are ignored"),
        (json.dumps({"nouns": ["owl", *map(str, range(100, 1100))]}), "or 990 more"),
    ],
)
def test_asks_which_key_was_meant(call: Call, tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "mine.json").write_text(text)
    assert message in call("series", "check", str(tmp_path / "mine.json")).stdout


def test_checks_no_more_of_a_file_than_the_server_reads(call: Call, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo.json")
    (tmp_path / "zero.json").symlink_to("/dev/zero")
    with (tmp_path / "large.json").open("wb") as file:
        file.truncate(100_000_000)
    (tmp_path / "many.json").write_text(json.dumps({"nouns": ["a"] * 150_000}))
    for name, message in [
        ("fifo", "it is not a file"),
        ("zero", "it is not a file"),
        ("large", "it is larger than 1 MB"),
        ("many", '"nouns" must have at most 5000 texts, and has 150000'),
    ]:
        result = call("series", "check", str(tmp_path / f"{name}.json"))
        assert (result.exit_code, message in result.stdout) == (1, True), name


def test_asks_which_series_was_meant(call: Call, data: Path) -> None:
    data.mkdir()
    for words in (("series", "show", "simpel"), ("show", "simpel", ADDRESS), ("poll", "simpel", ADDRESS)):
        result = call("--no-color", *words)
        assert (result.exit_code, "Series 'simpel' not found; did you mean simple?" in result.stderr) == (2, True), (
            words
        )
