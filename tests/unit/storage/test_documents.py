"""What the folder engine promises of documents besides `DocumentsTests`."""

from pathlib import Path

import pytest

from dalle.storage.folder.documents import FolderDocuments
from dalle.storage.folder.layout import Layout


@pytest.fixture
def documents(tmp_path: Path) -> FolderDocuments:
    return FolderDocuments(Layout(tmp_path))


@pytest.mark.parametrize("garbage", [b"", b"{", b"[]", b"7", b"[" * 9999])
def test_starts_again_from_garbage(documents: FolderDocuments, tmp_path: Path, garbage: bytes) -> None:
    path = tmp_path / "provider" / "pace.json"
    path.parent.mkdir()
    path.write_bytes(garbage)
    assert documents.read("pace") == {}
    with documents.edit("pace") as document:
        document["n"] = 1
    assert documents.read("pace") == {"n": 1}


def test_writes_nothing_that_did_not_change(documents: FolderDocuments, tmp_path: Path) -> None:
    with documents.edit("pace"):
        pass
    assert not (tmp_path / "provider" / "pace.json").exists()
    with documents.edit("pace") as document:
        document["n"] = 1
    inode = (tmp_path / "provider" / "pace.json").stat().st_ino
    with documents.edit("pace") as document:
        document["n"] = 1
    assert (tmp_path / "provider" / "pace.json").stat().st_ino == inode
