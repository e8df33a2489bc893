from tests.unit.storage.folder_engine import FolderTests
from tests.unit.storage.suites.entries import EntryTests
from tests.unit.storage.suites.publishing import PublishingTests


class TestFolderEntry(FolderTests, EntryTests):
    pass


class TestFolderPublishing(FolderTests, PublishingTests):
    pass
