"""The operator's series files, as rows: each change has a revision, by which readers know that there was one."""

import errno
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager

from dalle.key import SERIES
from dalle.storage.cluster.database.database import Database
from dalle.storage.cluster.database.line import Row
from dalle.storage.cluster.database.transaction import Transaction
from dalle.storage.protocol import StorageError
from dalle.words.series import MOST_BYTES
from dalle.words.series_files import KEPT, SeriesConflict, SeriesVersion, Stamp

REVISE = "UPDATE series_revision SET revision = revision + 1 RETURNING revision"
NAMES = """
    SELECT (SELECT revision FROM series_revision), array(SELECT name FROM series_files ORDER BY name)
"""
READ = "SELECT content, revision FROM series_files WHERE name = %s"
WRITE = """
    INSERT INTO series_files VALUES (%s, %s, %s)
    ON CONFLICT (name) DO UPDATE SET content = excluded.content, revision = excluded.revision
"""
TAKEN = "SELECT 1 FROM series_taken WHERE name = %s AND sha256 = %s"
TAKE = "INSERT INTO series_taken VALUES (%s, %s) ON CONFLICT DO NOTHING RETURNING name"
KEEP = """
    INSERT INTO series_versions
    SELECT %(name)s, coalesce(max(number), 0) + 1, %(content)s, now_ns() FROM series_versions WHERE name = %(name)s
    HAVING (SELECT content FROM series_versions WHERE name = %(name)s ORDER BY number DESC LIMIT 1)
           IS DISTINCT FROM %(content)s
"""
FORGET = """
    DELETE FROM series_versions WHERE name = %(name)s AND number <= (
        SELECT max(number) - %(kept)s FROM series_versions WHERE name = %(name)s)
"""
VERSIONS = """
    SELECT number, replaced_ns, length(content) FROM series_versions WHERE name = %s ORDER BY number DESC LIMIT %s
"""
VERSION = "SELECT content FROM series_versions WHERE name = %s AND number = %s"


class ClusterSeries:
    """Satisfies `dalle.words.series_files.SeriesFiles`. A stamp is the revision of the last change."""

    place = "the database (dalleserver series edit)"

    def __init__(self, database: Database) -> None:
        self._database = database

    def names(self) -> tuple[list[str], Stamp]:
        ((revision, names),) = self._database.read(NAMES)
        return names, (revision,)

    def names_stamp(self) -> Stamp:
        ((revision,),) = self._database.read("SELECT revision FROM series_revision")
        return (revision,)

    def read(self, name: str) -> tuple[bytes, Stamp]:
        content, revision = self._find(READ, name)
        return content, (revision,)

    def stamp(self, name: str) -> Stamp:
        (revision,) = self._find("SELECT revision FROM series_files WHERE name = %s", name)
        return (revision,)

    def write(self, name: str, content: bytes, *, expecting: str | None = None) -> None:
        if len(content) > MOST_BYTES:
            raise StorageError(f"larger than {MOST_BYTES // 1_000_000} MB")
        with self._changing(name, expecting) as (transaction, revision, present):
            if present is not None and present != content:
                keep(transaction, name, present)
            transaction.run(WRITE, (name, content, revision))

    def delete(self, name: str, *, expecting: str | None = None) -> bool:
        if not expecting and not self._database.read(READ, (name,)):
            return False
        with self._changing(name, expecting) as (transaction, _, present):
            if present is not None:
                keep(transaction, name, present)
                transaction.run("DELETE FROM series_files WHERE name = %s", (name,))
        return present is not None

    def take(self, name: str, content: bytes) -> bool:
        """Write a file that lay on a host, unless it was taken before, by whichever host; return whether it was now.

        So what was changed here since is not replaced by the file that it came from.
        """
        if not SERIES.fullmatch(name) or len(content) > MOST_BYTES:
            return False
        sha256 = hashlib.sha256(content).hexdigest()
        if self._database.read(TAKEN, (name, sha256)):
            return False
        with self._changing(name, None) as (transaction, revision, present):
            if not transaction.run(TAKE, (name, sha256)):
                return False
            if present is not None and present != content:
                keep(transaction, name, present)
            transaction.run(WRITE, (name, content, revision))
        return True

    def versions(self, name: str) -> list[SeriesVersion]:
        if not SERIES.fullmatch(name):
            return []
        return [SeriesVersion(*row) for row in self._database.read(VERSIONS, (name, KEPT))]

    def version(self, name: str, number: int) -> bytes:
        rows = self._database.read(VERSION, (name, number)) if SERIES.fullmatch(name) else []
        if not rows:
            raise FileNotFoundError(errno.ENOENT, f"no version {number}")
        return bytes(rows[0][0])

    @contextmanager
    def _changing(self, name: str, expecting: str | None) -> Iterator[tuple[Transaction, int, bytes | None]]:
        """Hold all files while one is changed; yields what that one holds, None for no file."""
        if not SERIES.fullmatch(name):
            raise ValueError(f"{name[:64]!r}: expected 1 to 64 of a-z, 0-9 and -")
        with self._database.begin() as transaction:
            transaction.durable()
            ((revision,),) = transaction.run(REVISE)
            rows = transaction.run(READ, (name,))
            present = rows[0][0] if rows else None
            digest = "" if present is None else hashlib.sha256(present).hexdigest()
            if expecting not in (None, digest):
                raise SeriesConflict(f"series {name} was changed meanwhile")
            yield transaction, revision, present

    def _find(self, sql: str, name: str) -> Row:
        rows = self._database.read(sql, (name,), prepared=True) if "\0" not in name else []
        if not rows:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
        return rows[0]


def keep(transaction: Transaction, name: str, content: bytes) -> None:
    """Keep a content as a version, unless it is that of the newest one."""
    transaction.run(KEEP, {"name": name, "content": content})
    transaction.run(FORGET, {"name": name, "kept": KEPT})
