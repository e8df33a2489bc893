from tests.unit.storage.folder_engine import FolderTests
from tests.unit.storage.suites.entries import EntryTests


class TestFolderEntry(FolderTests, EntryTests):
    pass
