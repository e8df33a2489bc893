from tests.cluster.storage.engine import ClusterTests
from tests.service.storage.suites.claims import ClaimTests
from tests.service.storage.suites.queue import TakeTests


class TestClusterClaim(ClusterTests, ClaimTests):
    pass


class TestClusterTake(ClusterTests, TakeTests):
    pass
