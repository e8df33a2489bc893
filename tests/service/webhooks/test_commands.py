"""The commands that list, repeat and try what is sent."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from dalle.storage.event import Event
from dalle.storage.folder.engine import FolderStorage
from dalle.storage.protocol import Outbox
from tests.kit.fakes import KEY
from tests.kit.receiver import SECRET, Receiver
from tests.unit.app.commands.conftest import Call


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as started:
        yield started


@pytest.fixture
def outbox(data: Path) -> Outbox:
    """One event that waits, and one that was given up."""
    outbox = FolderStorage(data).outbox
    now_ns = time.time_ns()
    of_key = {"series": KEY.series, "address": KEY.address, "runId": ""}
    for number, kind in ((1, "run.failed"), (2, "breaker.opened")):
        outbox.put(Event(f"msg_{number}", kind, now_ns, of_key if number == 1 else {}))
    with outbox.hold(outbox.waiting()[1]) as held:
        assert held
        held.give_up(now_ns, attempts=10, status=503)
    with outbox.hold(outbox.waiting()[0]) as held:
        assert held
        held.postpone(now_ns + 3600 * 10**9, attempts=2)
    return outbox


def settings(receiver: Receiver) -> dict[str, str]:
    return {"TB_DALLE_WEBHOOK_URL": receiver.url, "TB_DALLE_WEBHOOK_SECRET": SECRET}


def test_lists_what_was_not_delivered(call: Call, outbox: Outbox) -> None:
    first, second = json.loads(call("webhooks", "list", "--json").stdout)
    due = first.pop("due")
    assert (first.pop("timestamp") < due, second.pop("timestamp") < due) == (True, True)
    assert first == {
        **{"id": "msg_1", "type": "run.failed", "series": KEY.series, "address": KEY.address},
        **{"state": "waiting", "attempts": 2, "status": 0},
    }
    assert second == {
        **{"id": "msg_2", "type": "breaker.opened", "series": "", "address": ""},
        **{"state": "failed", "attempts": 10, "status": 503, "due": ""},
    }
    heading, *lines = call("webhooks", "list").stdout.splitlines()
    assert heading.split() == ["id", "event", "of", "since", "state"]
    assert lines[0].endswith("; 2 attempts, no answer")
    assert "next attempt in " in lines[0]
    assert lines[1].endswith("not taken in the end; 10 attempts, HTTP 503")


def test_lists_nothing_where_all_was_delivered(call: Call, data: Path) -> None:
    assert call("webhooks", "list").exit_code == 5
    data.mkdir()
    result = call("webhooks", "list", "--json")
    assert (result.exit_code, json.loads(result.stdout)) == (0, [])
    assert list(data.iterdir()) == []


def test_sends_everything_again(call: Call, outbox: Outbox, receiver: Receiver) -> None:
    assert call("webhooks", "retry", **settings(receiver)).exit_code == 0
    assert sorted(event["type"] for event in receiver.verified) == ["breaker.opened", "run.failed"]
    assert (outbox.waiting(), outbox.given_up()) == ([], [])


def test_sends_one_event_again(call: Call, outbox: Outbox, receiver: Receiver) -> None:
    assert call("webhooks", "retry", "msg_2", **settings(receiver)).exit_code == 0
    assert receiver.ids == ["msg_2"]
    assert len(outbox.waiting()) == 1
    result = call("webhooks", "retry", "msg_2", **settings(receiver))
    assert (result.exit_code, "no event msg_2" in result.stderr) == (3, True)


def test_asks_a_receiver_again_that_was_gone(call: Call, outbox: Outbox, receiver: Receiver) -> None:
    receiver.answers = [410, 204]
    result = call("webhooks", "retry", **settings(receiver))
    assert (result.exit_code, "2 events not delivered: HTTP 410 Gone" in result.stderr) == (1, True)
    assert len(receiver.received) == 1
    assert call("webhooks", "retry", **settings(receiver)).exit_code == 0
    assert outbox.waiting() == []


def test_tries_the_receiver(call: Call, data: Path, receiver: Receiver) -> None:
    receiver.answers = [204, 500]
    result = call("webhooks", "test", **settings(receiver))
    assert (result.exit_code, result.stdout.startswith("HTTP 204 No Content after ")) == (0, True)
    assert receiver.verified[0]["type"] == "webhook.test"
    assert set(receiver.verified[0]["data"].values()) == {"", 0}
    result = call("webhooks", "test", **settings(receiver))
    assert (result.exit_code, "HTTP 500" in result.stdout) == (1, True)
    receiver.stop()
    result = call("webhooks", "test", **settings(receiver))
    assert (result.exit_code, "Connection refused" in result.stdout) == (1, True)
    assert len(set(receiver.ids)) == 2
    assert not data.exists()


@pytest.mark.parametrize("command", ["retry", "test"])
def test_needs_a_receiver(call: Call, command: str) -> None:
    result = call("webhooks", command)
    assert (result.exit_code, "no receiver is set" in result.stderr) == (2, True)


def test_says_in_doctor_how_the_receiver_answers(call: Call, outbox: Outbox, receiver: Receiver) -> None:
    def findings(**variables: str) -> list[tuple[str, str]]:
        rows = json.loads(call("doctor", "--json", **variables).stdout)
        return [(row["level"], row["message"]) for row in rows if row["check"] == "webhooks"]

    given_up = ("warning", "1 event not taken in the end")
    host = receiver.url.split("/")[2]
    assert findings() == []
    good, kept = findings(**settings(receiver))
    assert (good, kept) == (("ok", f"{host} takes events, as far as is known; 1 event waits"), given_up)
    receiver.answers = [500, 410]
    call("webhooks", "retry", "msg_1", **settings(receiver))
    failing, _ = findings(**settings(receiver))
    assert failing[0] == "warning"
    assert failing[1].startswith(f"{host} has taken nothing for ")
    assert failing[1].endswith(" (HTTP 500 Internal Server Error): 1 event waits")
    call("webhooks", "retry", "msg_1", **settings(receiver))
    gone, _ = findings(**settings(receiver))
    assert gone == ("error", f"{host} answered that it is gone (HTTP 410): nothing is sent any more, 1 event waits")
    assert "in-the-url" not in call("doctor", **settings(receiver)).stdout
