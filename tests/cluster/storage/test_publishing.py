"""Publication on PostgreSQL and a bucket: a folder that hosts share, and one that ignores conditions."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dalle.pictures.finished import Finished
from dalle.pictures.version import finished_version
from dalle.progress.averages import Averages
from dalle.progress.journals import Journals
from dalle.progress.reports import Reports
from dalle.storage.blob import WIDTHS, Blob, Facts
from tests.cluster.storage.engine import ClusterEngine, ClusterTests, template
from tests.kit import postgres, seaweed
from tests.service.storage.suites.engine import KEY, picture, seen
from tests.service.storage.suites.publishing import PublishingTests


class TestClusterPublishing(ClusterTests, PublishingTests):
    def test_leaves_a_picture_in_the_bucket_while_a_host_shows_thumbnails_and_reports(
        self, engine: ClusterEngine, tmp_path: Path
    ) -> None:
        blobs = engine.storage.blobs
        with engine.storage.guard(KEY) as entry:
            staged = [blobs.stage(Blob.picture(KEY), picture(1))]
            staged += [blobs.stage(Blob.thumbnail(KEY, width), b"small") for width in WIDTHS]
            entry.publish(staged, Facts(version="0123456789abcdef"))
        other = ClusterEngine(engine.database, tmp_path / "other", bucket=engine.settings.bucket)
        try:
            shown = Finished(other.storage).thumbnail(KEY, "64")
            assert shown
            with shown.file as file:
                assert file.read() == b"small"
            assert finished_version(other.storage, KEY) == "0123456789abcdef"
            reports = Reports(other.storage, Journals(other.storage, 900), Averages(other.storage.documents))
            assert reports.of_picture(KEY)
            files = [path for path in other.settings.folder.rglob("*") if path.is_file()]
            assert max(path.stat().st_size for path in files) < len(picture(1))
            assert seen(other.storage, KEY) == picture(1)
        finally:
            other.close()


class TestCarelessPublishing(PublishingTests):
    """It needs no condition of the bucket: no name is used twice."""

    @pytest.fixture
    def engine(self, tmp_path: Path) -> Iterator[ClusterEngine]:
        seaweed.need_seaweed()
        with seaweed.careless() as url, postgres.database(template()) as name:
            engine = ClusterEngine(name, tmp_path, bucket=url)
            yield engine
            engine.close()
