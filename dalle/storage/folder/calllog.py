"""`metrics/calls.jsonl`: one line for each call to the provider, for people who add up what was spent."""

import json
import logging
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from dalle.storage.folder.atomic import append_line, encode_json, read_bytes
from dalle.storage.journal import Attempt, Chat, Journal

log = logging.getLogger(__name__)


class CallLog:
    """Appends to one file, which all processes share. A disk in trouble is told in the log and stops no run."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def image(self, journal: Journal, attempt: Attempt) -> None:
        """Note how an image call ended; once, also when its holder died between this line and the journal."""
        if not (journal.takeovers and self.has(attempt)):
            self._append(journal, image_line(journal, attempt))

    def chat(self, journal: Journal, chat: Chat) -> None:
        """Note a call to the language model."""
        self._append(journal, chat_line(journal, chat))

    def has(self, attempt: Attempt) -> bool:
        """Whether the call was noted; False for a file that cannot be read: a line too many is better than none."""
        lines: list[bytes] = []
        with suppress(OSError):
            lines = (read_bytes(self._path) or b"").splitlines()
        for line in reversed(lines):
            if attempt.runId.encode() in line:
                with suppress(ValueError, TypeError, KeyError):
                    entry = json.loads(line)
                    if entry["runId"] == attempt.runId and entry["number"] == attempt.number:
                        return True
        return False

    def _append(self, journal: Journal, fields: dict[str, object]) -> None:
        try:
            append_line(self._path, encode_json(fields))
        except OSError as exc:
            log.error("%s %s: the call log cannot be written: %s", journal.runId, journal.address, exc)


def image_line(journal: Journal, attempt: Attempt) -> dict[str, object]:
    """The line of an image call: the attempt without what is private to its run."""
    fields = asdict(attempt)
    for private in ("revisedPrompt", "url", "raw", "used"):
        del fields[private]
    return {"series": journal.series, "address": journal.address, "kind": "image", **fields}


def chat_line(journal: Journal, chat: Chat) -> dict[str, object]:
    """The line of a call to the language model."""
    return {"series": journal.series, "address": journal.address, "kind": "chat", "paid": True, **asdict(chat)}
