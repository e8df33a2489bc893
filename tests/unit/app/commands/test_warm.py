"""Many pictures."""

import json
from pathlib import Path

from dalle.key import Key
from tests.kit.data_folder import DataFolder
from tests.unit.app.commands.conftest import ADDRESS, OTHER, Call, fail


def test_makes_many_pictures_and_skips_existing_ones(call: Call, data: Path) -> None:
    fail(data, Key("empty", OTHER))
    result = call("warm", "simple", "empty", "--addresses", "-", "--json", stdin=f"{ADDRESS} # mine\n\n{OTHER}\n")
    assert result.exit_code == 1
    summary = json.loads(result.stdout)
    assert (summary["made"], summary["there"], summary["codes"]) == (3, 0, {"CONTENT_BLOCKED": 1})
    DataFolder(data).journal(Key("empty", OTHER)).unlink()
    again = call("warm", "simple", "empty", "--json")
    assert again.exit_code == 0, again.output
    assert (json.loads(again.stdout)["made"], json.loads(again.stdout)["there"]) == (1, 3)


def test_starts_nothing_when_an_address_is_wrong(call: Call, data: Path) -> None:
    result = call("warm", "simple", "--addresses", "-", stdin=f"{ADDRESS}\n0x12\n")
    assert result.exit_code == 2
    assert "line 2: 0x12" in result.stderr
    assert not (data / "output").exists()
    assert call("warm", "simple", "--addresses", "nowhere.txt").exit_code == 2
    assert call("warm", "nobody", "--addresses", "-", stdin=ADDRESS).exit_code == 2
    assert call("warm", "simple").exit_code == 3


def test_asks_before_it_spends_much(call: Call, data: Path) -> None:
    many = "\n".join(f"0x{number:040x}" for number in range(20))
    result = call("warm", "simple", "--addresses", "-", stdin=many, OPENAI_API_KEY="sk-none", TB_DALLE_NO_ENHANCE="1")
    assert result.exit_code == 2
    assert "20 to make, about 4." in result.stderr
    assert not list(data.glob("runs/*/*"))
    for limit, code in (("nan", 2), ("3.99", 2)):
        words = ("warm", "simple", "--addresses", "-", "--ask-above", limit)
        assert call(*words, stdin=many, OPENAI_API_KEY="sk-none", TB_DALLE_NO_ENHANCE="1").exit_code == code
    assert not list(data.glob("runs/*/*"))
