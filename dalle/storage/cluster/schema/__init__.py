"""The tables, as numbered SQL files: each is applied once, in order, by one host while the others wait.

A change of the schema is another file, and works with the version of this program before it: hosts are updated one
after the other.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dalle.storage.cluster.database.database import Database

FOLDER = Path(__file__).parent
KNOWN = """
    CREATE TABLE IF NOT EXISTS schema_steps (number integer PRIMARY KEY, name text NOT NULL, applied_ns bigint NOT NULL)
"""
EXISTS = "SELECT to_regclass('schema_steps') IS NOT NULL"
LOCK = "SELECT pg_advisory_xact_lock(hashtext('dalleserver schema'))"
NOTE = "INSERT INTO schema_steps SELECT %s, %s, now_ns()"


@dataclass(frozen=True, slots=True)
class Step:
    """One file."""

    number: int
    name: str
    path: Path


def steps() -> list[Step]:
    """Return the files of this version, in order."""
    return [Step(int(path.stem[:4]), path.stem, path) for path in sorted(FOLDER.glob("[0-9]*.sql"))]


class Schema:
    """The schema of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def applied(self) -> list[int]:
        """Return the numbers of the files that were applied, also by a later version."""
        ((exists,),) = self._database.read(EXISTS)
        return [number for (number,) in self._database.read(NUMBERS)] if exists else []

    def missing(self) -> list[Step]:
        """Return the files that are to be applied."""
        applied = self.applied()
        return [step for step in steps() if step.number not in applied]

    def migrate(self) -> list[Step]:
        """Apply what is missing; return what that was."""
        return list(self._apply()) if self.missing() else []

    def status(self) -> list[tuple[str, bool]]:
        """Return the names of all steps, those of a later version too, and whether they are applied."""
        ((exists,),) = self._database.read(EXISTS)
        rows = self._database.read("SELECT number, name FROM schema_steps") if exists else []
        known: dict[int, str] = dict(rows)
        names = {step.number: step.name for step in steps()} | known
        return [(name, number in known) for number, name in sorted(names.items())]

    def _apply(self) -> Iterator[Step]:
        for step in steps():
            with self._database.begin() as transaction:
                transaction.durable()
                transaction.unhurried(LOCK)  # an index of a large table takes minutes
                transaction.run(KNOWN)
                if transaction.run(f"{NUMBERS_OF} WHERE number = %s", (step.number,)):
                    continue
                transaction.script(step.path.read_text(encoding="utf-8"))
                transaction.run(NOTE, (step.number, step.name))
                yield step


NUMBERS_OF = "SELECT number FROM schema_steps"
NUMBERS = f"{NUMBERS_OF} ORDER BY number"
