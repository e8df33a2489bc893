"""The calls of a key, as its journal has them, held against their lines in the call log."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from dalle.audit.present import Present
from dalle.key import Key
from dalle.storage.codec import chat_line, image_line
from dalle.storage.inventory import Fault
from dalle.storage.journal import Journal
from dalle.storage.protocol import Entry

Line = Mapping[str, Any]
LATER = "--fix adds it, so that the costs of that day are right"


def faults_of_calls(key: Key, now: Present, lines: Sequence[Line]) -> Iterator[Fault]:
    """Yield what is wrong. A journal remembers a bounded number of calls, so that older lines stand alone."""
    images = [line for line in lines if (line.get("kind") or "image") == "image"]
    if now.journal is None:
        if not (now.trouble or now.is_open or now.has_picture):
            yield from of_lost(key, images)
        return
    if now.is_open:
        return
    noted = Counter((str(line.get("runId")), line.get("number")) for line in images)
    yield from missing(key, now.journal, noted, lines)
    known = {(attempt.run_id, attempt.number) for attempt in now.journal.attempts}
    for (run_id, number), count in noted.items():
        name = f"call {number} of run {run_id}"
        if run_id == now.journal.run_id and (run_id, number) not in known:
            message = f"{name} is in the call log, and not in the journal of its run"
            yield Fault("unknown-call", "error", str(key), message, "restore the journal from a backup")
        if count > 1:
            message = f"{name} is in the call log {count} times, and counts as often in the costs"
            cure = "stop the service, and delete all but one of its lines"
            yield Fault("double-line", "warning", str(key), message, cure)


def missing(key: Key, journal: Journal, noted: Mapping[tuple[str, Any], int], lines: Sequence[Line]) -> Iterator[Fault]:
    for attempt in journal.attempts:
        if attempt.outcome and (attempt.run_id, attempt.number) not in noted:
            message = f"call {attempt.number} of run {attempt.run_id} is not in the call log"
            line = image_line(journal, attempt)
            yield Fault("missing-line", "error", str(key), message, LATER, partial(note, line))
    chats = {(str(line.get("runId")), line.get("sentNs")) for line in lines if line.get("kind") == "chat"}
    for chat in journal.chats:
        if (chat.run_id, chat.sent_ns) not in chats:
            message = f"a call to the language model of run {chat.run_id} is not in the call log"
            line = chat_line(journal, chat)
            yield Fault("missing-line", "error", str(key), message, LATER, partial(note, line))


def of_lost(key: Key, images: Sequence[Line]) -> Iterator[Fault]:
    """A key of which nothing but its calls is left."""
    for line in images:
        if line.get("paid") and line.get("outcome") == "accepted":
            name = f"call {line.get('number')} of run {line.get('runId')}"
            message = f"{name} was paid for, and neither journal nor picture is left"
            yield Fault("paid-without-picture", "warning", str(key), message, "restore them from a backup")


def note(line: Line, entry: Entry) -> None:
    entry.note_call(line)
