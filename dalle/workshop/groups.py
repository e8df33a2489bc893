"""The groups of a word database: values that many rows share, such as the kind of a noun, with the filter for each."""

from collections import Counter
from dataclasses import dataclass

from dalle.words.catalog import FLAGS, Database

MOST_VALUES = 60
"""Of a column of groups; one with more holds descriptions."""
MOST_SHOWN = 16
"""Groups of a column: the largest."""
FEWEST = 2
"""Rows of a group."""


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that have the same value in a column; `filter` keeps them, and perhaps others that contain its text too."""

    column: str
    value: str
    filter: str
    rows: int


def groups(database: Database) -> tuple[Group, ...]:
    """Returns the groups of a database, by column, the largest first."""
    found: list[Group] = []
    for at, column in enumerate(database.columns):
        counts = Counter(row[at] for row in database.rows if row[at])
        # What nearly every row has for itself is its word or its description.
        if at and column not in FLAGS and 1 < len(counts) <= min(MOST_VALUES, len(database.rows) // 2):
            last = at == len(database.columns) - 1
            found += [
                Group(column, value, f",{value}" if last else f",{value},", rows)
                for value, rows in counts.most_common(MOST_SHOWN)
                if rows >= FEWEST
            ]
    return tuple(found)
