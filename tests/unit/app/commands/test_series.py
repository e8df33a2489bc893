"""Series and word databases: listed, shown and checked."""

import json
from pathlib import Path

import pytest

from tests.kit.repository import ROOT
from tests.unit.app.commands.conftest import Call


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
        ("My Own.json", "{}", 1, "the file name must be"),
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
