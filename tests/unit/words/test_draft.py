import json
from typing import Any

import pytest

from dalle.words.catalog import NAMES, Catalog
from dalle.words.draft import MOST_COUNTED, Choice, Draft, Hits, choices, examine
from dalle.words.series import MOST_BYTES, Series


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog.load(version="v1")


def draft(catalog: Catalog, **fields: Any) -> Draft:
    return examine("mine", json.dumps(fields).encode(), catalog)


def choice(catalog: Catalog, database: str, *filters: str) -> Choice:
    series = Series.parse("mine", json.dumps({database: filters}).encode())
    return next(each for each in choices(series, catalog) if each.database == database)


def test_finds_nothing_wrong_with_a_good_series(catalog: Catalog) -> None:
    good = draft(catalog, purpose="Owls.", nouns=["owl"], colorLimit="2", source="user", version="3", modifiedAt="x")
    assert (good.errors, good.warnings, good.unknown) == ((), (), ())
    assert good.series
    assert (good.series.color_limit, dict(good.series.filters)) == (2, {"nouns": ("owl",)})


@pytest.mark.parametrize(
    ("text", "field", "reason"),
    [
        (b"{", "", "not valid JSON"),
        (b'{"nouns": "owl"}', "nouns", '"nouns" must be a list of texts'),
        (b'{"colorLimit": "two"}', "colorLimit", '"colorLimit" must be a whole number'),
        (b'{"nouns": ["zzzz"]}', "nouns", "nouns: no row contains 'zzzz'"),
        (b" " * (MOST_BYTES + 1), "", "it is larger than 1 MB"),
    ],
)
def test_names_the_field_of_each_error(catalog: Catalog, text: bytes, field: str, reason: str) -> None:
    (error,) = examine("mine", text, catalog).errors
    assert error.field == field
    assert str(error).startswith(reason)


def test_names_the_field_of_each_warning(catalog: Catalog) -> None:
    doubtful = draft(catalog, nouns=["owl", "zzzz"], colors=["alice blue"], deleted=True, Nouns=[], mood="x")
    assert doubtful.errors == ()
    assert [(each.field, each.text) for each in doubtful.warnings] == [
        ("nouns", "nouns: no row contains 'zzzz'"),
        ("colors", "colors: only 1 row matches"),
        ("deleted", "it is marked as deleted, so it is neither listed nor painted"),
        ("purpose", 'it has no "purpose": one sentence, shown in lists'),
    ]
    assert doubtful.unknown == ("Nouns", "mood")


def test_counts_the_rows_of_each_filter_and_those_left(catalog: Catalog) -> None:
    lines = catalog.lines("nouns")
    owls, cats = sum("owl" in line for line in lines), sum("cat" in line for line in lines)
    both = sum("owl" in line or "cat" in line for line in lines)
    chosen = choice(catalog, "nouns", "owl", "cat", "zzzz")
    assert chosen.hits == (Hits("owl", owls), Hits("cat", cats), Hits("zzzz", 0))
    assert (chosen.rows, chosen.of) == (both, len(lines))
    assert 0 < owls < both < len(lines)


def test_counts_every_database_of_a_series_without_filters(catalog: Catalog) -> None:
    counted = choices(Series.parse("mine", b"{}"), catalog)
    assert [each.database for each in counted] == list(NAMES)
    for each in counted:
        assert each.rows == len(catalog.choose(each.database, ()))
        assert each.hits == ()


def test_shows_examples_from_the_whole_of_the_rows(catalog: Catalog) -> None:
    rows = catalog.databases["colors"].rows
    shown = choice(catalog, "colors").examples
    assert len(set(shown)) == len(shown) == 5
    names = [row[1] for row in rows]
    assert [names.index(word) for word in shown] == [number * len(rows) // 5 for number in range(5)]
    assert choice(catalog, "colors", "alice blue").examples == ("alice blue",)
    assert choice(catalog, "colors", "zzzz").examples == ()


def test_counts_no_more_filters_than_it_can_at_once(catalog: Catalog) -> None:
    filters = [f"z{number}z" for number in range(MOST_COUNTED + 1)]
    hits = choice(catalog, "nouns", *filters).hits
    assert len(hits) == MOST_COUNTED + 1
    assert [hit.rows for hit in hits[-2:]] == [0, None]
