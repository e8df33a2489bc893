"""Places in the gallery's order by share or by time, found by the counts of hours and so without reading up to them."""

from collections.abc import Sequence

from dalle.storage.cluster.database.database import Database
from dalle.storage.cluster.pictures.words import clean
from dalle.storage.picture import Folder, Picture, Position

HOUR_NS = 3_600_000_000_000
# Of days first, then of the hours of one day: years have many hours. As integers, since sums of bigint are numeric.
DAYS = """
    SELECT day, count::integer FROM days WHERE series = %(series)s
    UNION ALL SELECT hour / 24, count::integer FROM changes WHERE series = %(series)s
"""
HOURS = """
    SELECT hour, count::integer FROM hours WHERE series = %(series)s AND hour BETWEEN {day} * 24 AND {day} * 24 + 23
    UNION ALL SELECT hour, count::integer FROM changes WHERE series = %(series)s AND hour / 24 = {day}
"""
NTH = f"""
    WITH days AS MATERIALIZED ({DAYS}), there AS (
        SELECT day FROM (SELECT day, sum(count) OVER (ORDER BY day DESC) AS upto FROM days) AS sums
        WHERE upto >= %(number)s ORDER BY day DESC LIMIT 1
    ), hours AS MATERIALIZED (
        SELECT each.* FROM there CROSS JOIN LATERAL ({HOURS.format(day="there.day")}) AS each (hour, count)
    ), wanted AS MATERIALIZED (
        SELECT %(number)s - coalesce(sum(count), 0) AS number FROM days WHERE day > (SELECT day FROM there)
    ), at AS (
        SELECT hour FROM (SELECT hour, sum(count) OVER (ORDER BY hour DESC) AS upto FROM hours) AS sums
        WHERE upto >= (SELECT number FROM wanted) ORDER BY hour DESC LIMIT 1
    )
    SELECT p.modified_ns, p.name FROM at CROSS JOIN LATERAL (
        SELECT modified_ns, name FROM pictures
        WHERE series = %(series)s AND whole AND modified_ns < (at.hour + 1) * {HOUR_NS}
        ORDER BY modified_ns DESC, name DESC
        OFFSET (SELECT number FROM wanted) - 1 - (SELECT coalesce(sum(count), 0) FROM hours WHERE hour > at.hour)
        LIMIT 1
    ) AS p
"""
IN_FRONT = f"""
    WITH days AS ({DAYS}), hours AS ({HOURS.format(day="%(hour)s / 24")})
    SELECT (SELECT coalesce(sum(count), 0) FROM days WHERE day > %(hour)s / 24)
        + (SELECT coalesce(sum(count), 0) FROM hours WHERE hour > %(hour)s)
        + (
            SELECT count(*) FROM pictures WHERE series = %(series)s AND whole
            AND modified_ns < (%(hour)s + 1) * {HOUR_NS} AND (modified_ns, name) >= (%(moment)s, %(name)s)
        )
"""
FIRST_BEFORE = """
    SELECT f.n FROM unnest(%s::text[]) WITH ORDINALITY AS f (series, n)
    WHERE EXISTS (SELECT FROM pictures p WHERE p.series = f.series AND p.whole AND p.modified_ns < %s)
    ORDER BY f.n LIMIT 1
"""


def in_front(picture: Picture) -> tuple[int, str]:
    """Return the place in front of a picture: no name that PostgreSQL takes is between."""
    return picture.modified_ns, f"{picture.name}\x01"


class Positions:
    """Finds places in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def at(
        self,
        folders: Sequence[Folder],
        *,
        share: float | None = None,
        before_ns: int | None = None,
        picture: Picture | None = None,
    ) -> Position | None:
        """Return the place after a share (0 to 1) of all pictures of these series, before a moment, or with a picture.

        A moment counts in the first series that is so old; where none is, it is the end. None: the beginning.
        """
        if picture:
            newest = {folder.series: folder.newest_ns for folder in folders}.get(picture.series)
            return Position(newest, picture.series, *in_front(picture)) if newest is not None else None
        if before_ns is not None:
            return self._before(folders, before_ns) or self.at(folders, share=1)
        rest = round((share or 0) * sum(folder.count for folder in folders))
        for folder in folders:
            if 0 < rest <= folder.count:
                return self._nth(folder, rest)
            rest -= folder.count
        return None

    def share(self, folders: Sequence[Folder], position: Position) -> float:
        """Return which share of all pictures of these series is in front of a place."""
        total, before = sum(folder.count for folder in folders), 0
        for folder in folders:
            if folder.series == position.series:
                before += min(self._in_front(position), folder.count)
            elif (-folder.newest_ns, folder.series) < (-position.newest_ns, position.series):
                before += folder.count
        return before / total if total else 0.0

    def _nth(self, folder: Folder, number: int) -> Position | None:
        rows = self._database.read(NTH, {"series": folder.series, "number": number})
        return Position(folder.newest_ns, folder.series, *rows[0]) if rows else None

    def _before(self, folders: Sequence[Folder], moment: int) -> Position | None:
        rows = self._database.read(FIRST_BEFORE, ([folder.series for folder in folders], moment))
        if not rows:
            return None
        folder = folders[rows[0][0] - 1]
        return Position(folder.newest_ns, folder.series, moment, "")

    def _in_front(self, position: Position) -> int:
        place = {"moment": position.modified_ns, "name": clean(position.name)}
        hour = {"series": clean(position.series), "hour": position.modified_ns // HOUR_NS}
        ((count,),) = self._database.read(IN_FRONT, hour | place)
        return int(count)
