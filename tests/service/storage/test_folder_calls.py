from tests.service.storage.folder_engine import FolderTests
from tests.service.storage.suites.calls import CallLogTests


class TestFolderCallLog(FolderTests, CallLogTests):
    pass
