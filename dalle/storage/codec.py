"""Between our names and those on disk and on the wire: `sent_ns` is `sentNs` there.

Version 1.0 moves a journal away whose state it does not know, and drops unknown fields with its next write. So what
it could not carry says `version: 2`, which it leaves alone: a cancelled run, and paid attempts whose answer or task it
would not see, and pay for again. Anything else says 1; the ids of a call may be lost then, and the call log keeps them.
This version keeps unknown fields.
"""

import json
from collections.abc import Iterator
from dataclasses import fields
from typing import Any, Literal, TextIO, TypeVar, get_args, get_origin

from dalle.storage.attempt import Attempt, Chat, worth_remembering
from dalle.storage.journal import DamagedJournal, Journal, NewerJournal
from dalle.storage.phase import PHASES, Phase

NEWEST = 2
Record = Journal | Phase | Attempt | Chat
R = TypeVar("R", Journal, Phase, Attempt, Chat)


def encode_json(value: Any) -> bytes:
    """Return compact UTF-8 JSON with a final newline."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    # Half a character in a provider's message (JSON allows it) must not keep a run's end from being written.
    return text.encode(errors="replace") + b"\n"


def decode_object(data: bytes | None) -> dict[str, Any]:
    """Return the object that the bytes hold, {} for anything else."""
    try:
        value = json.loads(data) if data else {}
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def encode_journal(journal: Journal) -> bytes:
    value = {**to_wire(journal), "version": version_of(journal)}
    for name in ("phases", "attempts", "chats"):
        value[name] = [to_wire(record) for record in value[name]]
    return encode_json(value)


def version_of(journal: Journal) -> int:
    """Return the version of this program that a journal needs: 2 where version 1.0 would lose something."""
    records: list[Attempt | Chat] = [*journal.attempts, *journal.chats]
    foreign = journal.unknown or any(record.unknown for record in records)
    if journal.version > 1 and foreign:
        return journal.version
    return 2 if journal.state == "cancelled" or any(is_beyond_first(attempt) for attempt in journal.attempts) else 1


def is_beyond_first(attempt: Attempt) -> bool:
    """Return whether version 1.0 could pay again for what an attempt has brought, or may bring at any moment."""
    return attempt.paid and attempt.is_open and (attempt.outcome == "" or bool(attempt.answer or attempt.task))


def decode_journal(data: bytes) -> Journal:
    """Raises NewerJournal, and DamagedJournal for anything that is no journal."""
    version = 0
    try:
        value = json.loads(data)
        version = int(value["version"])
        if version > NEWEST:
            raise NewerJournal(private=f"version {version}")
        value["phases"] = [from_wire(Phase, phase) for phase in value["phases"]]
        value["attempts"] = [from_wire(Attempt, attempt) for attempt in value["attempts"]]
        value["chats"] = [from_wire(Chat, chat) for chat in value.get("chats", [])]
        journal = from_wire(Journal, value)
        if [phase.name for phase in journal.phases] != list(PHASES):
            raise ValueError("phases")
        return journal
    except (TypeError, KeyError, ValueError, AttributeError, RecursionError) as exc:
        if version == NEWEST:
            # Whole JSON with content that this version does not know: a later version wrote it.
            raise NewerJournal(private=repr(exc)) from exc
        raise DamagedJournal(private=repr(exc)) from exc


def to_wire(record: Record) -> dict[str, Any]:
    """Return the fields of a record under their wire names, not copied: `asdict` takes longer than the writing."""
    value = {wire: getattr(record, name) for wire, name, *_ in TABLES[type(record)]}
    for wire in SPARSE.intersection(value):
        if not value[wire]:
            del value[wire]
    return {**record.unknown, **value} if not isinstance(record, Phase) else value


def from_wire(kind: type[R], value: dict[str, Any]) -> R:
    """Return the record. Raises ValueError for a field of a wrong type."""
    known: dict[str, Any] = {}
    rest = dict(value)
    for wire, name, types, options in TABLES[kind]:
        content = rest.pop(wire, ABSENT)
        if content is ABSENT:
            continue
        if (content not in options) if options else not isinstance(content, types):
            raise ValueError(wire)
        known[name] = content
    if rest and kind is not Phase:
        known["unknown"] = rest
    return kind(**known)


def image_line(journal: Journal, attempt: Attempt) -> dict[str, Any]:
    """Return the line of an image call in the call log: the attempt without what is private to its run."""
    fields = {name: value for name, value in to_wire(attempt).items() if name not in PRIVATE}
    return {"series": journal.series, "address": journal.address, "kind": "image", **fields}


def chat_line(journal: Journal, chat: Chat) -> dict[str, Any]:
    """Return the line of a call to the language model."""
    return {"series": journal.series, "address": journal.address, "kind": "chat", "paid": True, **to_wire(chat)}


def attempts_in(file: TextIO) -> list[Attempt]:
    """Return the attempts that a damaged journal still shows: those worth remembering.

    It may be too large to be parsed at once.
    """
    attempts: list[Attempt] = []
    for value in objects_behind(file, MARK):
        try:
            attempts.append(from_wire(Attempt, value))
        except (TypeError, ValueError):
            break
        if len(attempts) % 1000 == 0:
            attempts = worth_remembering(attempts)
    return worth_remembering(attempts)


def objects_behind(file: TextIO, mark: str) -> Iterator[dict[str, Any]]:
    """Yield the objects of the array that begins behind a mark, as far as they can be read."""
    decoder = json.JSONDecoder()
    text, place = find(file, mark)
    windows = 0
    while windows < WINDOWS:
        if len(text) - place < WINDOW:
            text, place, windows = text[place:] + file.read(WINDOW), 0, windows + 1
        try:
            value, place = decoder.raw_decode(text, place)
        except (ValueError, RecursionError):
            return
        if not isinstance(value, dict):
            return
        yield value
        if text[place : place + 1] != ",":
            return
        place += 1


def find(file: TextIO, mark: str) -> tuple[str, int]:
    """Read up to a mark near the beginning; return what was read, and the place behind the mark in it."""
    text = file.read(WINDOW)
    place = text.find(mark)
    return (text, place + len(mark)) if place >= 0 else ("", 0)


def camel(name: str) -> str:
    head, *tail = name.split("_")
    return head + "".join(word.capitalize() for word in tail)


def column(name: str, expected: Any) -> tuple[str, str, Any, tuple[Any, ...]]:
    """Return a field's row of TABLES."""
    options = get_args(expected) if get_origin(expected) is Literal else ()
    return camel(name), name, (int, float) if expected is float else get_origin(expected) or expected, options


ABSENT = object()
SPARSE = frozenset({"answer", "task", "writtenOff", "ids", "cancelledNs"})
"""Fields that version 1.0 does not know: left out while they are empty, so that it is not shown what it would drop."""
PRIVATE = ("revisedPrompt", "url", "raw", "answer", "task", "used", "writtenOff")
"""Fields of an attempt that the call log does not show."""
TABLES = {
    kind: [column(row.name, row.type) for row in fields(kind) if row.name != "unknown"]
    for kind in (Journal, Phase, Attempt, Chat)
}
"""Wire name, our name, types and, for a choice, the allowed values of each field: every cache hit reads a journal."""
MARK = '"attempts":['
WINDOW = 1 << 20
"""Characters of a damaged journal that are in memory; a longer attempt is none."""
WINDOWS = 200
"""So many are looked through: some seconds, once, while the key is guarded."""
