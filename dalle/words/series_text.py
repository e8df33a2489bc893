"""The text of a series file, written so that people can read it, and changed without losing what others put there."""

import json
from collections.abc import Mapping
from typing import Any

from dalle.words.series import read_object

WIDTH = 110
"""Letters of a line; a longer list has a line for each of its texts."""


def changed(before: bytes, changes: Mapping[str, Any]) -> bytes:
    """Returns a series file with other values for some keys; None takes a key away.

    Keys that are not changed stay, also those that only the older server knows, in their order and with their values;
    and so does the whole text when nothing changes. A `colorLimit` that was a text is one again. Raises BadSeries.
    """
    fields = read_object(before)
    after = dict(fields)
    for key, value in changes.items():
        if value is None:
            after.pop(key, None)
        elif _differ(key, after.get(key), value):
            after[key] = str(value) if key == "colorLimit" and isinstance(after.get(key), str) else value
    return before if after == fields else written(after)


def written(fields: Mapping[str, Any]) -> bytes:
    """Returns a series file with a line for each key, and for each text of a long list."""
    lines = [f"  {_json(key)}: {_value(value)}" for key, value in fields.items()]
    return ("{\n" + ",\n".join(lines) + "\n}\n" if lines else "{}\n").encode()


def _differ(key: str, present: Any, value: Any) -> bool:
    """Whether two values mean something else: null and an empty list do not."""
    if key == "colorLimit":
        return str(present if present is not None else "").strip() != str(value)
    return bool(present or value) and present != value


def _value(value: Any) -> str:
    text = _json(value)
    if isinstance(value, list) and len(text) > WIDTH:
        return "[\n" + ",\n".join(f"    {_json(item)}" for item in value) + "\n  ]"
    return text


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
