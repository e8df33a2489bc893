import json

import pytest

from dalle.words.series import BadSeries, Series
from dalle.words.series_text import changed, written

OLDER = (
    b'{"last":7,"suffix":"My Set","purpose":"Owls.","deleted":false,"modifiedAt":"2026-07-01T10:00:00Z","version":"4",'
    b'"source":"user","colorLimit":"2","adverbs":null,"nouns":["owl"],"mood":{"x":[1]}}'
)
"""As the older server writes it, with a key that only it knows."""


def test_keeps_what_is_not_changed_in_its_order() -> None:
    text = changed(OLDER, {"purpose": "Owls at night.", "nouns": ["owl", "night"], "gazes": ["up"]})
    before, after = json.loads(OLDER), json.loads(text)
    assert after == before | {"purpose": "Owls at night.", "nouns": ["owl", "night"], "gazes": ["up"]}
    assert list(after) == [*before, "gazes"]


@pytest.mark.parametrize(
    "changes", [{}, {"colorLimit": 2}, {"deleted": False}, {"adverbs": []}, {"nouns": ["owl"]}, {"gazes": None}]
)
def test_leaves_every_byte_when_nothing_changes(changes: dict[str, object]) -> None:
    assert changed(OLDER, changes) == OLDER


def test_writes_a_color_limit_as_it_was_written() -> None:
    assert json.loads(changed(OLDER, {"colorLimit": 1}))["colorLimit"] == "1"
    assert json.loads(changed(b'{"colorLimit": 2}', {"colorLimit": 1}))["colorLimit"] == 1
    assert json.loads(changed(b"{}", {"colorLimit": 1}))["colorLimit"] == 1
    assert changed(b"{}", {"colorLimit": 0}) != b"{}"


def test_takes_a_key_away() -> None:
    assert json.loads(changed(b'{"purpose": "x", "nouns": ["owl"]}', {"nouns": None, "gazes": None})) == {
        "purpose": "x"
    }


def test_refuses_what_holds_no_series() -> None:
    with pytest.raises(BadSeries, match="not valid JSON"):
        changed(b"{", {"deleted": True})


def test_writes_a_line_for_each_key_and_for_each_text_of_a_long_list() -> None:
    words = [f"word number {number}" for number in range(10)]
    text = written({"purpose": 'Żółw "x"', "nouns": ["owl", "cat"], "colors": words, "gazes": []}).decode()
    assert text.splitlines()[:4] == ["{", '  "purpose": "Żółw \\"x\\"",', '  "nouns": ["owl", "cat"],', '  "colors": [']
    assert text.splitlines()[4] == '    "word number 0",'
    assert text.endswith('\n  ],\n  "gazes": []\n}\n')
    assert Series.parse("mine", text.encode()).filters["colors"] == tuple(words)
    assert written({}) == b"{}\n"
