"""What was probably meant."""

import pytest

from app.suggestion import nearest, question

WORDS = ("high", "medium", "Nouns")


@pytest.mark.parametrize(
    ("word", "meant"),
    [("hgih", "high"), ("HIGH", "high"), ("nouns", "Nouns"), ("meduim", "medium"), ("4k", ""), ("hi", ""), ("", "")],
)
def test_finds_the_word_that_is_nearly_this_one(word: str, meant: str) -> None:
    assert nearest(word, WORDS) == meant


def test_asks_only_when_something_is_near() -> None:
    assert question("hgih", WORDS) == "; did you mean high?"
    assert question("ultra", WORDS) == ""
