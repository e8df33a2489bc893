import json
import random
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from types import MappingProxyType

import pytest

from dalle.storage.folder.series import SeriesFolder
from dalle.words.catalog import NAMES, Catalog, Database, Row
from dalle.words.selection import LATER_SLOTS, SLOTS, select
from dalle.words.series import Series
from dalle.words.shelf import SeriesShelf

GOLDEN = json.loads((Path(__file__).parents[1] / "golden" / "selections.json").read_text(encoding="utf-8"))
LOWEST, HIGHEST = "0x" + "0" * 40, "0x" + "f" * 40
EMPTY = Series("empty")


class Numbers(Sequence[Row]):
    """So many rows, each of its own number, without holding them."""

    def __init__(self, length: int) -> None:
        self.length = length

    def __len__(self) -> int:
        return self.length

    def __getitem__(self, index: int) -> Row:  # type: ignore[override]
        if not 0 <= index < self.length:
            raise IndexError(index)
        return (str(index),)


def catalog_of(size: int) -> Catalog:
    databases = {name: Database(name, ("word",), Numbers(size)) for name in NAMES}
    return Catalog("v1", "", MappingProxyType(databases))


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog.load(version="v1")


@pytest.mark.parametrize("address", GOLDEN)
def test_always_selects_what_the_specification_says(address: str, catalog: Catalog, tmp_path: Path) -> None:
    shelf = SeriesShelf(SeriesFolder(tmp_path))
    for name, golden in GOLDEN[address].items():
        series = shelf.get(name)
        assert series
        attributes = select(address, series, catalog)
        rows = [[each.bytes, each.count, each.selector, each.value.split(",")[0]] for each in attributes]
        assert rows == golden


def test_has_a_golden_file_of_fifty_addresses_and_three_series() -> None:
    assert len(GOLDEN) == 50
    assert {len(series) for series in GOLDEN.values()} == {3}


def test_selects_the_attributes_in_order() -> None:
    found = [(attribute.name, attribute.database) for attribute in select(LOWEST, EMPTY, catalog_of(3))]
    assert tuple(found) == SLOTS + LATER_SLOTS
    assert len(found) == 18


@pytest.mark.parametrize("size", [1, 2, 3, 7, 97, 2**24 - 1, 2**24])
def test_stays_inside_databases_of_every_size_at_both_edges(size: int) -> None:
    lowest, highest = select(LOWEST, EMPTY, catalog_of(size)), select(HIGHEST, EMPTY, catalog_of(size))
    for attribute in lowest.attributes[:15]:
        assert (attribute.number, attribute.selector, attribute.value) == (0, 0, "0")
    for attribute in highest.attributes[:15]:
        assert attribute.number == 16_777_215
        assert attribute.selector == size - 1
        assert attribute.factor < 1
    for attribute in (*lowest, *highest):
        assert attribute.count == size
        assert attribute.selector == size * attribute.number // 2**24
        assert attribute.value == str(attribute.selector)


def test_reaches_the_last_row_of_the_largest_database_by_single_steps() -> None:
    address = "0x" + "fffffe" + "0" * 34
    first = select(address, EMPTY, catalog_of(2**24))["adverb"]
    assert first.selector == 16_777_214


def test_selects_none_when_the_series_leaves_nothing(catalog: Catalog) -> None:
    series = Series("odd", filters={"nouns": ("no noun contains this",)})
    noun = select(HIGHEST, series, catalog)["noun"]
    assert (noun.value, noun.count, noun.selector, noun.fields) == ("none", 1, 0, {})
    assert not noun.present


def test_joins_the_fields_of_a_row_by_commas(catalog: Catalog) -> None:
    color = select(LOWEST, EMPTY, catalog)["color1"]
    assert color.value == ",".join(color.fields.values())
    assert set(color.fields) == {"hex", "name"}


def test_ignores_the_case_of_the_address(catalog: Catalog) -> None:
    address = "0xAbCdEf0123456789aBcDeF0123456789abcdef01"
    assert select(address, EMPTY, catalog) == select(address.lower(), EMPTY, catalog)


def test_notices_that_a_series_of_the_same_name_has_changed(catalog: Catalog) -> None:
    before = select(HIGHEST, Series("mine", filters={"nouns": ("microbes",)}), catalog)
    after = select(HIGHEST, Series("mine", filters={"nouns": ("plants",)}), catalog)
    assert before["noun"].field("kind") == "microbes"
    assert after["noun"].field("kind") == "plants"


def test_reaches_every_row_in_proportion(catalog: Catalog) -> None:
    """Chi-square of 8,000 addresses: within six standard deviations of its mean for every attribute."""
    rng = random.Random(20_000)
    counts: dict[str, Counter[int]] = {}
    sizes: dict[str, int] = {}
    addresses = 8_000
    for _ in range(addresses):
        for attribute in select(f"0x{rng.getrandbits(160):040x}", EMPTY, catalog):
            counts.setdefault(attribute.name, Counter())[attribute.selector] += 1
            sizes[attribute.name] = attribute.count
    assert len(counts) == 18
    for name, found in counts.items():
        size = sizes[name]
        expected = addresses / size
        chi = sum((found[row] - expected) ** 2 for row in range(size)) / expected
        spread = (2 * (size - 1)) ** 0.5
        assert abs(chi - (size - 1)) < 6 * spread, name
        if expected > 25:
            assert len(found) == size, name
