"""The folder engine's blobs: what every engine promises, and what may stand in a folder."""

import os

import pytest

from dalle.storage.blob import Blob
from tests.service.storage.folder_engine import FolderEngine, FolderTests
from tests.service.storage.suites.blobs import BlobsTests
from tests.service.storage.suites.engine import KEY


class TestFolderBlobs(FolderTests, BlobsTests):
    @pytest.mark.parametrize("kind", ["outside", "dangling", "fifo", "hidden", "loop"])
    def test_opens_nothing_but_regular_files_of_its_own(self, engine: FolderEngine, kind: str) -> None:
        engine.storage.blobs.put(Blob.text(KEY, "title"), b"inside")
        secret = engine.layout.root / "secret"
        secret.write_bytes(b"secret")
        path = engine.layout.output / f"{KEY.series}/title/{'.' * (kind == 'hidden')}other.txt"
        match kind:
            case "outside":
                path.symlink_to(secret)
            case "dangling":
                path.symlink_to("nowhere")
            case "fifo":
                os.mkfifo(path)  # opening one would wait for a writer
            case "hidden":
                path.write_bytes(b"hidden")
            case "loop":
                path.symlink_to(path)
        assert engine.storage.blobs.open_public(f"{KEY.series}/title/{path.name}") is None

    def test_follows_a_link_that_stays_inside(self, engine: FolderEngine) -> None:
        engine.storage.blobs.put(Blob.text(KEY, "title"), b"inside")
        (engine.layout.output / "link").symlink_to(engine.layout.output / KEY.series)
        opened = engine.storage.blobs.open_public(f"link/title/{KEY.address}.txt")
        assert opened
        with opened.file:
            assert opened.file.read() == b"inside"

    def test_opens_no_file_through_a_folder_that_leads_outside(self, engine: FolderEngine) -> None:
        engine.storage.blobs.put(Blob.text(KEY, "title"), b"inside")
        (engine.layout.output / "link").symlink_to(engine.layout.root)
        (engine.layout.root / "secret").write_bytes(b"secret")
        assert engine.storage.blobs.open_public("link/secret") is None
