"""The first listing of a folder: names and times of all pictures first, and what only changes need later.

Measured: a listing with a stat each takes 3.5 µs of processor time a picture, all names and times in the index 5.5 µs.
Rows therefore come in the order of their ids into a table without another index; the table `names` and the words
follow. They stay hidden until all are there, so that pages do not skip those in between.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from dalle.storage.folder.index.file import IndexFile
from dalle.storage.folder.index.sequences import HIDDEN, NAMED, NAMELESS, begin, bounds, discard, staged
from dalle.storage.folder.index.stamps import PNG, Stamps
from dalle.storage.folder.index.unread import expect

# Pictures that one transaction adds, in some 10 ms: runs that publish wait for it. So many are sorted at once, too:
# Python stops all other threads meanwhile.
STEP = 10_000
# Nanoseconds, as a power of two, by which pictures are divided until STEP of them or fewer are left to be sorted.
SPAN, FINER = 42, 8

Found = tuple[int, str, int]
"""Time, name and inode."""


@dataclass(frozen=True, slots=True)
class Begun:
    """A listing that was begun. `token`: what the folder has in `listing` unless another one has begun since."""

    series: str
    number: int
    token: int


class Loading:
    """Loads folders that the index knows nothing of, but for what runs have published since the listing began."""

    def __init__(self, file: IndexFile, stamps: Stamps) -> None:
        self._file = file
        self._stamps = stamps

    def load(self, begun: Begun) -> bool:
        """Add all pictures of a folder, as one sequence; return False when another listing of it is going on."""
        with self._file.writing() as base:
            about = self._stamps.estimate(begun.series)
            base.execute("UPDATE folders SET about=? WHERE id=?", (about, begun.number))
        found = self._found(begun)
        if len(found) <= STEP:
            with self._file.writing() as base:
                sequence = begin(base, begun.number, HIDDEN)
                if found:
                    write(base, begun.number, sequence, 1, sorted(found))
                shown = show(base, begun, sequence)
                name(base, begun.number, sequence)
            return shown
        with self._file.writing() as base:
            for left in staged(base, HIDDEN, begun.number):
                discard(base, left)
            sequence = begin(base, begun.number, HIDDEN)
        at = 1
        for part in ordered(found):
            with self._file.writing() as base:
                write(base, begun.number, sequence, at, part)
            at += len(part)
        with self._file.writing() as base:
            return show(base, begun, sequence)

    def name(self) -> None:
        """Enter the pictures of all sequences in the table of names, in its order and a slice at a time."""
        base = self._file.base()
        for sequence in staged(base, NAMELESS):
            folder = base.execute("SELECT folder FROM sequences WHERE id=?", (sequence,)).fetchone()[0]
            base.execute("CREATE TEMP TABLE unnamed (name TEXT, inode INTEGER, id INTEGER)")
            try:
                query = "SELECT name, inode, id FROM pictures WHERE id BETWEEN ? AND ? ORDER BY name"
                count = base.execute(f"INSERT INTO unnamed {query}", bounds(sequence)).rowcount
                for first in range(1, count + 1, STEP):
                    with self._file.writing():
                        base.execute(NAMES, (folder, first, first + STEP - 1))
            finally:
                base.execute("DROP TABLE unnamed")
            with self._file.writing():
                base.execute("UPDATE sequences SET stage=? WHERE id=?", (NAMED, sequence))

    def _found(self, begun: Begun) -> list[Found]:
        found = []
        for entry in self._stamps.pictures(begun.series):
            try:
                status = entry.stat(follow_symlinks=False)
            except FileNotFoundError:
                continue
            found.append((status.st_mtime_ns, entry.name[: -len(PNG)], status.st_ino))
            if len(found) % STEP == 0:
                with suppress(sqlite3.OperationalError):  # busy: it is only for the page to show
                    seen = len(found)
                    self._file.base().execute("UPDATE folders SET seen=? WHERE id=?", (seen, begun.number))
        return found


# Of what a run has replaced or removed since, the row is another one or gone.
NAMES = """INSERT OR IGNORE INTO names SELECT ?, unnamed.name, unnamed.inode, unnamed.id
    FROM unnamed JOIN pictures ON pictures.id=unnamed.id AND pictures.name=unnamed.name
    WHERE unnamed.rowid BETWEEN ? AND ?"""


def ordered(found: list[Found], span: int = SPAN) -> Iterator[list[Found]]:
    """Yield pictures in the order of time and name, in lists of a few thousand."""
    if len(found) <= STEP or span < 0:
        yield sorted(found)
        return
    parts: defaultdict[int, list[Found]] = defaultdict(list)
    for picture in found:
        parts[picture[0] >> span].append(picture)
    gathered: list[Found] = []
    for _, part in sorted(parts.items()):
        for piece in ordered(part, span - FINER):
            if gathered and len(gathered) + len(piece) > STEP:
                yield gathered
                gathered = []
            gathered += piece
    yield gathered


def write(base: sqlite3.Connection, folder: int, sequence: int, at: int, found: list[Found]) -> None:
    """Add pictures, in their order, as those of a sequence from its number `at` on."""
    columns = "INSERT INTO pictures (id, folder, moment, name, inode)"
    base.execute(f"{columns} VALUES (?, ?, ?, ?, ?)", (bounds(sequence)[0] + at, folder, *found[0]))
    # Python makes no other row for each picture.
    base.executemany(f"{columns} VALUES (last_insert_rowid() + 1, {folder:d}, ?, ?, ?)", found[1:])


def show(base: sqlite3.Connection, begun: Begun, sequence: int) -> bool:
    """Show a sequence that is whole, and end its listing; discard it when another listing has begun meanwhile.

    That one finds what has become of these pictures. Returns whether the folder is listed: by this one or the other.
    """
    (listing,) = base.execute("SELECT listing FROM folders WHERE id=?", (begun.number,)).fetchone() or (0,)
    if listing != begun.token:
        discard(base, sequence)
        return listing == 0
    if base.execute("SELECT 1 FROM names WHERE folder=? LIMIT 1", (begun.number,)).fetchone():
        # Runs have published these since the listing began.
        again = "DELETE FROM pictures WHERE id BETWEEN ? AND ? AND name IN (SELECT name FROM names WHERE folder=?)"
        base.execute(again, (*bounds(sequence), begun.number))
    ends = "SELECT min(id), max(id) FROM pictures WHERE id BETWEEN ? AND ?"
    first, last = base.execute(ends, bounds(sequence)).fetchone()
    added, newest = 0, 0
    if last is None:
        discard(base, sequence)
    else:
        added = base.execute("SELECT count(*) FROM pictures WHERE id BETWEEN ? AND ?", (first, last)).fetchone()[0]
        newest = base.execute("SELECT moment FROM pictures WHERE id=?", (last,)).fetchone()[0]
        expect(base, first, last)
        base.execute("UPDATE sequences SET stage=? WHERE id=?", (NAMELESS, sequence))
    base.execute(
        "UPDATE folders SET listing=0, seen=0, about=0, count=count+?, newest=max(newest, ?) WHERE id=?",
        (added, newest, begun.number),
    )
    return True


def name(base: sqlite3.Connection, folder: int, sequence: int) -> None:
    """Enter the pictures of a short sequence in the table of names."""
    query = "SELECT ?, name, inode, id FROM pictures WHERE id BETWEEN ? AND ? ORDER BY name"
    base.execute(f"INSERT INTO names {query}", (folder, *bounds(sequence)))
    base.execute("UPDATE sequences SET stage=? WHERE id=?", (NAMED, sequence))
