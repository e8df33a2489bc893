"""Groups of words: each has a filter that keeps all of its rows."""

from dalle.words.catalog import Catalog, Database
from dalle.workshop.groups import MOST_SHOWN, groups

CATALOG = Catalog.load()


def test_have_filters_that_keep_their_rows() -> None:
    for database in CATALOG.databases.values():
        for group in groups(database):
            at = database.columns.index(group.column)
            kept = set(database.filtered((group.filter,)))
            rows = [row for row in database.rows if row[at] == group.value]
            assert len(rows) == group.rows
            assert kept.issuperset(rows)
            assert len(kept) <= 1.2 * len(rows) + 1, group  # others that contain its text are few


def test_are_what_many_rows_share() -> None:
    found = {(name, group.column) for name, database in CATALOG.databases.items() for group in groups(database)}
    assert {("nouns", "kind"), ("nouns", "group"), ("emotions", "polarity"), ("artstyles", "group")} <= found
    assert not any(column in ("word", "name", "phrase", "definition", "description", "flag") for _, column in found)


def test_are_the_largest_of_a_column() -> None:
    rows = tuple((f"w{number}", f"g{min(number // 3, 30)}") for number in range(120))
    found = groups(Database("any", ("word", "group"), rows))
    assert len(found) == MOST_SHOWN
    assert (found[0].value, found[0].rows, found[0].filter) == ("g30", 30, ",g30")
