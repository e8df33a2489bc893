"""Texts, attributes and state of a picture, shown without making it."""

import json
from pathlib import Path

from dalle.key import Key
from tests.kit.data_folder import DataFolder
from tests.unit.app.commands.conftest import ADDRESS, Call


def test_previews_what_a_run_writes_later_and_writes_nothing(call: Call, data: Path) -> None:
    previewed = json.loads(call("preview", ADDRESS, "simple", "--json").stdout)
    shown = json.loads(call("show", "simple", ADDRESS, "--json").stdout)
    assert not data.exists()
    assert shown["texts"] == previewed["simple"]
    assert shown["state"]["state"] == "idle"
    assert call("generate", "simple", ADDRESS).exit_code == 0
    for kind in ("data", "title", "terse", "prompt", "technical"):
        assert DataFolder(data).text(Key("simple", ADDRESS), kind).read_text() == previewed["simple"][kind] + "\n"
    after = json.loads(call("show", "simple", ADDRESS, "--json").stdout)
    assert (after["state"]["state"], after["state"]["painter"], after["state"]["calls"]) == ("finished", "sketch", 1)
    assert [color["name"] for color in after["palette"]]


def test_previews_all_series_as_captions(call: Call) -> None:
    listed = json.loads(call("series", "list", "--json").stdout)["series"]
    lines = call("preview", ADDRESS).stdout.splitlines()
    assert [line.split()[0] for line in lines[1:]] == [entry["name"] for entry in listed]
    assert "\x1b" not in "".join(lines)
