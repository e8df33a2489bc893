import pytest

from dalle.words.series_files import SeriesFiles
from tests.cluster.storage.engine import ClusterEngine, ClusterTests
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


class TestSeriesOfHosts(ClusterTests):
    def put(self, engine: ClusterEngine, content: bytes) -> None:
        folder = engine.settings.folder / "series"
        folder.mkdir(exist_ok=True)
        (folder / "Mine.json").write_bytes(content)
        engine.open().prepare()

    def test_takes_a_file_of_a_host_once(self, engine: ClusterEngine) -> None:
        series = engine.storage.series
        self.put(engine, b"1")
        assert series.read("mine")[0] == b"1"
        series.write("mine", b"2")
        self.put(engine, b"1")
        assert series.read("mine")[0] == b"2"
        self.put(engine, b"3")
        assert series.read("mine")[0] == b"3"
        assert [series.version("mine", version.number) for version in series.versions("mine")] == [b"2", b"1"]
        (finding,) = [each for each in engine.storage.examine(read_only=True) if each.check == "series folder"]
        assert finding.message.startswith("mine: taken")

    def test_brings_back_no_series_that_was_deleted(self, engine: ClusterEngine) -> None:
        self.put(engine, b"1")
        assert engine.storage.series.delete("mine")
        self.put(engine, b"1")
        assert engine.storage.series.names()[0] == []
        assert engine.storage.series.versions("mine")
