"""The cluster engine under test: a database of its own for each test, and a folder as its bucket."""

import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest

from dalle.key import Key
from dalle.storage.blob import Blob, Facts
from dalle.storage.local.liveness import boot_clock
from tests.kit import postgres
from tests.kit.dying_client import DyingAtQuestion
from tests.service.storage.suites.engine import CAPACITY, TTL, Opener, picture

if not postgres.is_here():
    pytest.skip(postgres.NOT_HERE, allow_module_level=True)

import psycopg

from dalle.storage.cluster.database.database import Database
from dalle.storage.cluster.engine import ClusterSettings, ClusterStorage
from dalle.storage.cluster.schema import Schema

SHIFTED = """
    CREATE TABLE time_shift (ns bigint NOT NULL);
    INSERT INTO time_shift VALUES (0);
    GRANT SELECT ON time_shift TO PUBLIC;
    CREATE OR REPLACE FUNCTION now_ns() RETURNS bigint LANGUAGE sql VOLATILE AS
        'SELECT (extract(epoch FROM clock_timestamp()) * 1000000000)::bigint + (SELECT ns FROM time_shift)';
"""
"""The database's time, moved on by a test: the engine asks for it by this function only."""
FAIL = """
    REVOKE INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public FROM dalle;
    GRANT UPDATE, DELETE ON outbox TO dalle;
"""
HEAL = "GRANT INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO dalle"
LONG_AGO = 10**12
MOST_OPEN = 20


@cache
def template() -> str:
    """Return the name of a database with the schema, from which those of tests are copied."""
    server = postgres.server()
    name = "template_of_tests"
    server.sql(f"CREATE DATABASE {name} OWNER {postgres.ROLE}")
    database = Database(server.url(name))
    Schema(database).migrate()
    database.close()
    server.sql(SHIFTED, name)
    return name


@dataclass
class Shifted:
    """The clock of this machine, some seconds later."""

    seconds: float = 0.0

    def monotonic(self) -> float:
        return boot_clock() + self.seconds


def open_cluster(settings: ClusterSettings, clock: Shifted) -> ClusterStorage:
    return ClusterStorage(settings, monotonic=clock.monotonic)


class ClusterEngine:
    """Satisfies `Engine`. `changes` to its settings."""

    def __init__(self, database: str, folder: Path, bucket: str = "", *, url: str = "", **changes: Any) -> None:
        self.database = database
        settings = ClusterSettings(
            database=url or postgres.server().url(database),
            bucket=bucket or f"file://{folder}/bucket",
            folder=folder / "host",
            claim_ttl=TTL,
            capacity=CAPACITY,
        )
        self.settings = replace(settings, **changes)
        self.clock = Shifted()
        self.opened: list[ClusterStorage] = []
        self.storage = self.open()
        self.storage.prepare()

    @property
    def opener(self) -> Opener:
        return partial(open_cluster, self.settings, self.clock)

    def open(self) -> ClusterStorage:
        storage = open_cluster(self.settings, self.clock)
        self.opened.append(storage)
        if len(self.opened) > MOST_OPEN:
            self.opened.pop(1).close()  # the server has only so many connections
        return storage

    def close(self) -> None:
        for storage in self.opened:
            storage.close()

    def advance(self, seconds: float) -> None:
        self.clock.seconds += seconds
        self.sql("UPDATE time_shift SET ns = ns + %s", round(seconds * 1e9))

    def sql(self, statement: str, *parameters: object) -> None:
        """Change something behind the engine's back."""
        url = postgres.server().url(self.database, postgres.SUPERUSER)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(statement.encode(), parameters or None)

    def dying(self, number: int) -> Callable[[], None]:
        return DyingAtQuestion(number)

    @contextmanager
    def failing(self) -> Iterator[None]:
        """The role may change nothing but events that wait, and this host's disk is full."""
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        self.sql(FAIL)
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
            self.sql(HEAL)

    def tear(self, key: Key) -> None:
        with self.storage.guard(key) as entry:
            entry.publish([self.storage.blobs.stage(Blob.picture(key), picture(0)[:-20])], Facts())
        self.sql("UPDATE pictures SET modified_ns = %s WHERE (series, name) = (%s, %s)", LONG_AGO, *names(key))

    def damage_journal(self, key: Key) -> None:
        damage = "INSERT INTO keys VALUES (%s, %s, %s) ON CONFLICT (series, address) DO UPDATE SET"
        self.sql(f"{damage} journal = excluded.journal", *names(key), b'{"version":1,"state":"failed"')

    def damage_document(self, name: str) -> None:
        damage = "INSERT INTO documents VALUES (%s, %s) ON CONFLICT (name) DO UPDATE SET body = excluded.body"
        self.sql(damage, name, b'{"n":')

    def damage_cached(self, name: str) -> None:
        path = self.settings.folder / "cache" / name[0] / name
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def names(key: Key) -> tuple[str, str]:
    return key.series, key.address


class ClusterTests:
    """Brings the cluster engine to the suites."""

    @pytest.fixture
    def engine(self, tmp_path: Path) -> Iterator[ClusterEngine]:
        with postgres.database(template()) as name:
            engine = ClusterEngine(name, tmp_path)
            yield engine
            engine.close()
