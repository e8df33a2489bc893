from tests.cluster.storage.engine import ClusterTests
from tests.service.storage.suites.documents import DocumentsTests


class TestClusterDocuments(ClusterTests, DocumentsTests):
    pass
