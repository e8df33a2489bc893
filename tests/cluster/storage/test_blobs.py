"""Bytes by name on PostgreSQL and a bucket."""

from tests.cluster.storage.engine import ClusterTests
from tests.service.storage.suites.blobs import BlobsTests


class TestClusterBlobs(ClusterTests, BlobsTests):
    pass
