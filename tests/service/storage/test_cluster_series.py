import pytest

from dalle.words.series_files import SeriesFiles
from tests.service.storage.cluster_engine import ClusterEngine, ClusterTests
from tests.service.storage.suites.series_editing import SeriesEditingTests
from tests.service.storage.suites.series_files import SeriesFilesTests

PUT = """
    WITH revised AS (UPDATE series_revision SET revision = revision + 1 RETURNING revision)
    INSERT INTO series_files SELECT %s, %s, revision FROM revised
    ON CONFLICT (name) DO UPDATE SET content = excluded.content, revision = excluded.revision
"""
DELETE = """
    WITH revised AS (UPDATE series_revision SET revision = revision + 1) DELETE FROM series_files WHERE name = %s
"""


class TestClusterSeriesEditing(ClusterTests, SeriesEditingTests):
    pass


class TestClusterSeries(ClusterTests, SeriesFilesTests):
    """Names that no series can have are put by hand."""

    changed: ClusterEngine

    @pytest.fixture
    def files(self, engine: ClusterEngine) -> SeriesFiles:
        self.changed = engine
        return engine.storage.series

    def put(self, name: str, data: bytes) -> None:
        self.changed.sql(PUT, name, data)

    def edit(self, name: str, data: bytes) -> None:
        self.put(name, data)

    def delete(self, name: str) -> None:
        self.changed.sql(DELETE, name)

    def settle(self) -> None:
        pass
