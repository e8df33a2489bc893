"""Where the painting ends and the caption begins."""

from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from dalle.pictures.paintings import Paintings
from dalle.storage.blob import Blob
from dalle.storage.folder.engine import FolderStorage
from dalle.storage.picture import Picture
from dalle.storage.protocol import Storage
from tests.kit.fakes import KEY
from tests.kit.images import as_file


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return FolderStorage(tmp_path)


def finished(painting: Image.Image) -> Picture:
    """A picture with a caption of 30 rows."""
    return Picture(KEY.series, KEY.address, 1, painting.width, painting.height + 30)


@pytest.mark.parametrize("size", [(96, 96), (160, 96), (96, 160)])
@pytest.mark.parametrize("extension", ["png", "jpeg", "jpg"])
def test_leaves_the_caption_out(storage: Storage, size: tuple[int, int], extension: str) -> None:
    painting = Image.new("RGB", size, "teal")
    storage.blobs.put(Blob.generated(KEY, extension), as_file(painting, "PNG" if extension == "png" else "JPEG"))
    assert Paintings(storage).height(finished(painting)) == size[1]


def test_measures_a_painting_that_was_scaled_up(storage: Storage) -> None:
    storage.blobs.put(Blob.generated(KEY, "png"), as_file(Image.new("RGB", (64, 48))))
    assert Paintings(storage).height(Picture(KEY.series, KEY.address, 1, 512, 500)) == 384


def test_takes_the_whole_picture_until_the_generated_one_is_there(storage: Storage) -> None:
    paintings, picture = Paintings(storage), finished(Image.new("RGB", (96, 96)))
    assert paintings.height(picture) == picture.height
    storage.blobs.put(Blob.generated(KEY, "png"), as_file(Image.new("RGB", (96, 96))))
    assert paintings.height(picture) == 96


@pytest.mark.parametrize("content", [b"no picture", as_file(Image.new("RGB", (64, 4096)))])
def test_never_exceeds_the_picture(storage: Storage, content: bytes) -> None:
    storage.blobs.put(Blob.generated(KEY, "png"), content)
    picture = finished(Image.new("RGB", (96, 96)))
    assert Paintings(storage).height(picture) == picture.height


def test_measures_each_picture_once(storage: Storage) -> None:
    storage.blobs.put(Blob.generated(KEY, "png"), as_file(Image.new("RGB", (96, 96))))
    paintings, picture = Paintings(storage), finished(Image.new("RGB", (96, 96)))
    paintings.height(picture)
    storage.blobs.put(Blob.generated(KEY, "png"), as_file(Image.new("RGB", (96, 64))))
    assert paintings.height(picture) == 96
    assert paintings.height(replace(picture, modified_ns=2)) == 64


def test_takes_all_of_what_is_no_key(storage: Storage) -> None:
    assert Paintings(storage).height(Picture("simple", "holiday", 1, 80, 90)) == 90
