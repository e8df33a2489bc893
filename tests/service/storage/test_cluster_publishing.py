"""Publication on PostgreSQL and a bucket."""

from tests.service.storage.cluster_engine import ClusterTests
from tests.service.storage.suites.publishing import PublishingTests


class TestClusterPublishing(ClusterTests, PublishingTests):
    pass
