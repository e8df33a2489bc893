"""What a damaged journal still shows of its calls. It may be too large to be parsed at once."""

import json
from collections.abc import Iterator
from typing import Any, TextIO

from dalle.storage.attempt import Attempt, worth_remembering
from dalle.storage.codec import from_wire

ATTEMPTS = '"attempts":['
WINDOW = 1 << 20
"""Characters of a damaged journal that are in memory; a longer attempt is none."""
WINDOWS = 200
"""So many are looked through: some seconds, once, while the key is guarded."""


def attempts_in(file: TextIO) -> list[Attempt]:
    """Return the attempts that a journal shows: those worth remembering."""
    attempts: list[Attempt] = []
    for value in objects_behind(file, ATTEMPTS):
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
