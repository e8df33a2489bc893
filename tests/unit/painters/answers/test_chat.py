"""What is taken from the provider's answers, and what is left."""

import json
from typing import Any

import pytest

from dalle.errors import BadAnswer
from dalle.painters.openai import answers
from dalle.painters.openai.answers.encoded import decode
from dalle.painters.openai.client import Reply
from dalle.storage.codec import encode_json


@pytest.mark.parametrize(
    "encoded",
    ["aGVsbG8=", "aGVs\r\nbG8=\n", "aGVs\rbG8=", " aGVs bG8", "data:image/png;base64,aGVsbG8=", "aGVsbG8", "aGVsbG8=="],
)
def test_decodes_base64_in_any_form(encoded: str) -> None:
    assert decode(encoded) == b"hello"


@pytest.mark.parametrize("encoded", ["a", "aGVs!bG8=", "aGVsbG8=aGVsbG8=", "data:image/png;base64,"])
def test_refuses_broken_base64(encoded: str) -> None:
    with pytest.raises(BadAnswer):
        decode(encoded)


def test_makes_texts_storable() -> None:
    said = {"choices": [{"message": {"content": " a \ud800 cat " + "a" * 100_000}}]}
    text = answers.text(said)
    assert (len(text), text[:7]) == (7999, "a ? cat")


def test_counts_only_what_can_be_tokens() -> None:
    usage = {
        "input_tokens": 7,
        "output_tokens": -5,
        "total_tokens": 10**400,
        "share": 0.5,
        "cached": True,
        "half\ud800": 3,
        "details": {"image_tokens": 2, "text": "5"},
        "": {"x": 1},
    }
    assert answers.usage({"usage": usage}) == {"input_tokens": 7, "details_image_tokens": 2, "x": 1}


def test_limits_the_depth_and_the_number_of_usage_fields() -> None:
    deep: Any = 1
    for _ in range(900):
        deep = {"a": deep}
    assert answers.usage({"usage": deep}) == {}
    assert len(answers.usage({"usage": {f"n{number}": 1 for number in range(5000)}})) == 40


@pytest.mark.parametrize("content", [b"", b"[1]", b'{"a": ', b"[" * 100_000, b"\xff\xfe\x00"])
def test_accepts_only_a_json_object(content: bytes) -> None:
    with pytest.raises(BadAnswer):
        answers.payload(Reply(content))


def test_leaves_no_text_that_a_journal_cannot_hold() -> None:
    assert json.loads(encode_json({"detail": "half \ud800"})) == {"detail": "half ?"}
