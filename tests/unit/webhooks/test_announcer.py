"""The events of runs and pictures."""

import pytest

from dalle.storage.attempt import Attempt, Chat
from dalle.storage.journal import Journal
from dalle.webhooks.announcer import NOTHING, Announcer
from dalle.webhooks.settings import TYPES, WebhookSettings
from tests.kit.fakes import KEY, attempt
from tests.kit.repository import ROOT

URL = "https://pictures.example"


def announcer(*events: str, public_url: str = URL) -> Announcer:
    chosen = {"events": frozenset(events)} if events else {}
    return Announcer(WebhookSettings(url="http://receiver", secrets=(b"x",), public_url=public_url, **chosen))


def completed(run_id: str = "run1") -> Journal:
    accepted: list[Attempt] = [attempt(run_id="run0", cost=9.0), attempt(number=2, run_id=run_id, cost=0.25)]
    chats = [Chat("chat", 5, "run0", cost=9.0), Chat("chat", 6, run_id, cost=0.0015)]
    journal = Journal(KEY.series, KEY.address, run_id=run_id, state="running", attempts=accepted, chats=chats)
    journal.complete(7)
    return journal


def failed(code: str = "OPENAI_TIMEOUT", run_id: str = "run1") -> Journal:
    journal = Journal(KEY.series, KEY.address, run_id=run_id)
    journal.fail(code, "It took too long.", 8, pause=60)
    return journal


def test_announces_a_picture_with_all_that_is_known() -> None:
    event = announcer().run_ended(completed(), "0123456789abcdef")
    assert event
    assert (event.type, event.time_ns) == ("run.completed", 7)
    assert event.data == {
        "series": KEY.series,
        "address": KEY.address,
        "runId": "run1",
        "version": "0123456789abcdef",
        "url": f"{URL}/dalle/{KEY}",
        "image": f"{URL}/dalle/{KEY}.png?v=0123456789abcdef",
        "errorCode": "",
        "error": "",
        "costUsd": 0.2515,
    }


@pytest.mark.parametrize(("code", "kind"), [("OPENAI_TIMEOUT", "run.failed"), ("CANCELLED", "run.cancelled")])
def test_announces_an_end_without_a_picture(code: str, kind: str) -> None:
    event = announcer().run_ended(failed(code))
    assert event
    assert (event.type, event.time_ns, event.data["errorCode"]) == (kind, 8, code)
    assert event.data == NOTHING | {
        "series": KEY.series,
        "address": KEY.address,
        "runId": "run1",
        "url": f"{URL}/dalle/{KEY}",
        "errorCode": code,
        "error": "It took too long.",
        "costUsd": 0.0,
    }


def test_names_no_url_where_none_is_set() -> None:
    event = announcer(public_url="").run_ended(completed(), "0123456789abcdef")
    assert event
    assert (event.data["url"], event.data["image"]) == ("", "")


def test_announces_a_removed_picture() -> None:
    event = announcer().picture_removed(KEY, "run1", "0123456789abcdef", stamp=5, now_ns=9)
    assert event
    assert (event.type, event.time_ns) == ("picture.removed", 9)
    assert (event.data["version"], event.data["image"], event.data["url"]) == (
        *("0123456789abcdef", ""),
        f"{URL}/dalle/{KEY}",
    )


def test_gives_the_same_id_to_the_same_end_and_to_no_other() -> None:
    made = announcer()
    events = [
        *(made.run_ended(completed(run_id)) for run_id in ("run1", "run1", "run2")),
        *(made.run_ended(failed(code)) for code in ("OPENAI_TIMEOUT", "CANCELLED")),
        *(made.picture_removed(KEY, "run1", "ab", stamp=stamp, now_ns=now) for stamp, now in ((5, 7), (5, 8), (6, 8))),
    ]
    ids = [event.id for event in events if event]
    assert (ids[0] == ids[1], ids[5] == ids[6], len(set(ids))) == (True, True, 6)
    assert all(each.startswith("msg_") and "." not in each for each in ids)


def test_announces_what_is_wanted_only() -> None:
    chosen = announcer("run.failed", "picture.removed")
    assert chosen.run_ended(completed()) is None
    assert chosen.run_ended(failed("CANCELLED")) is None
    assert chosen.run_ended(failed())
    assert (chosen.wants("run.failed"), chosen.wants("run.completed")) == (True, False)
    assert announcer("run.completed").picture_removed(KEY, "", "", stamp=0, now_ns=0) is None
    assert Announcer().run_ended(completed()) is None
    assert Announcer().picture_removed(KEY, "", "", stamp=0, now_ns=0) is None


def test_is_documented() -> None:
    page = (ROOT / "docs" / "webhooks.md").read_text(encoding="utf-8")
    assert [kind for kind in TYPES if f"| `{kind}` |" not in page] == []
    assert [name for name in NOTHING if f'"{name}": ' not in page] == []


def test_announces_no_run_that_is_open() -> None:
    assert announcer().run_ended(Journal(KEY.series, KEY.address, run_id="run1")) is None
