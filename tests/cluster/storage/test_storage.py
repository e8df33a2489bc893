from tests.cluster.storage.engine import ClusterTests
from tests.service.storage.suites.archives import ArchivesTests
from tests.service.storage.suites.cache import CacheTests
from tests.service.storage.suites.exclusive import ExclusiveTests
from tests.service.storage.suites.inventory import InventoryTests
from tests.service.storage.suites.storage import StorageTests
from tests.service.storage.suites.upkeep import UpkeepTests


class TestClusterExclusive(ClusterTests, ExclusiveTests):
    pass


class TestClusterInventory(ClusterTests, InventoryTests):
    pass


class TestClusterArchives(ClusterTests, ArchivesTests):
    pass


class TestClusterCache(ClusterTests, CacheTests):
    pass


class TestClusterStorage(ClusterTests, StorageTests, UpkeepTests):
    pass
