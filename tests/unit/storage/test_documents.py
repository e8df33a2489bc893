"""What the folder engine promises of documents besides `DocumentsTests`."""

import threading
from pathlib import Path

import pytest

from dalle.storage.folder.documents import FolderDocuments
from dalle.storage.folder.layout import Layout


@pytest.fixture
def documents(tmp_path: Path) -> FolderDocuments:
    return FolderDocuments(Layout(tmp_path))


def test_loses_no_change_of_threads(documents: FolderDocuments) -> None:
    def count() -> None:
        for _ in range(20):
            with documents.edit("pace") as document:
                document["n"] = document.get("n", 0) + 1

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert documents.read("pace") == {"n": 80}


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


def test_writes_nothing_when_the_change_fails(documents: FolderDocuments) -> None:
    def fail() -> None:
        with documents.edit("pace") as document:
            document["n"] = 1
            raise ValueError("meant")

    with pytest.raises(ValueError, match="meant"):
        fail()
    assert documents.read("pace") == {}


def test_sees_every_change_of_another_process(documents: FolderDocuments, tmp_path: Path) -> None:
    other = FolderDocuments(Layout(tmp_path))
    for number in range(200):
        with other.edit("pace") as document:
            document["n"] = number
        assert documents.read("pace") == {"n": number}
