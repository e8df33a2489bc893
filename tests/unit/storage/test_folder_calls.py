from tests.unit.storage.folder_engine import FolderTests
from tests.unit.storage.suites.calls import CallsTests


class TestFolderCalls(FolderTests, CallsTests):
    pass
