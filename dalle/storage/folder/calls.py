"""`metrics/calls.jsonl`: one line for each call to the provider, for people who add up what was spent."""

import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from dalle.atomic import append_line, read_bytes
from dalle.quiet_log import QuietLog
from dalle.storage.codec import encode_json

log = logging.getLogger(__name__)

IDENTITY = ("runId", "kind", "number")


class FolderCallLog:
    """Satisfies `CallLog`. Appends to one file, which all processes share."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._quiet = QuietLog(log)

    def since(self, moment_ns: int = 0) -> Iterator[dict[str, Any]]:
        try:
            file = open(self._path, encoding="utf-8", errors="replace")  # noqa: SIM115
        except FileNotFoundError:
            return
        with file:
            for line in file:
                with suppress(ValueError, TypeError, KeyError):
                    call = json.loads(line)
                    if int(call["sentNs"]) >= moment_ns:
                        yield call

    def note(self, line: Mapping[str, Any], *, repeated: bool = False) -> None:
        """Append a line, unless it is `repeated` and there. A failing disk is logged and stops no run."""
        if repeated and self._has(line):
            return
        try:
            append_line(self._path, encode_json(line))
        except OSError as exc:
            self._quiet.error(exc, "%s %s: the call log cannot be written", line.get("runId"), line.get("address"))

    def _has(self, line: Mapping[str, Any]) -> bool:
        """Return whether the call was noted; False for a file that cannot be read: a duplicate is better than a gap."""
        lines: list[bytes] = []
        with suppress(OSError):
            lines = (read_bytes(self._path) or b"").splitlines()
        run_id = str(line.get("runId")).encode()
        for known in reversed(lines):
            if run_id in known:
                with suppress(ValueError, AttributeError):
                    entry = json.loads(known)
                    if all(entry.get(name, "image" if name == "kind" else None) == line.get(name) for name in IDENTITY):
                        return True
        return False
