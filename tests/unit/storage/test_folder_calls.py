from tests.unit.storage.folder_engine import FolderTests
from tests.unit.storage.suites.calls import CallLogTests


class TestFolderCallLog(FolderTests, CallLogTests):
    pass
