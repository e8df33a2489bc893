"""The cluster engine behind a pooler in transaction mode, which loses whatever belongs to a session."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cluster.storage.engine import ClusterEngine, template
from tests.kit import pgbouncer, postgres
from tests.service.storage.suites.documents import DocumentsTests
from tests.service.storage.suites.engine import KEY
from tests.service.storage.suites.entries import EntryTests
from tests.service.storage.suites.guard import GuardTests
from tests.service.storage.suites.queue import TakeTests
from tests.service.storage.suites.tickets import TicketTests


class PooledTests:
    """Brings the engine to the suites, with a pooler in between."""

    @pytest.fixture
    def engine(self, tmp_path: Path) -> Iterator[ClusterEngine]:
        if pgbouncer.PGBOUNCER is None:
            pytest.skip(pgbouncer.NOT_HERE)
        with postgres.database(template()) as name:
            engine = ClusterEngine(name, tmp_path, url=pgbouncer.pooler().url(name))
            yield engine
            engine.close()


class TestPooledGuard(PooledTests, GuardTests):
    pass


class TestPooledDocuments(PooledTests, DocumentsTests):
    pass


class TestPooledEntry(PooledTests, EntryTests):
    def test_is_seen_by_doctor(self, engine: ClusterEngine) -> None:
        findings = {finding.check: finding for finding in engine.storage.examine(read_only=True)}
        assert (findings["pooler"].level, findings["pooler"].message) == ("ok", "a pooler stands in between")


class TestPooledTickets(PooledTests, TicketTests):
    pass


class TestPooledTake(PooledTests, TakeTests):
    pass


class TestPooledReads(PooledTests):
    def test_prepares_nothing_in_sessions_that_others_get(self, engine: ClusterEngine) -> None:
        for _ in range(8):
            assert engine.storage.look(KEY).is_unknown
        ((prepared,),) = engine.storage.database.read("SELECT count(*) FROM pg_prepared_statements")
        assert prepared == 0
