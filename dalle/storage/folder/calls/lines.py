"""The lines of a log that other processes append to meanwhile, with bounded memory."""

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, BinaryIO

from dalle.storage.expenses import sent_at

BLOCK = 1 << 20
"""Bytes. A longer line is no call's: it comes in parts, none of which is one."""

Call = tuple[int, dict[str, Any]]
"""When it was sent, in Unix nanoseconds, and the whole line."""


def lines(file: BinaryIO, start: int) -> Iterator[tuple[int, bytes]]:
    """Yield the lines from `start` on, where one begins, each with its place."""
    file.seek(start)
    place = start
    while line := file.readline(BLOCK):
        yield place, line
        place += len(line)


def is_whole(line: bytes) -> bool:
    """Return whether nothing can be appended to a line any more; the last one may be torn, or still being written."""
    return line.endswith(b"\n") or len(line) == BLOCK


def block(file: BinaryIO, number: int) -> Iterator[tuple[int, bytes]]:
    """Yield the lines that begin in the block of that number, counted from 0, each with its place."""
    start, end = number * BLOCK, (number + 1) * BLOCK
    if number:
        file.seek(start - 1)
        start += len(file.readline(BLOCK)) - 1
    for place, line in lines(file, start):
        if place >= end:
            return
        yield place, line


def backwards(file: BinaryIO) -> Iterator[list[bytes]]:
    """Yield the lines of each block, the last block first."""
    for number in range((os.fstat(file.fileno()).st_size - 1) // BLOCK, -1, -1):
        yield [line for _, line in block(file, number)]


def call_of(line: bytes) -> Call | None:
    """Return the call of a line; None for one that is torn, or no call."""
    with suppress(ValueError, TypeError, KeyError, RecursionError, OverflowError):
        call = json.loads(line)
        return sent_at(call), call
    return None
