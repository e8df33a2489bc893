"""The checks together."""

import json
from pathlib import Path

from tests.unit.app.commands.conftest import Call


def test_finds_a_good_house_good(call: Call) -> None:
    told = call("doctor", "--json")
    assert told.exit_code == 0, told.output
    levels = {line["check"]: line["level"] for line in json.loads(told.stdout)}
    assert levels["data folder"] == levels["locks"] == levels["font"] == levels["word databases"] == "ok"
    assert levels["painter"] == "warning"


def test_says_what_to_do_about_a_data_folder_that_cannot_be_used(call: Call, data: Path) -> None:
    data.write_text("a file")
    told = call("doctor")
    assert told.exit_code == 1
    assert "error    data folder:" in told.stdout
    assert "→ choose another" in told.stdout
