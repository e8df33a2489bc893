"""One line for each call to the provider, for people who add up what was spent."""

import json
import logging
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

from dalle.atomic import append_line
from dalle.quiet_log import QuietLog
from dalle.storage.codec import encode_json
from dalle.storage.expenses import DAY_NS, Expense, Expenses, group_of
from dalle.storage.folder.calls.lines import BLOCK, Call, backwards, call_of, lines
from dalle.storage.folder.calls.months import Months
from dalle.storage.folder.calls.sums import Sums

log = logging.getLogger(__name__)

IDENTITY = ("runId", "kind", "number")
MOST_OWED = 10_000
"""Lines that this process remembers until they can be written."""
BEHIND = BLOCK
"""Bytes of a log that may be missing in the sums that are kept of it: they are read with each question."""


class FolderCallLog:
    """Satisfies `CallLog`. All processes append to one file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._months = Months(path)
        self._quiet = QuietLog(log)
        self._owed = deque[tuple[Mapping[str, Any], bool]](maxlen=MOST_OWED)
        self._mutex = threading.Lock()

    def since(self, moment_ns: int = 0) -> Iterator[dict[str, Any]]:
        with self._months.opened() as files:
            for _, file in files:
                for _, line in lines(file, 0):
                    if (call := call_of(line)) and call[0] >= moment_ns:
                        yield call[1]

    def expenses(self, since_ns: int = 0) -> Expenses:
        """What was appended since the sums were kept is read, and the day of the moment, if that is no midnight."""
        total: Expenses = {}
        with self._months.opened() as files:
            for name, file in files:
                sums = self._months.load(name, file)
                known = sums.end
                sums.read_on(file)
                if sums.end - known >= BEHIND:
                    self._months.save(name, sums)
                add(total, sums, file, since_ns)
        return total

    def note(self, line: Mapping[str, Any], *, repeated: bool = False) -> None:
        """Append a line, unless it is `repeated` and there. A failing disk is logged and stops no run.

        What cannot be written is added later: `write_owed`.
        """
        with self._mutex:
            self._owed.append((line, repeated or bool(self._owed)))
            self._write()

    def write_owed(self) -> None:
        """Append the lines that could not be written before, as far as they can be now."""
        with self._mutex:
            self._write()

    def _write(self) -> None:
        """Another process may take a run over meanwhile, and note its call: what is late is `repeated`."""
        while self._owed:
            line, repeated = self._owed[0]
            try:
                if not (repeated and self._has(line)):
                    append_line(self._path, encode_json(line))
            except OSError as exc:
                self._owed[0] = line, True
                self._quiet.error(exc, "%s %s: the call log cannot be written", line.get("runId"), line.get("address"))
                return
            self._owed.popleft()

    def keep_up(self, now_ns: int, over: Callable[[], bool]) -> bool:
        """Close past months and bring the sums up to date; return whether all is done.

        `over()`: whether that is to be left for the next time. The caller excludes others that do the same.
        """
        self.write_owed()
        self._months.close(now_ns)
        with self._months.opened() as files:
            for name, file in files:
                sums = self._months.load(name, file)
                known = sums.end
                done = sums.read_on(file, over)
                if not done or sums.end - known >= BEHIND:
                    self._months.save(name, sums)
                if not done:
                    return False
        return True

    def _has(self, line: Mapping[str, Any]) -> bool:
        """Return whether the call was noted; False for a file that cannot be read: a duplicate is better than a gap.

        It was noted after it was sent. So the search ends at a block of nothing but calls of the days before.
        """
        run_id, earliest = str(line.get("runId")).encode(), int(line.get("sentNs", 0)) - DAY_NS
        with suppress(OSError), self._months.opened() as files:
            for _, file in reversed(files):
                for block in backwards(file):
                    if any(run_id in known and is_same(known, line) for known in block):
                        return True
                    sent = [call[0] for known in reversed(block) if (call := call_of(known))]
                    if sent and max(sent) < earliest:
                        return False
        return False


def is_same(known: bytes, line: Mapping[str, Any]) -> bool:
    """Return whether both are of one call."""
    with suppress(ValueError, AttributeError):
        entry = json.loads(known)
        return all(entry.get(name, "image" if name == "kind" else None) == line.get(name) for name in IDENTITY)
    return False


def add(total: Expenses, sums: Sums, file: BinaryIO, since_ns: int) -> None:
    """Add to the total what was sent at or after a moment."""
    first, is_midnight = since_ns // DAY_NS, since_ns % DAY_NS == 0
    for group, expense in sums.expenses.items():
        if group.day > first or (group.day == first and is_midnight):
            total.setdefault(group, Expense()).add(expense)
    if not is_midnight:
        count(total, sums.calls_of(file, first), since_ns)
    count(total, sums.rest(file), since_ns)


def count(total: Expenses, calls: Iterator[Call], since_ns: int) -> None:
    for sent_ns, call in calls:
        if sent_ns >= since_ns:
            total.setdefault(group_of(call, sent_ns), Expense()).count(call)
