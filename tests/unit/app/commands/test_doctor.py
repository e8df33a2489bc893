"""The checks together."""

import json
from pathlib import Path

from tests.unit.app.commands.conftest import Call


def test_finds_no_error_in_a_good_setup(call: Call) -> None:
    result = call("doctor", "--json")
    assert result.exit_code == 0, result.output
    levels = {line["check"]: line["level"] for line in json.loads(result.stdout)}
    assert levels["data folder"] == levels["locks"] == levels["font"] == levels["word databases"] == "ok"
    assert levels["painter"] == "warning"


def test_says_what_to_do_about_an_unusable_data_folder(call: Call, data: Path) -> None:
    data.write_text("a file")
    result = call("doctor")
    assert result.exit_code == 1
    assert "error    data folder:" in result.stdout
    assert "→ choose another" in result.stdout
