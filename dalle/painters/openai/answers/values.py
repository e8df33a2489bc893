"""Parses JSON as it comes: one value, several in a row, or one that breaks off."""

import json
import re
from typing import Any

from jiter import from_json

MOST_VALUES = 2000
MOST_DEPTH = 300
DECODER = json.JSONDecoder(strict=False)  # base64 in lines may come with the line feeds as they are
GAP = re.compile(r"[\s,\x00\x1e\ufeff]*+")
TOKEN = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[{}\[\],:"]', re.DOTALL)
CLOSING = {"{": "}", "[": "]"}


def read(content: bytes) -> tuple[list[Any], bool]:
    """Return what `parse` does of its text. A single whole value, as nearly always, takes a sixth of the time."""
    try:
        return [from_json(content, cache_mode="none")], True
    except ValueError:
        return parse(content.decode(errors="replace"))


def parse(text: str) -> tuple[list[Any], bool]:
    """Return the JSON values in a text, and whether the text is nothing but them.

    Of a value that breaks off, what is whole in it is returned.
    """
    found: list[Any] = []
    position = 0
    while len(found) < MOST_VALUES:
        gap = GAP.match(text, position)
        position = gap.end() if gap else position
        if position >= len(text):
            return found, True
        try:
            value, position = DECODER.raw_decode(text, position)
        except (ValueError, RecursionError):
            return found + closed(text, position), False
        found.append(value)
    return found, False


def closed(text: str, position: int = 0) -> list[Any]:
    """Return a value that breaks off without its last, torn member, in a list; an empty list if nothing is whole."""
    if text[position : position + 1] not in CLOSING:
        return []
    stack: list[str] = []
    end, is_value = position, False
    for match in TOKEN.finditer(text, position):
        mark = match[0]
        if mark == '"':  # the string does not end
            break
        if mark in CLOSING:
            stack.append(CLOSING[mark])
            end, is_value = match.end(), False
            if len(stack) > MOST_DEPTH:
                return []
        elif mark in "}]":
            if not stack or stack.pop() != mark:
                return []
            end = match.end()
            if not stack:
                break
        elif mark == ",":
            end, is_value = match.start(), False
        elif mark == ":":
            is_value = True
        elif is_value or (stack and stack[-1] == "]"):
            end, is_value = match.end(), False
    try:
        return [DECODER.decode(text[position:end] + "".join(reversed(stack)))]
    except (ValueError, RecursionError):
        return []
