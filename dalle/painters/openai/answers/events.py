"""Reads event streams (HTML standard, 9.2.6): what gateways send to clients that did not ask for a stream, too."""

from typing import Any

from dalle.painters.openai.answers import values

MOST_EVENTS = 5000
END = "[DONE]"


def parse(text: str) -> tuple[list[Any], bool]:
    """Return the values of a stream's events, and whether all of them could be read.

    An event's name becomes its `type`, unless it states one. The last event counts even if its end is missing.
    """
    events: list[Any] = []
    whole = True
    name, data = "", []
    for line in [*text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), ""]:
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if field == "event":
            name = value.strip()
        elif field == "data":
            data.append(value)
        elif not line:
            if data and len(events) < MOST_EVENTS:
                whole = _add(events, name, "\n".join(data)) and whole
            name, data = "", []
    return events, whole


def _add(events: list[Any], name: str, data: str) -> bool:
    """Add what an event contains; return whether it could be read."""
    if not data.strip() or data.strip() == END:
        return True
    found, whole = values.parse(data)
    for value in found:
        if isinstance(value, dict) and name and not isinstance(value.get("type"), str):
            value["type"] = name
        events.append(value)
    if not found and not data.lstrip().startswith(("{", "[")):
        events.append(data)
        return True
    return whole


def joined_text(parts: list[Any]) -> list[str]:
    """Return the text that the chunks of a streamed chat spell, if they are that: a picture may be embedded in it."""
    pieces: list[str] = []
    for part in parts if len(parts) > 1 else []:
        choices = part.get("choices") if isinstance(part, dict) else None
        choice = choices[0] if isinstance(choices, list) and choices else None
        delta = choice.get("delta") if isinstance(choice, dict) else None
        content = delta.get("content") if isinstance(delta, dict) else None
        if isinstance(content, str):
            pieces.append(content)
    return ["".join(pieces)] if pieces else []
