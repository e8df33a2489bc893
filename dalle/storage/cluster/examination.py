"""What `doctor` says about the database, the bucket, and this host's own folder."""

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from dalle.storage.cluster import host_series
from dalle.storage.finding import Finding
from dalle.storage.protocol import StorageError

if TYPE_CHECKING:
    from dalle.storage.cluster.engine import ClusterStorage

OLDEST = 140_000
"""Of PostgreSQL, as it numbers its versions."""
SKEW = 5.0
SLOW = 0.02
"""Seconds: by which the clocks may differ, and that a question may take: a poll asks once, a run thirty times."""
QUESTIONS = 10
RIGHTS = """
    SELECT count(*) FROM pg_class c WHERE c.relkind = 'r' AND c.oid = to_regclass(c.relname)
    AND c.relname IN ('keys', 'tickets', 'claims', 'calls', 'documents', 'pictures')
    AND NOT (has_table_privilege(c.oid, 'SELECT') AND has_table_privilege(c.oid, 'INSERT')
             AND has_table_privilege(c.oid, 'UPDATE') AND has_table_privilege(c.oid, 'DELETE'))
"""
SETTINGS = "SELECT current_setting('server_version_num')::int, current_setting('max_connections')::int"


def examine(storage: "ClusterStorage", *, read_only: bool) -> Iterator[Finding]:
    """Yield what was found, with what to do about it."""
    try:
        yield connection(storage)
    except StorageError as exc:
        cure = "look at TB_DALLE_DATABASE_URL, the server, and the network in between"
        yield Finding("database", "error", str(exc.strerror or exc), cure)
        return
    yield schema(storage)
    if storage.schema.missing():
        return
    yield rights(storage)
    yield clock(storage)
    yield pooler(storage)
    yield latency(storage)
    if found := host_series.examine(storage.settings.folder / "series"):
        yield found
    if not read_only:
        yield from storage.objects.examine()


def connection(storage: "ClusterStorage") -> Finding:
    ((version, most),) = storage.database.read(SETTINGS)
    message = f"PostgreSQL {version // 10_000} answers; it takes {most} connections, and each process here at most "
    message += str(storage.settings.connections)
    if version < OLDEST:
        return Finding("database", "error", message, f"update PostgreSQL to version {OLDEST // 10_000} or later")
    return Finding("database", "ok", message)


def schema(storage: "ClusterStorage") -> Finding:
    if missing := storage.schema.missing():
        names = ", ".join(step.name for step in missing)
        return Finding("schema", "error", f"it lacks {names}", "run 'dalleserver storage migrate'")
    return Finding("schema", "ok", f"{len(storage.schema.applied())} steps are applied")


def rights(storage: "ClusterStorage") -> Finding:
    ((lacking,),) = storage.database.read(RIGHTS)
    if lacking:
        cure = "grant SELECT, INSERT, UPDATE and DELETE on all tables of the schema to this role"
        return Finding("privileges", "error", f"the role may not change {lacking} tables", cure)
    return Finding("privileges", "ok", "the role may read and change the tables")


def clock(storage: "ClusterStorage") -> Finding:
    """Leases go by the database's clock; this host's only shows in its log."""
    skew = storage.clock.skew_ns(time.time_ns()) / 1e9
    message = f"this host's clock is {abs(skew):.1f} s {'ahead of' if skew > 0 else 'behind'} the database's"
    if abs(skew) > SKEW:
        return Finding("clock", "warning", message, "let both follow the same time servers: what people read differs")
    return Finding("clock", "ok", message)


def pooler(storage: "ClusterStorage") -> Finding:
    """Whoever answers for another process than the one that the connection was made with is a pooler."""
    message = "the connection is direct" if storage.database.is_direct() else "a pooler stands in between"
    return Finding("pooler", "ok", message)


def latency(storage: "ClusterStorage") -> Finding:
    took = []
    for _ in range(QUESTIONS):
        begun = time.perf_counter()
        storage.database.read("SELECT 1")
        took.append(time.perf_counter() - begun)
    typical = sorted(took)[QUESTIONS // 2]
    message = f"a question takes {typical * 1000:.1f} ms"
    if typical > SLOW:
        return Finding("latency", "warning", message, "bring host and database closer together")
    return Finding("latency", "ok", message)
