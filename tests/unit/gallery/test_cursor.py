import base64
import json

import pytest

from dalle.errors import InvalidRequest
from dalle.gallery.cursor import Cursor


@pytest.mark.parametrize("name", ["0x5aae", "ü — 猫", '<"%2e">', ""])
def test_comes_back_from_its_text(name: str) -> None:
    cursor = Cursor(1_700_000_000_000_000_000, "blue", 5, name)
    assert Cursor.parse(str(cursor)) == cursor
    assert str(cursor).replace("-", "").replace("_", "").isalnum()


@pytest.mark.parametrize("after", ["x", "e30", "W10", "WzEsMiwzLDRd", "é", "WzEsImEiLDEuNSwiYiJd", "=" * 9, "\0"])
def test_refuses_a_text_that_none_of_them_gave(after: str) -> None:
    with pytest.raises(InvalidRequest):
        Cursor.parse(after)


@pytest.mark.parametrize("value", [[1 << 62, "a", 1, "b"], [True, "a", 1, "b"], [1, "\ud800", 1, "b"], [1, "a", 1, 2]])
def test_refuses_values_that_no_position_has(value: list[object]) -> None:
    with pytest.raises(InvalidRequest):
        Cursor.parse(base64.urlsafe_b64encode(json.dumps(value).encode()).decode())
