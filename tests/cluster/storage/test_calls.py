from tests.cluster.storage.engine import ClusterTests
from tests.service.storage.suites.calls import CallLogTests


class TestClusterCallLog(ClusterTests, CallLogTests):
    pass
