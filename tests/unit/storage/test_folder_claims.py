from tests.unit.storage.folder_engine import FolderTests
from tests.unit.storage.suites.claims import ClaimTests
from tests.unit.storage.suites.queue import TakeTests


class TestFolderClaim(FolderTests, ClaimTests):
    pass


class TestFolderQueue(FolderTests, TakeTests):
    pass
