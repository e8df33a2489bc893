"""A selection as row numbers is the same selection in every process that draws it."""

import hashlib

import pytest

from dalle.painters.sketch import draw
from dalle.words.catalog import Catalog
from dalle.words.selection import select
from dalle.words.series import Series
from dalle.workshop.picks import COUNT, Picks

CATALOG = Catalog.load()
PICKS = Picks(CATALOG)
FILTERED = Series(
    name="owls", suffix="owl", color_limit=2, filters={"nouns": (",owl,",), "colors": ("blue",), "gazes": ("zzz",)}
)
ADDRESSES = [f"0x{hashlib.sha256(bytes([number])).hexdigest()[:40]}" for number in range(20)]


@pytest.mark.parametrize("series", [Series(name="plain"), FILTERED], ids=lambda series: series.name)
def test_are_drawn_as_the_selection_is(series: Series) -> None:
    for address in ADDRESSES:
        selection = select(address, series, CATALOG)
        again = PICKS.selection(address, series, PICKS.text(selection))
        assert [(each.name, each.fields, each.value) for each in again] == [
            (each.name, each.fields, each.value) for each in selection
        ]
        assert (again.original, again.series, again.suffix, again.color_limit) == (
            selection.original,
            selection.series,
            selection.suffix,
            selection.color_limit,
        )
    assert draw(again, (64, 64)).tobytes() == draw(selection, (64, 64)).tobytes()


def test_are_the_same_whatever_filters_led_to_them() -> None:
    address = ADDRESSES[0]
    plain = select(address, Series(name="owls"), CATALOG)
    only = Series(name="owls", filters={"nouns": (plain["noun"].value,), "tropes": (plain["trope"].value,)})
    assert PICKS.text(select(address, only, CATALOG)) == PICKS.text(plain)


@pytest.mark.parametrize("text", ["", "1.2", ".".join(["0"] * (COUNT + 1)), ".".join(["x"] * COUNT), "1" * 5000])
def test_refuse_what_names_no_rows(text: str) -> None:
    with pytest.raises(ValueError, match=f"^expected the numbers of {COUNT} rows"):
        PICKS.selection(ADDRESSES[0], FILTERED, text)


def test_refuse_a_row_that_is_not_there() -> None:
    with pytest.raises(ValueError, match=r"^adverbs has no row 644$"):
        PICKS.selection(ADDRESSES[0], FILTERED, ".".join(["644", *["0"] * (COUNT - 1)]))
