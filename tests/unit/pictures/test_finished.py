"""The small pictures, made on demand: never of a picture that is no longer there."""

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from dalle.imaging.decoding import Weigh
from dalle.imaging.thumbnails import thumbnails
from dalle.pictures import finished
from dalle.pictures.finished import Finished
from dalle.pictures.version import finished_version
from dalle.storage.blob import Blob, OpenBlob
from dalle.storage.folder.blobs import FolderBlobs
from dalle.storage.folder.engine import FolderStorage
from dalle.storage.protocol import Storage
from tests.kit.fakes import KEY
from tests.service.storage.suites.engine import publish


def picture(colour: str) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (256, 256), colour).save(stream, "PNG")
    return stream.getvalue()


def put(storage: Storage, data: bytes) -> None:
    with storage.guard(KEY) as entry:
        publish(storage, entry, data)


def colour(thumbnail: OpenBlob | None) -> str:
    assert thumbnail
    with thumbnail.file, Image.open(thumbnail.file) as image:
        pixel = image.convert("RGB").getpixel((30, 30))
        assert isinstance(pixel, tuple)
        return "red" if pixel[0] > pixel[2] else "blue"


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return FolderStorage(tmp_path)


def test_makes_a_thumbnail_once(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    put(storage, picture("red"))
    assert colour(Finished(storage).thumbnail(KEY, "64")) == "red"
    monkeypatch.delattr(finished, "thumbnails")
    assert colour(Finished(storage).thumbnail(KEY, "64")) == "red"


def test_keeps_no_thumbnail_of_a_picture_that_was_replaced_while_it_was_made(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def make(data: bytes, widths: tuple[int, ...], weigh: Weigh) -> Any:
        small = thumbnails(data, widths)
        if len(made) == 0:
            put(storage, picture("blue"))
            storage.blobs.put(Blob.thumbnail(KEY, 64), thumbnails(picture("blue"), widths)[64])
        made.append(data)
        return small

    made: list[bytes] = []
    put(storage, picture("red"))
    monkeypatch.setattr(finished, "thumbnails", make)
    assert colour(Finished(storage).thumbnail(KEY, "64")) == "blue"
    assert colour(Finished(storage).thumbnail(KEY, "64")) == "blue"
    assert made == [picture("red"), picture("blue")]


def test_makes_no_thumbnail_of_a_version_from_the_picture_that_takes_its_place(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(storage, picture("red"))
    version = finished_version(storage, KEY)
    opened, written, asked, written_to = FolderBlobs.open, FolderBlobs.put, [], []

    def open_blob(self: FolderBlobs, blob: Blob) -> OpenBlob | None:
        asked.append(blob)
        if len(asked) == 2:  # it is this one's turn to make the thumbnail
            put(storage, picture("blue"))
        return opened(self, blob)

    def put_blob(self: FolderBlobs, blob: Blob, data: bytes) -> None:
        written_to.append(blob.path)
        written(self, blob, data)

    monkeypatch.setattr(FolderBlobs, "open", open_blob)
    monkeypatch.setattr(FolderBlobs, "put", put_blob)
    assert Finished(storage).thumbnail(KEY, "64", version) is None
    assert written_to == []


def test_keeps_no_thumbnail_of_a_picture_that_was_removed_while_it_was_made(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def make(data: bytes, widths: tuple[int, ...], weigh: Weigh) -> Any:
        with storage.guard(KEY) as entry:
            entry.withdraw()
        return thumbnails(data, widths)

    put(storage, picture("red"))
    monkeypatch.setattr(finished, "thumbnails", make)
    assert Finished(storage).thumbnail(KEY, "64") is None
    assert not storage.blobs.has(Blob.thumbnail(KEY, 64))
