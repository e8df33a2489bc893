"""Pictures in the gallery's order: read along the index of that order, or found by the pieces of their words.

The order finds what many pictures have, and the pieces what few have. PostgreSQL says which it is, from its statistics.
Where it is wrong, because a word is in the old pictures only say, the order is read for a while and then left.
"""

from collections.abc import Sequence
from itertools import groupby
from math import prod
from typing import Any, NamedTuple

from dalle.storage.cluster.database.database import Database
from dalle.storage.cluster.pictures.words import clean, conditions, decisive, mark
from dalle.storage.picture import Folder, Picture

Place = tuple[int, str]
COLUMNS = "p.series, p.name, p.modified_ns, p.width, p.height, p.title, p.painter, p.painting, p.version, p.size"
BEHIND, BEFORE = "(p.modified_ns, p.name) < (%s, %s)", "(p.modified_ns, p.name) >= (%s, %s)"
DESCENDING, ASCENDING = "p.modified_ns DESC, p.name DESC", "p.modified_ns, p.name"


class Row(NamedTuple):
    """A picture with what its version is, and its size in bytes."""

    picture: Picture
    version: str
    size: int


class Question(NamedTuple):
    """Which pictures: with all of these words, from a place on, in the gallery's order or `back`."""

    words: tuple[str, ...]
    start: Place | None = None
    back: bool = False

    @property
    def order(self) -> str:
        return ASCENDING if self.back else DESCENDING

    def bound(self) -> tuple[str, list[Any]]:
        """Return the condition that begins at the place."""
        if self.start is None:
            return "", []
        return f"AND {BEFORE if self.back else BEHIND}", [self.start[0], clean(self.start[1])]


class Costs(NamedTuple):
    """What decides whether pictures with some words are looked for by their pieces, or read in order.

    price  to look at a picture that was found by its pieces costs as much as to read so many in order
    least, most, times  a window: how many pictures of a series are read in order before the pieces are asked after all;
        some times as many as should be needed, at least and at most so many
    """

    price: float = 20.0
    least: int = 1000
    most: int = 20_000
    times: int = 2

    def window(self, density: float, limit: int) -> int:
        """Return how many pictures are read in order where so many of such a share are wanted."""
        return max(self.least, min(self.most, round(self.times * limit / density)))

    def is_rare(self, density: float, total: int, limit: int) -> bool:
        """Return whether to look at all pictures of such a share costs less than to read in order up to the limit."""
        return self.price * density * total <= min(limit / density, total)

    def is_uncommon(self, density: float) -> bool:
        """Return whether to count pictures of such a share, up to any number, costs less by their pieces."""
        return self.price * density <= 1


USUAL = Costs()


class Listing:
    """Reads the pictures of one database."""

    def __init__(self, database: Database, costs: Costs = USUAL) -> None:
        self._database = database
        self._costs = costs

    def pictures(
        self, folders: Sequence[Folder], words: list[str], start: Place | None, limit: int, *, back: bool = False
    ) -> list[Row]:
        """Return up to `limit` pictures of series in their order; `start`: a place in the first of them."""
        found: list[Row] = []
        for sought, group in groupby(folders, lambda folder: decisive(words, folder.series)):
            run = list(group)
            question = Question(sought, start, back)
            found += self._run(run, question, limit - len(found))
            start = None
            if len(found) >= limit:
                break
        return found

    def _run(self, folders: list[Folder], question: Question, limit: int) -> list[Row]:
        if not question.words:
            return self._all(folders, question, limit)
        pieces, density = self._pieces(folders, question.words)
        total = sum(folder.count for folder in folders)
        if pieces and self._costs.is_rare(density, total, limit):
            return self._found(folders, question, pieces, limit)
        window = self._costs.window(density, limit)
        found: list[Row] = []
        for folder in folders:
            found += self._walked(folder, question, pieces, limit - len(found), window)
            question = question._replace(start=None)
            if len(found) >= limit:
                break
        return found

    def _all(self, folders: list[Folder], question: Question, limit: int) -> list[Row]:
        """Without words: the first series from the place on, then as many others as are needed."""
        first, *others = folders
        bound, values = question.bound()
        found = self._read(
            f"""
            SELECT {COLUMNS} FROM pictures p WHERE p.series = %s AND p.whole {bound}
            ORDER BY {question.order} LIMIT %s
            """,
            [first.series, *values, limit],
        )
        rest, chosen = limit - len(found), list[str]()
        while rest > 0 and others:
            folder = others.pop(0)
            chosen.append(folder.series)
            rest -= folder.count
        if chosen:
            found += self._read(
                f"""
                SELECT {COLUMNS} FROM unnest(%s::text[]) WITH ORDINALITY AS f (series, n) CROSS JOIN LATERAL (
                    SELECT * FROM pictures p WHERE p.series = f.series AND p.whole ORDER BY {question.order} LIMIT %s
                ) AS p ORDER BY f.n, {question.order} LIMIT %s
                """,
                [chosen, limit, limit - len(found)],
            )
        return found

    def _pieces(self, folders: list[Folder], words: tuple[str, ...]) -> tuple[list[list[str]], float]:
        """Return the pieces that pictures of these series have, and about which share of them has the words."""
        by_word = [found for word in words if (found := conditions((word,)))]
        density = self._density(by_word)
        pieces = conditions(words)
        if pieces and len(folders) == 1:
            pieces.append([mark(folders[0].series)])
        return pieces, density

    def _walked(
        self, folder: Folder, question: Question, pieces: list[list[str]], limit: int, window: int
    ) -> list[Row]:
        """The order is read for a window, from its index alone; what is behind that is found otherwise."""
        bound, values = question.bound()
        has, sought = having(question.words)
        query = f"""
            WITH walked AS MATERIALIZED (
                SELECT p.name FROM (
                    SELECT p.name, p.modified_ns, p.words FROM pictures p WHERE p.series = %s AND p.whole {bound}
                    ORDER BY {question.order} LIMIT {window}
                ) AS p WHERE {has} ORDER BY {question.order} LIMIT %s
            )
            SELECT {COLUMNS} FROM walked w JOIN pictures p ON p.series = %s AND p.name = w.name
            ORDER BY {question.order}
        """
        found = self._read(query, [folder.series, *values, *sought, limit, folder.series])
        if len(found) >= limit or folder.count <= window:
            return found
        if pieces:
            return self._found([folder], question, [*pieces, [mark(folder.series)]], limit)
        everything = f"SELECT * FROM pictures p WHERE p.series = %s AND p.whole {bound} ORDER BY {question.order}"
        query = f"SELECT {COLUMNS} FROM ({everything}) AS p WHERE {has} ORDER BY {question.order} LIMIT %s"
        return self._read(query, [folder.series, *values, *sought, limit])

    def _found(self, folders: list[Folder], question: Question, pieces: list[list[str]], limit: int) -> list[Row]:
        """The pieces are asked, and what they find is sorted."""
        bound, values = question.bound()
        has, sought = having(question.words)
        those, wanted = matching(pieces)
        return self._read(
            f"""
            WITH few AS MATERIALIZED (SELECT id FROM grams g WHERE {those})
            SELECT {COLUMNS} FROM few JOIN pictures p USING (id)
            JOIN unnest(%s::text[]) WITH ORDINALITY AS f (series, n) ON f.series = p.series
            WHERE p.whole AND {has} {f"AND (f.n > 1 OR {bound.removeprefix('AND ')})" if bound else ""}
            ORDER BY f.n, {question.order} LIMIT %s
            """,
            [*wanted, [folder.series for folder in folders], *sought, *values, limit],
        )

    def count(self, folders: Sequence[Folder], words: list[str], most: int) -> int:
        """Return how many pictures of these series there are with all words, counted up to `most`."""
        found = 0
        by_words: dict[tuple[str, ...], list[Folder]] = {}
        for folder in folders:
            by_words.setdefault(decisive(words, folder.series), []).append(folder)
        for sought, run in by_words.items():
            found += self._count(run, sought, most - found) if sought else sum(folder.count for folder in run)
            if found >= most:
                break
        return min(found, most)

    def _count(self, folders: list[Folder], words: tuple[str, ...], most: int) -> int:
        pieces, density = self._pieces(folders, words)
        has, sought = having(words)
        series = [folder.series for folder in folders]
        if pieces and self._costs.is_uncommon(density):
            those, wanted = matching(pieces)
            # One picture after the other, so that no more are looked at than are counted.
            source = f"""
                (SELECT id FROM grams g WHERE {those} OFFSET 0) AS few CROSS JOIN LATERAL (
                    SELECT p.series, p.whole, p.words FROM pictures p WHERE p.id = few.id OFFSET 0
                ) AS p
            """
        else:
            source, wanted = "pictures AS p", []
        query = f"""
            SELECT count(*) FROM (
                SELECT 1 FROM {source} WHERE p.series = ANY(%s) AND p.whole AND {has} LIMIT %s
            ) AS found
        """
        ((count,),) = self._database.read(query, [*wanted, series, *sought, most])
        return int(count)

    def _density(self, by_word: list[list[list[str]]]) -> float:
        """Return about which share of all pictures has the pieces of each word, as the statistics of the database say.

        The pieces of one word come together: the rarest of them counts. Words are taken for independent.
        """
        if not by_word:
            return 1.0
        names, tables, values = list[list[str]](), ["every AS MATERIALIZED (SELECT 1 FROM grams)"], list[Any]()
        for pieces in by_word:
            names.append([])
            for found in pieces:
                names[-1].append(f"piece{len(values)}")
                tables.append(f"{names[-1][-1]} AS MATERIALIZED (SELECT 1 FROM grams WHERE pieces && %s)")
                values.append(found)
        every = ", ".join(["every", *[name for each in names for name in each]])
        ((plan,),) = self._database.read(f"EXPLAIN (FORMAT JSON) WITH {', '.join(tables)} SELECT FROM {every}", values)
        rows = {part.get("Subplan Name"): max(part["Plan Rows"], 1) for part in plan[0]["Plan"]["Plans"]}
        shares = [min(rows[f"CTE {name}"] for name in each) / rows["CTE every"] for each in names]
        return float(min(max(prod(shares), 1e-9), 1.0))

    def _read(self, query: str, values: Sequence[Any]) -> list[Row]:
        return [row_of(row) for row in self._database.read(query, values)]


def having(words: tuple[str, ...]) -> tuple[str, list[str]]:
    """Return the condition that all words are in a picture's text."""
    return "(" + " AND ".join(["strpos(p.words, %s) > 0"] * len(words)) + ")", list(words)


def matching(pieces: list[list[str]]) -> tuple[str, list[list[str]]]:
    """Return the condition that a picture has one piece of each list."""
    each = [found[0] for found in pieces if len(found) == 1]
    some = [found for found in pieces if len(found) > 1]
    all_of = ["g.pieces @> %s"] if each else []
    return " AND ".join(all_of + ["g.pieces && %s"] * len(some)), ([each] if each else []) + some


def row_of(row: tuple[Any, ...]) -> Row:
    *about, version, size = row[:10]
    return Row(Picture(*about), version, size)
