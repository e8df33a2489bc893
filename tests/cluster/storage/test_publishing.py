"""Publication on PostgreSQL and a bucket: a folder that hosts share, and one that ignores conditions."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cluster.storage.engine import ClusterEngine, ClusterTests, template
from tests.kit import postgres, seaweed
from tests.service.storage.suites.publishing import PublishingTests


class TestClusterPublishing(ClusterTests, PublishingTests):
    pass


class TestCarelessPublishing(PublishingTests):
    """It needs no condition of the bucket: no name is used twice."""

    @pytest.fixture
    def engine(self, tmp_path: Path) -> Iterator[ClusterEngine]:
        seaweed.need_seaweed()
        with seaweed.careless() as url, postgres.database(template()) as name:
            engine = ClusterEngine(name, tmp_path, bucket=url)
            yield engine
            engine.close()
