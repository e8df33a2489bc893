"""The order of pictures, as the ids of their rows have it.

FTS5 returns matches quickly in the order of their ids only, so ids rise with time and name. A picture that is newer
than all others of its series gets the next id. One that is older, because it was put there with its old time or was
published out of turn, cannot: it extends another sequence of ids that ends before it, or begins one. What is read of a
series is merged from its sequences; most have one.
"""

import heapq
import sqlite3
from collections.abc import Iterator
from typing import Any

from dalle.storage.folder.index.file import TORN

BITS = 32
# More sequences than this are joined, as long as two together are no longer than MOST_JOINED.
MOST_SEQUENCES = 6
MOST_JOINED = 2000

# Stages of a sequence: its pictures are being added, and hidden; are shown; are in the table of names as well.
HIDDEN, NAMELESS, NAMED = 0, 1, 2

COLUMNS = "pictures.id, series, name, moment, width, height, title, painter, state, inode"

# Rows of a sequence: all, and those that match an FTS5 query, which are none that are torn.
PRESENT = f"pictures CROSS JOIN folders ON folders.id=folder WHERE pictures.id BETWEEN :low AND :high AND state!={TORN}"
MATCHING = "grams WHERE grams MATCH :match AND grams.rowid BETWEEN :low AND :high"
MATCHED = MATCHING.replace(
    "WHERE", "CROSS JOIN pictures ON pictures.id=grams.rowid CROSS JOIN folders ON folders.id=folder WHERE"
)

Place = tuple[int, str]
"""Time and name of a picture. As a place in the order it is the one behind that picture, which need not be there."""


def in_front(place: Place) -> Place:
    """Return the place in front of a picture."""
    return place[0], f"{place[1]}\0"  # the first name that is greater


def sequences(base: sqlite3.Connection, folder: int) -> list[int]:
    query = f"SELECT id FROM sequences WHERE folder=? AND stage!={HIDDEN}"  # noqa: S608
    return [row[0] for row in base.execute(query, (folder,))]


def staged(base: sqlite3.Connection, stage: int, folder: int | None = None) -> list[int]:
    """Return the sequences of a stage, of one series or of all."""
    query = "SELECT id FROM sequences WHERE stage=? AND folder=ifnull(?, folder)"
    return [row[0] for row in base.execute(query, (stage, folder))]


def bounds(sequence: int) -> tuple[int, int]:
    """Return the lowest and highest id that a sequence can have."""
    return sequence << BITS, ((sequence + 1) << BITS) - 1


def begin(base: sqlite3.Connection, folder: int, stage: int = NAMED) -> int:
    """Begin a sequence; return its number."""
    query = "INSERT INTO sequences (folder, stage) VALUES (?, ?) RETURNING id"
    number: int = base.execute(query, (folder, stage)).fetchone()[0]
    return number


def discard(base: sqlite3.Connection, sequence: int) -> None:
    """Delete a hidden sequence with its pictures, which nothing else knows."""
    base.execute("DELETE FROM pictures WHERE id BETWEEN ? AND ?", bounds(sequence))
    base.execute("DELETE FROM sequences WHERE id=?", (sequence,))


def last(base: sqlite3.Connection, sequence: int) -> tuple[int, int, str] | None:
    """Return id, time and name of the newest picture of a sequence."""
    query = "SELECT id, moment, name FROM pictures WHERE id BETWEEN ? AND ? ORDER BY id DESC LIMIT 1"
    row: tuple[int, int, str] | None = base.execute(query, bounds(sequence)).fetchone()
    return row


def extend(base: sqlite3.Connection, folder: int, moment: int, name: str) -> int:
    """Return the id of a new picture: behind the newest one that is older than it, at the end of a sequence."""
    ends = (last(base, sequence) for sequence in sequences(base, folder))
    before = [(end[1:], end[0]) for end in ends if end and end[1:] < (moment, name)]
    if before:
        return max(before)[1] + 1
    return bounds(begin(base, folder))[0] + 1


def close(base: sqlite3.Connection, series: str) -> None:
    """Drop the sequences of a series that have become empty, and look for its newest picture again."""
    folder = base.execute("SELECT id FROM folders WHERE series=?", (series,)).fetchone()[0]
    newest = 0
    for sequence in sequences(base, folder):
        end = last(base, sequence)
        if end:
            newest = max(newest, end[1])
        else:
            base.execute("DELETE FROM sequences WHERE id=?", (sequence,))
    base.execute("UPDATE folders SET newest=? WHERE id=?", (newest, folder))


def short(base: sqlite3.Connection, folder: int) -> list[int]:
    """Return the sequences of a series that are to be joined."""
    lengths = []
    for sequence in sequences(base, folder):
        end = last(base, sequence)
        if end:
            first = base.execute("SELECT id FROM pictures WHERE id >= ? LIMIT 1", bounds(sequence)[:1]).fetchone()
            lengths.append((end[0] - first[0] + 1, sequence))
    joined, total = [], 0
    if len(lengths) > MOST_SEQUENCES:
        for length, sequence in sorted(lengths):
            total += length
            if total <= MOST_JOINED:
                joined.append(sequence)
    return joined if len(joined) > 1 else []


def seek(base: sqlite3.Connection, sequence: int, place: Place) -> int:
    """Return the lowest id of a sequence that pictures at a place or behind it, towards the newest, can have."""
    low, high = bounds(sequence)
    end = last(base, sequence)
    if end is None or end[1:] < place:
        return high
    found = high = end[0]
    query = "SELECT id, moment, name FROM pictures WHERE id BETWEEN ? AND ? ORDER BY id LIMIT 1"
    while low < high:  # between `high` and `found` there is no picture
        middle = (low + high) // 2
        number, *present = base.execute(query, (middle, found)).fetchone()
        if tuple(present) < place:
            low = number + 1
        else:
            found, high = number, middle
    return found


def walk(
    base: sqlite3.Connection, folder: int, match: str, position: Place | None, *, back: bool
) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a series behind a place, newest first, that match an FTS5 query and are not torn.

    `back`: those before it, in the opposite order; a picture at the place is the first of them.
    """
    streams = [stream(base, sequence, match, position, back=back) for sequence in sequences(base, folder)]
    yield from heapq.merge(*streams, key=lambda row: (row[3], row[2]), reverse=not back)


def stream(
    base: sqlite3.Connection, sequence: int, match: str, position: Place | None, *, back: bool
) -> Iterator[tuple[Any, ...]]:
    low, high = bounds(sequence)
    if position and back:
        low = seek(base, sequence, position)
    elif position:
        high = seek(base, sequence, position) - 1
    rows = f"{MATCHED} ORDER BY grams.rowid" if match else f"{PRESENT} ORDER BY pictures.id"
    query = f"SELECT {COLUMNS} FROM {rows} {'' if back else 'DESC'}"  # noqa: S608
    yield from base.execute(query, {"match": match, "low": low, "high": high})


def texts(base: sqlite3.Connection, sequence: int, match: str) -> Iterator[tuple[str, str]]:
    """Yield names and titles of the rows that `stream` yields, in any order."""
    low, high = bounds(sequence)
    query = f"SELECT name, title FROM {MATCHED if match else PRESENT}"  # noqa: S608
    yield from base.execute(query, {"match": match, "low": low, "high": high})


def count(base: sqlite3.Connection, sequence: int, match: str, most: int) -> int:
    """Return how many rows `stream` yields, counted up to `most`."""
    low, high = bounds(sequence)
    query = f"SELECT count(*) FROM (SELECT 1 FROM {MATCHING if match else PRESENT} LIMIT :most)"  # noqa: S608
    number: int = base.execute(query, {"match": match, "low": low, "high": high, "most": most}).fetchone()[0]
    return number
