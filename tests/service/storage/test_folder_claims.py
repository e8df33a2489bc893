from tests.service.storage.folder_engine import FolderTests
from tests.service.storage.suites.claims import ClaimTests
from tests.service.storage.suites.queue import TakeTests


class TestFolderClaim(FolderTests, ClaimTests):
    pass


class TestFolderQueue(FolderTests, TakeTests):
    pass
