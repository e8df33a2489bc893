"""JSON as it comes. A fast parser and a tolerant one return the same."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dalle.painters.openai.answers import values

BODIES = {
    "an object": b'{"data": [{"b64_json": "aGVsbG8="}], "usage": {"total_tokens": 7}}',
    "a line feed in a string": b'{"a": "\n"}',
    "half a surrogate": b'{"a": "\\ud800"}',
    "no number": b'{"a": NaN, "b": -Infinity}',
    "numbers beyond a word": b"[123456789012345678901234567890, 1e400, -0, 1.10]",
    "a name twice": b'{"a": 1, "a": 2}',
    "two values": b'{"a": 1} {"b": 2}',
    "bytes that are no UTF-8": b'{"a": "\xff"}',
    "a torn value": b'{"a": 1, "b": "tor',
    "a deep one": b"[" * 250 + b"]" * 250,
    "nothing": b"",
}


@pytest.mark.parametrize("name", BODIES)
def test_reads_a_body_as_its_text_is_parsed(name: str) -> None:
    body = BODIES[name]
    read, parsed = values.read(body), values.parse(body.decode(errors="replace"))
    assert repr(read) == repr(parsed)  # NaN is not equal to itself
    assert read[0] or name == "nothing"


leaves = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()


@settings(max_examples=60, deadline=None)
@given(st.recursive(leaves, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20))
def test_reads_what_was_written(value: Any) -> None:
    assert values.read(json.dumps(value).encode()) == ([value], True)
