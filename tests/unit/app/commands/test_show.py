"""Texts, attributes and state of a picture, shown without making it."""

import json
from pathlib import Path

from dalle.key import Key
from dalle.storage.attempt import Chat
from dalle.storage.journal import Journal
from tests.kit.data_folder import DataFolder
from tests.kit.fakes import attempt
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
    assert [each["model"] for each in after["calls"]] == ["offline artist"]
    assert "sketch-" not in call("show", "simple", ADDRESS).stdout


def test_previews_all_series_as_captions(call: Call) -> None:
    listed = json.loads(call("series", "list", "--json").stdout)["series"]
    lines = call("preview", ADDRESS).stdout.splitlines()
    assert [line.split()[0] for line in lines[1:]] == [entry["name"] for entry in listed]
    assert "\x1b" not in "".join(lines)


def test_shows_each_call_with_the_ids_by_which_a_gateway_finds_it(call: Call, data: Path) -> None:
    journal = Journal("simple", ADDRESS, run_id="ab", state="failed")
    first = attempt(sent_ns=1_795_400_000 * 10**9, outcome="refused", error_code="OPENAI_AUTH", request_id="req_1")
    journal.attempts = [first, attempt(number=2, sent_ns=first.sent_ns + 2, ids={"x-litellm-call-id": "call-7"})]
    journal.chats = [Chat("m-chat", first.sent_ns + 1, outcome="accepted", cost=0.0005, ids={"cf-ray": "8f"})]
    DataFolder(data).write_journal(journal)
    calls = json.loads(call("show", "simple", ADDRESS, "--json").stdout)["calls"]
    assert [(each["kind"], each["ids"]) for each in calls] == [
        ("image", {"x-request-id": "req_1"}),
        ("chat", {"cf-ray": "8f"}),
        ("image", {"x-litellm-call-id": "call-7"}),
    ]
    text = call("show", "simple", ADDRESS).stdout
    assert "2026-11-23" in text
    assert "refused OPENAI_AUTH" in text
    assert "x-litellm-call-id call-7" in text
    assert "no answer yet" in text
