from tests.service.storage.folder_engine import FolderTests
from tests.service.storage.suites.documents import DocumentsTests


class TestFolderDocuments(FolderTests, DocumentsTests):
    pass
