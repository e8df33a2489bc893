"""Versions on PostgreSQL and a bucket."""

from tests.cluster.storage.engine import ClusterTests
from tests.service.storage.suites.versions import VersionTests


class TestClusterVersions(ClusterTests, VersionTests):
    pass
