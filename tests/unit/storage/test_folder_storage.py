from tests.unit.storage.folder_engine import FolderTests
from tests.unit.storage.suites.storage import StorageTests


class TestFolderStorage(FolderTests, StorageTests):
    pass
