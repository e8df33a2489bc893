import json
from pathlib import Path
from typing import Any, get_args

import pytest

from dalle.storage.attempt import Chat
from dalle.storage.codec import decode_journal, encode_journal
from dalle.storage.journal import DamagedJournal, Journal, NewerJournal, RunState
from tests.kit.fakes import KEY, attempt

GOLDEN = Path(__file__).parents[1] / "golden" / "journals"


def changed(journal: Journal, **fields: Any) -> bytes:
    return json.dumps(json.loads(encode_journal(journal)) | fields).encode()


def test_comes_back_as_it_was_written() -> None:
    journal = Journal(
        KEY.series, KEY.address, run_id="r", attempts=[attempt(used=True)], chats=[Chat("m", 1)], dress={"a": [1]}
    )
    assert decode_journal(encode_journal(journal)) == journal


def test_writes_the_names_of_the_wire() -> None:
    value = json.loads(encode_journal(Journal(KEY.series, KEY.address, run_id="r", attempts=[attempt()])))
    assert value["version"] == 2  # its paid call may be answered at any moment
    assert {"runId", "startedNs", "retryAfterSeconds", "catalogSha", "errorCode"} <= value.keys()
    assert {"runId", "sentNs", "revisedPrompt"} <= value["attempts"][0].keys()
    assert not any("_" in name for name in (*value, *value["attempts"][0], *value["phases"][0]))


@pytest.mark.parametrize(
    "garbage", [b"", b"{", b"[]", b"null1", b"{}", b'{"version":"x"}', b"\xff\xfe", b"[" * 9999, b'{"version":1}']
)
def test_refuses_garbage(garbage: bytes) -> None:
    with pytest.raises(DamagedJournal):
        decode_journal(garbage)


@pytest.mark.parametrize(
    ("name", "value"),
    [("retryAtNs", "soon"), ("state", "odd"), ("attempts", [{"number": "1"}]), ("phases", []), ("dress", None)],
)
def test_refuses_fields_of_a_wrong_type(name: str, value: Any) -> None:
    with pytest.raises(DamagedJournal):
        decode_journal(changed(Journal(KEY.series, KEY.address), **{name: value}))


@pytest.mark.parametrize("fields", [{"version": 3}, {"version": 2, "state": "parked"}, {"version": 2, "phases": []}])
def test_leaves_alone_what_a_later_version_wrote(fields: dict[str, Any]) -> None:
    with pytest.raises(NewerJournal):
        decode_journal(changed(Journal(KEY.series, KEY.address), **fields))


def test_keeps_fields_that_a_later_version_added() -> None:
    value = json.loads(encode_journal(Journal(KEY.series, KEY.address, attempts=[attempt()])))
    value |= {"version": 2, "later": [1]}
    value["attempts"][0]["taskId"] = "t1"
    again = json.loads(encode_journal(decode_journal(json.dumps(value).encode())))
    assert again == value


def test_reads_every_journal_of_version_1_0() -> None:
    """As that version wrote them (scripts/golden_journals.py), and writes the same bytes; see also tests/service."""
    states = set()
    for path in sorted(GOLDEN.glob("*.json")):
        journal = decode_journal(path.read_bytes())
        written = path.read_bytes()
        if any(sent.paid and sent.outcome == "" for sent in journal.attempts):
            written = written.replace(b'"version":1', b'"version":2')
        assert encode_journal(journal) == written, path.name
        unknown = [
            journal.unknown,
            *(sent.unknown for sent in journal.attempts),
            *(chat.unknown for chat in journal.chats),
        ]
        assert not any(unknown), path.name
        states.add(journal.state)
    assert states == set(get_args(RunState)) - {"cancelled"}, f"{GOLDEN} lacks journals"


def test_writes_a_cancelled_run_so_that_version_1_0_leaves_it_alone() -> None:
    journal = Journal(KEY.series, KEY.address, run_id="run1")
    journal.cancel("CANCELLED", "cancelled", 7)
    again = decode_journal(encode_journal(journal))
    assert (again.state, again.cancelled_ns, json.loads(encode_journal(journal))["version"]) == ("cancelled", 7, 2)
    assert json.loads(encode_journal(again.renewed("run2", 9)))["version"] == 1


def test_writes_half_a_character_that_a_provider_sent() -> None:
    assert b"?" in encode_journal(Journal(KEY.series, KEY.address, error="\ud800"))
