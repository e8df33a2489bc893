from tests.unit.storage.folder_engine import FolderTests
from tests.unit.storage.suites.entries import EntryTests
from tests.unit.storage.suites.guard import GuardTests
from tests.unit.storage.suites.publishing import PublishingTests
from tests.unit.storage.suites.tickets import TicketTests


class TestFolderGuard(FolderTests, GuardTests):
    pass


class TestFolderEntry(FolderTests, EntryTests):
    pass


class TestFolderTickets(FolderTests, TicketTests):
    pass


class TestFolderPublishing(FolderTests, PublishingTests):
    pass
