from tests.service.storage.folder_engine import FolderTests
from tests.service.storage.suites.entries import EntryTests
from tests.service.storage.suites.guard import GuardTests
from tests.service.storage.suites.publishing import PublishingTests
from tests.service.storage.suites.tickets import TicketTests


class TestFolderGuard(FolderTests, GuardTests):
    pass


class TestFolderEntry(FolderTests, EntryTests):
    pass


class TestFolderTickets(FolderTests, TicketTests):
    pass


class TestFolderPublishing(FolderTests, PublishingTests):
    pass
