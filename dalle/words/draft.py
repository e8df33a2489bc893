"""A series file that is not in use yet: what is wrong with it, and what each of its filters selects.

The service uses a file as `Series` reads it; a person who writes one wants to know more before it is used.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from dalle.words.attributes import word_of
from dalle.words.catalog import NAMES, Catalog
from dalle.words.series import KEYS, MOST_BYTES, BadSeries, Series, read_object

FEW = 3
"""Rows that are too few for pictures that differ."""
EXAMPLES = 5
MOST_COUNTED = 500
"""Filters of one database whose rows are counted: 0.05 s."""
MOST_SHOWN = 10
"""Filters that a remark names."""


@dataclass(frozen=True, slots=True)
class Remark:
    """What is wrong or doubtful: a sentence, and the key of the file that it is about, "" for the file as a whole."""

    field: str
    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Hits:
    """One filter, and how many rows of its database contain it; None where they were not counted."""

    filter: str
    rows: int | None


@dataclass(frozen=True, slots=True)
class Choice:
    """What a series leaves of one database.

    rows      that can be selected; `of`: that the database has
    hits      each filter of the series, in its order
    examples  words of some rows that can be selected, from the whole of them
    """

    database: str
    rows: int
    of: int
    hits: tuple[Hits, ...]
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """A series file as it was examined. `series` is None when its text holds none; `unknown`: keys that do nothing."""

    name: str
    text: bytes
    series: Series | None
    errors: tuple[Remark, ...]
    warnings: tuple[Remark, ...] = ()
    unknown: tuple[str, ...] = ()


def examine(name: str, text: bytes, catalog: Catalog) -> Draft:
    """Returns what is wrong with a series file, and what is doubtful. With errors it should not be saved."""
    if len(text) > MOST_BYTES:
        return Draft(name, text, None, (Remark("", f"it is larger than {MOST_BYTES // 1_000_000} MB"),))
    try:
        series = Series.parse(name, text)
        unknown = tuple(key for key in read_object(text) if key not in KEYS)
    except BadSeries as exc:
        return Draft(name, text, None, (Remark(exc.field, str(exc)),))
    errors, warnings = list[Remark](), list[Remark]()
    for database, filters in series.filters.items():
        _examine_filters(database, filters, catalog, errors, warnings)
    if series.deleted:
        warnings.append(Remark("deleted", "it is marked as deleted, so it is neither listed nor painted"))
    if not series.purpose:
        warnings.append(Remark("purpose", 'it has no "purpose": one sentence, shown in lists'))
    return Draft(name, text, series, tuple(errors), tuple(warnings), unknown)


def choices(series: Series, catalog: Catalog, *, examples: int = EXAMPLES) -> tuple[Choice, ...]:
    """Returns what the series leaves of each database, in the order of NAMES."""
    return tuple(_choice(database, series.filters.get(database, ()), catalog, examples) for database in NAMES)


def any_of(texts: Sequence[str]) -> str:
    """Returns texts as a list for people: the first ones of many."""
    shown = [repr(text[:64]) for text in texts[:MOST_SHOWN]]
    more = len(texts) - len(shown)
    return " or ".join([*shown, f"{more} more"] if more else shown)


def _choice(database: str, filters: tuple[str, ...], catalog: Catalog, examples: int) -> Choice:
    rows = catalog.choose(database, filters)
    lines = catalog.lines(database) if filters else ()
    hits = tuple(
        Hits(text, sum(text in line for line in lines) if number < MOST_COUNTED else None)
        for number, text in enumerate(filters)
    )
    columns = catalog.databases[database].columns
    shown = (rows[number * len(rows) // examples] for number in range(examples)) if len(rows) > examples else rows
    words = tuple(word_of(dict(zip(columns, row, strict=True))) for row in shown)
    return Choice(database, len(rows), len(catalog.databases[database].rows), hits, words)


def _examine_filters(
    database: str, filters: tuple[str, ...], catalog: Catalog, errors: list[Remark], warnings: list[Remark]
) -> None:
    rows = len(catalog.choose(database, filters))
    if not rows:
        errors.append(Remark(database, f"{database}: no row contains {any_of(filters)}"))
        return
    lines = catalog.lines(database)
    if idle := [text for text in filters if not any(text in line for line in lines)]:
        warnings.append(Remark(database, f"{database}: no row contains {any_of(idle)}"))
    if rows < FEW:
        warnings.append(Remark(database, f"{database}: only {rows} {'row matches' if rows == 1 else 'rows match'}"))
