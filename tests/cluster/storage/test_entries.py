from tests.cluster.storage.engine import ClusterTests
from tests.service.storage.suites.entries import EntryTests
from tests.service.storage.suites.guard import GuardTests
from tests.service.storage.suites.tickets import TicketTests


class TestClusterGuard(ClusterTests, GuardTests):
    pass


class TestClusterEntry(ClusterTests, EntryTests):
    pass


class TestClusterTickets(ClusterTests, TicketTests):
    pass
