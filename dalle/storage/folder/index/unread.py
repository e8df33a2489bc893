"""The pictures whose files were not read yet, as ranges of ids: a first listing adds hundreds of thousands at once.

A range may hold ids that were read or are gone; all ids of unread pictures are in one.
"""

import sqlite3
from collections.abc import Sequence
from typing import Any

from dalle.storage.folder.index.file import UNREAD
from dalle.storage.folder.index.sequences import COLUMNS

QUERY = f"""SELECT {COLUMNS} FROM pictures CROSS JOIN folders ON folders.id=folder
    WHERE pictures.id BETWEEN ? AND ? AND state={UNREAD} ORDER BY pictures.id DESC LIMIT ?"""  # noqa: S608
HIGHEST = f"SELECT id FROM pictures WHERE id BETWEEN ? AND ? AND state={UNREAD} ORDER BY id DESC LIMIT 1"  # noqa: S608


def expect(base: sqlite3.Connection, first: int, last: int) -> None:
    """Note that pictures are to be read."""
    base.execute("INSERT OR IGNORE INTO unread VALUES (?, ?)", (first, last))


def unread(base: sqlite3.Connection, limit: int) -> list[tuple[Any, ...]]:
    """Return the rows of pictures that were not read yet, newest first."""
    rows: list[tuple[Any, ...]] = []
    for first, last in base.execute("SELECT first, last FROM unread ORDER BY first DESC"):
        rows += base.execute(QUERY, (first, last, limit - len(rows)))
        if len(rows) == limit:
            break
    return rows


def count(base: sqlite3.Connection) -> int:
    """Return how many ids there are in all ranges."""
    number: int = base.execute("SELECT ifnull(sum(last - first + 1), 0) FROM unread").fetchone()[0]
    return number


def shrink(base: sqlite3.Connection, done: Sequence[int]) -> None:
    """Shorten the ranges of pictures that were read, or are gone."""
    query = "SELECT first, last FROM unread WHERE first <= ? AND last >= ?"
    for first, last in base.execute(query, (max(done), min(done))).fetchall() if done else []:
        highest = base.execute(HIGHEST, (first, last)).fetchone()
        if highest is None:
            base.execute("DELETE FROM unread WHERE first=?", (first,))
        else:
            base.execute("UPDATE unread SET last=? WHERE first=?", (highest[0], first))
