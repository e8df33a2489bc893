from tests.unit.storage.folder_engine import FolderTests
from tests.unit.storage.suites.documents import DocumentsTests


class TestFolderDocuments(FolderTests, DocumentsTests):
    pass
