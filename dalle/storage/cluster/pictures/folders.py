"""The series that have pictures, and how many: summed up, so that nothing is counted when a page is shown."""

from dalle.storage.cluster.database.database import Database
from dalle.storage.picture import Folder

FOLDERS = """
    SELECT known.series, known.count, newest.modified_ns FROM (
        SELECT series, sum(count)::bigint AS count
        FROM (SELECT series, count FROM folders UNION ALL SELECT series, count FROM changes) AS parts
        GROUP BY series HAVING sum(count) > 0
    ) AS known CROSS JOIN LATERAL (
        SELECT modified_ns FROM pictures p WHERE p.series = known.series AND p.whole
        ORDER BY p.modified_ns DESC, p.name DESC LIMIT 1
    ) AS newest ORDER BY newest.modified_ns DESC, known.series
"""
MOST = 50_000  # changes that are summed up in one transaction
ALONE = "LOCK TABLE folders IN EXCLUSIVE MODE"
SUM_UP = """
    WITH gone AS (
        DELETE FROM changes WHERE ctid IN (SELECT ctid FROM changes LIMIT %s) RETURNING series, hour, count
    ), of_hours AS (
        INSERT INTO hours SELECT series, hour, sum(count) FROM gone GROUP BY series, hour
        ON CONFLICT (series, hour) DO UPDATE SET count = hours.count + EXCLUDED.count
    ), of_days AS (
        INSERT INTO days SELECT series, hour / 24, sum(count) FROM gone GROUP BY series, hour / 24
        ON CONFLICT (series, day) DO UPDATE SET count = days.count + EXCLUDED.count
    ), of_series AS (
        INSERT INTO folders SELECT series, sum(count) FROM gone GROUP BY series
        ON CONFLICT (series) DO UPDATE SET count = folders.count + EXCLUDED.count
    ) SELECT count(*) FROM gone
"""
CLEAR = ("DELETE FROM hours WHERE count = 0", "DELETE FROM days WHERE count = 0")
CHANGED = "SELECT 1 FROM changes LIMIT 1"


class Folders:
    """The counts of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> list[Folder]:
        """Return them in order: the one with the newest picture first."""
        return [Folder(*row) for row in self._database.read(FOLDERS, prepared=True)]

    def sum_up(self) -> None:
        """Add what has changed to the sums, so that few changes are left to be added when they are asked for."""
        summed = MOST if self._database.read(CHANGED) else 0
        while summed == MOST:
            with self._database.begin() as transaction:
                transaction.run(ALONE)
                ((summed,),) = transaction.run(SUM_UP, (MOST,))
                for statement in CLEAR:
                    transaction.run(statement)
