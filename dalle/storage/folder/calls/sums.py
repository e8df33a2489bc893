"""The sums of one log file as far as it was read, kept beside it: what was read once is not read again.

A log only grows. So the sums go on from where they end, if the file is still the one that they are of: the same inode,
with the same bytes before that place, and not changed without having grown. Anything else begins from the start.
"""

import hashlib
import os
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import astuple, dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from dalle.atomic import read_bytes, write_atomic
from dalle.storage.codec import decode_object, encode_json
from dalle.storage.expenses import DAY_NS, Expense, Expenses, Group, group_of
from dalle.storage.folder.calls.lines import BLOCK, Call, block, call_of, is_whole, lines

VERSION = 1
TAIL = 4096
"""Bytes before the end of what was read by which the file is recognised."""


@dataclass(slots=True)
class Sums:
    """`end`: up to where the file was read; `blocks`: day → those that its calls are in, in order."""

    inode: int = 0
    end: int = 0
    changed_ns: int = 0
    tail: str = ""
    expenses: Expenses = field(default_factory=dict)
    blocks: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))

    def read_on(self, file: BinaryIO, over: Callable[[], bool] = lambda: False) -> bool:
        """Read what was appended; `over()` at the end of a block stops that. Return whether all was read."""
        stop, number = False, self.end // BLOCK
        for place, line in lines(file, self.end):
            if not is_whole(line):
                break
            if place // BLOCK != number:
                if stop := over():
                    break
                number = place // BLOCK
            self.end = place + len(line)
            if call := call_of(line):
                self._count(call, number)
        # Afterwards: what is appended from now on makes the file longer, and so it is not taken for another one.
        status = os.fstat(file.fileno())
        self.inode, self.changed_ns, self.tail = status.st_ino, status.st_mtime_ns, tail_of(file, self.end)
        return not stop

    def _count(self, call: Call, number: int) -> None:
        sent_ns, fields = call
        group = group_of(fields, sent_ns)
        self.expenses.setdefault(group, Expense()).count(fields)
        blocks = self.blocks[group.day]
        if not blocks or blocks[-1] != number:
            blocks.append(number)

    def rest(self, file: BinaryIO) -> Iterator[Call]:
        """Yield the call of a last line that has no newline: `read_on` leaves it out, since it may go on."""
        for _, line in lines(file, self.end):
            if call := call_of(line):
                yield call

    def calls_of(self, file: BinaryIO, day: int) -> Iterator[Call]:
        """Yield the calls of a day that were read, looking only into the blocks that have some."""
        for number in self.blocks.get(day, ()):
            for place, line in block(file, number):
                if place < self.end and (call := call_of(line)) and call[0] // DAY_NS == day:
                    yield call

    def is_of(self, file: BinaryIO) -> bool:
        """Return whether the file is the one that was read, and has at most grown since."""
        status = os.fstat(file.fileno())
        if status.st_ino != self.inode or status.st_size < self.end:
            return False
        if status.st_size == self.end:
            return status.st_mtime_ns == self.changed_ns
        return tail_of(file, self.end) == self.tail


def tail_of(file: BinaryIO, end: int) -> str:
    """Return a fingerprint of the bytes before a place."""
    start = max(0, end - TAIL)
    return hashlib.sha256(os.pread(file.fileno(), end - start, start)).hexdigest()[:32]


def load(path: Path, file: BinaryIO) -> Sums:
    """Return the sums that are kept for an open log; none where they are missing, damaged, or of another file."""
    value = decode_object(read_bytes(path))
    try:
        sums = from_wire(value) if value["version"] == VERSION else Sums()
    except (KeyError, TypeError, ValueError):
        return Sums()
    return sums if sums.is_of(file) else Sums()


def save(path: Path, sums: Sums) -> None:
    write_atomic(path, encode_json(to_wire(sums)))


def to_wire(sums: Sums) -> dict[str, Any]:
    return {
        "version": VERSION,
        "inode": sums.inode,
        "end": sums.end,
        "changedNs": sums.changed_ns,
        "tail": sums.tail,
        "sums": [[*group, *astuple(expense)] for group, expense in sums.expenses.items()],
        "blocks": {str(day): numbers for day, numbers in sums.blocks.items()},
    }


def from_wire(value: dict[str, Any]) -> Sums:
    width = len(Group._fields)
    return Sums(
        int(value["inode"]),
        int(value["end"]),
        int(value["changedNs"]),
        str(value["tail"]),
        {Group(*row[:width]): Expense(*row[width:]) for row in value["sums"]},
        defaultdict(list, {int(day): list(numbers) for day, numbers in value["blocks"].items()}),
    )
