"""The first listing of a folder: names and times of all pictures first, and what only changes need later.

Rows come in the order of their ids into a table without another index; the table `names` and the words follow. They
stay hidden until all are there, so that pages do not skip those in between.

Measured on a busy machine, as a multiple of the processor time of a listing with a stat each: 1.25 to 1.65, median
1.57, with 100,000 pictures in five folders. Of it 1.0 is this listing, 0.15 the order (0.3 with a million, whose names
are far apart in memory), and 0.2 are the rows, which would take hardly less as chunks of hundreds.
"""

import sqlite3
import stat
from array import array
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache, partial
from itertools import groupby
from operator import eq, itemgetter

from dalle.storage.folder.index.file import IndexFile
from dalle.storage.folder.index.sequences import HIDDEN, NAMED, NAMELESS, begin, bounds, discard, last, staged
from dalle.storage.folder.index.stamps import PNG, Stamps, is_public
from dalle.storage.folder.index.unread import expect

# Pictures that one transaction adds, in some 10 ms: runs that publish wait for it. So many are sorted at once, too:
# Python stops all other threads meanwhile.
STEP = 10_000
# Rows that one statement adds: with 50 each takes half the time that it takes alone, and with 200 no less.
ROWS = 50
# Nanoseconds, as a power of two, by which pictures are divided until STEP of them or fewer are left to be sorted.
SPAN, FINER = 42, 8

Columns = tuple[tuple[int, ...], tuple[str, ...], tuple[int, ...]]
"""Times, names and inodes of pictures."""


@dataclass(slots=True)
class Found:
    """Pictures of a folder in columns, which take Python less time than tuples, and a million of them 120 MB less.

    Inodes are as a status has them (`Found(inodes=array("Q"))`), or with the sign that they have in the index.
    """

    moments: "array[int]" = field(default_factory=partial(array, "q"))
    names: list[str] = field(default_factory=list)
    inodes: "array[int]" = field(default_factory=partial(array, "q"))

    def __len__(self) -> int:
        return len(self.names)

    def take(self, files: "Found") -> None:
        """Take the pictures out of a list of files, which is empty afterwards.

        Measured: to look at each name by itself takes a fifth of the time of a listing.
        """
        pictures, names = files, stems(files.names)
        if names is None:
            wanted = [place for place, name in enumerate(files.names) if name.endswith(PNG) and is_public(name)]
            names = [files.names[place][: -len(PNG)] for place in wanted]
            moments = array("q", [files.moments[place] for place in wanted])
            pictures = Found(moments, [], array("Q", [files.inodes[place] for place in wanted]))
        self.names += names
        self.moments += pictures.moments
        self.inodes.frombytes(pictures.inodes.tobytes())
        del files.names[:], files.moments[:], files.inodes[:]

    def ordered(self) -> Iterator[Columns]:
        """Yield all pictures in the order of time and name, a few thousand at a time."""
        gathered: list[int] = []
        for places in divided(self.moments, range(len(self)), SPAN):
            if gathered and len(gathered) + len(places) > STEP:
                yield self._at(gathered)
                gathered = []
            gathered += sorted(places, key=self.moments.__getitem__)
        if gathered:
            yield self._at(gathered)

    def _at(self, places: Sequence[int]) -> Columns:
        """Return pictures that are in the order of time; those of the same time are put in that of their names."""
        if len(places) == 1:  # for which itemgetter returns no tuple
            return (self.moments[places[0]],), (self.names[places[0]],), (self.inodes[places[0]],)
        pick = itemgetter(*places)
        moments = pick(self.moments)
        if any(map(eq, moments, moments[1:])):
            equals = groupby(places, self.moments.__getitem__)
            pick = itemgetter(*(place for _, equal in equals for place in sorted(equal, key=self.names.__getitem__)))
        return moments, pick(self.names), pick(self.inodes)


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
                for part in found.ordered():
                    write(base, begun.number, bounds(sequence)[0] + 1, part)
                shown = show(base, begun, sequence, len(found))
                name(base, begun.number, sequence)
            return shown
        with self._file.writing() as base:
            for left in staged(base, HIDDEN, begun.number):
                discard(base, left)
            sequence = begin(base, begun.number, HIDDEN)
        first = bounds(sequence)[0] + 1
        for part in found.ordered():
            with self._file.writing() as base:
                write(base, begun.number, first, part)
            first += len(part[0])
        with self._file.writing() as base:
            return show(base, begun, sequence, len(found))

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

    def _found(self, begun: Begun) -> Found:
        found, part = Found(), Found(inodes=array("Q"))
        names, add_name, add_moment, add_inode = part.names, part.names.append, part.moments.append, part.inodes.append
        with self._stamps.entries(begun.series) as entries:
            for entry in entries:
                try:
                    status = entry.stat(follow_symlinks=False)
                except FileNotFoundError:
                    continue
                if stat.S_ISREG(status.st_mode):
                    add_moment(status.st_mtime_ns)
                    add_name(entry.name)
                    add_inode(status.st_ino)
                if len(names) == STEP:
                    found.take(part)
                    with suppress(sqlite3.OperationalError):  # busy: it is only for the page to show
                        seen = len(found)
                        self._file.base().execute("UPDATE folders SET seen=? WHERE id=?", (seen, begun.number))
        found.take(part)
        return found


def stems(names: list[str]) -> list[str] | None:
    """Return names of files without their ends; None where they are not all public names of pictures in ASCII."""
    joined = "/".join(names)
    found = joined[: -len(PNG)].split(f"{PNG}/")
    hidden = joined.startswith(".") or "/." in joined
    return found if len(found) == len(names) and joined.endswith(PNG) and joined.isascii() and not hidden else None


# Of what a run has replaced or removed since, the row is another one or gone.
NAMES = """INSERT OR IGNORE INTO names SELECT ?, unnamed.name, unnamed.inode, unnamed.id
    FROM unnamed JOIN pictures ON pictures.id=unnamed.id AND pictures.name=unnamed.name
    WHERE unnamed.rowid BETWEEN ? AND ?"""


def divided(moments: "array[int]", places: Sequence[int], span: int) -> Iterator[Sequence[int]]:
    """Yield these places divided by their moments, the earliest first, so that no more than STEP are together.

    More are where they all have the same moment.
    """
    if len(places) <= STEP or span < 0:
        yield places
        return
    parts: defaultdict[int, list[int]] = defaultdict(list)
    for place in places:
        parts[moments[place] >> span].append(place)
    for _, part in sorted(parts.items()):
        yield from divided(moments, part, span - FINER)


def write(base: sqlite3.Connection, folder: int, first: int, pictures: Columns) -> None:
    """Add pictures, in their order, with rising ids."""
    moments, names, inodes = pictures
    for start in range(0, len(names), ROWS):
        some = slice(start, start + ROWS)
        values = (first + start, folder) + moments[some] + names[some] + inodes[some]
        base.execute(insertion(len(names[some])), values)


@lru_cache(1)  # of all but the last
def insertion(rows: int) -> str:
    """Return the statement that adds so many pictures: id of the first, folder, then all times, names and inodes."""
    values = (f"(?1+{row}, ?2, ?{row + 3}, ?{row + 3 + rows}, ?{row + 3 + 2 * rows})" for row in range(rows))
    return f"INSERT INTO pictures (id, folder, moment, name, inode) VALUES {', '.join(values)}"  # noqa: S608


def show(base: sqlite3.Connection, begun: Begun, sequence: int, count: int) -> bool:
    """Show a sequence that is whole, of so many pictures; discard it when another listing has begun meanwhile.

    That one finds what has become of these pictures. Returns whether the folder is listed: by this one or the other.
    """
    (listing,) = base.execute("SELECT listing FROM folders WHERE id=?", (begun.number,)).fetchone() or (0,)
    if listing != begun.token:
        discard(base, sequence)
        return listing == 0
    if base.execute("SELECT 1 FROM names WHERE folder=? LIMIT 1", (begun.number,)).fetchone():
        # Runs have published these since the listing began.
        again = "DELETE FROM pictures WHERE id BETWEEN ? AND ? AND name IN (SELECT name FROM names WHERE folder=?)"
        count -= base.execute(again, (*bounds(sequence), begun.number)).rowcount
    end, newest = last(base, sequence), 0
    if end is None:
        discard(base, sequence)
    else:
        newest = end[1]
        first = base.execute("SELECT id FROM pictures WHERE id >= ? LIMIT 1", bounds(sequence)[:1]).fetchone()[0]
        expect(base, first, end[0])
        base.execute("UPDATE sequences SET stage=? WHERE id=?", (NAMELESS, sequence))
    base.execute(
        "UPDATE folders SET listing=0, seen=0, about=0, count=count+?, newest=max(newest, ?) WHERE id=?",
        (count, newest, begun.number),
    )
    return True


def name(base: sqlite3.Connection, folder: int, sequence: int) -> None:
    """Enter the pictures of a short sequence in the table of names."""
    query = "SELECT ?, name, inode, id FROM pictures WHERE id BETWEEN ? AND ? ORDER BY name"
    base.execute(f"INSERT INTO names {query}", (folder, *bounds(sequence)))
    base.execute("UPDATE sequences SET stage=? WHERE id=?", (NAMED, sequence))
