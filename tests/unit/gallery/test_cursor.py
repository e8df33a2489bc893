import base64
import json

import pytest

from dalle.errors import InvalidRequest
from dalle.gallery import cursor
from dalle.storage.picture import Position


@pytest.mark.parametrize("name", ["0x5aae", "ü — 猫", '<"%2e">', ""])
def test_parses_what_it_wrote(name: str) -> None:
    position = Position(1_700_000_000_000_000_000, "blue", 5, name)
    text = cursor.text_of(position)
    assert cursor.parse(text) == position
    assert text.replace("-", "").replace("_", "").isalnum()


def test_writes_no_position_as_an_empty_text() -> None:
    assert cursor.text_of(None) == ""
    assert cursor.parse("") is None


@pytest.mark.parametrize("after", ["x", "e30", "W10", "WzEsMiwzLDRd", "é", "WzEsImEiLDEuNSwiYiJd", "=" * 9, "\0"])
def test_refuses_a_text_that_it_did_not_write(after: str) -> None:
    with pytest.raises(InvalidRequest):
        cursor.parse(after)


@pytest.mark.parametrize("value", [[1 << 62, "a", 1, "b"], [True, "a", 1, "b"], [1, "\ud800", 1, "b"], [1, "a", 1, 2]])
def test_refuses_values_that_no_position_has(value: list[object]) -> None:
    with pytest.raises(InvalidRequest):
        cursor.parse(base64.urlsafe_b64encode(json.dumps(value).encode()).decode())
