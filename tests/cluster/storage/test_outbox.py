from tests.cluster.storage.engine import ClusterTests
from tests.service.storage.suites.outbox import OutboxTests


class TestClusterOutbox(ClusterTests, OutboxTests):
    pass
