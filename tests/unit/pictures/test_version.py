"""The version of a picture."""

import hashlib
from pathlib import Path

from dalle.pictures.version import finished_version
from dalle.storage.folder.engine import FolderStorage
from tests.kit.data_folder import put_bytes
from tests.kit.fakes import KEY, OTHER
from tests.kit.images import as_file, noise


def test_is_the_beginning_of_the_hash_of_its_bytes(tmp_path: Path) -> None:
    storage, data = FolderStorage(tmp_path), as_file(noise(400, 400), compress_level=0)
    put_bytes(storage.layout.annotated(KEY), data)
    assert finished_version(storage, KEY) == hashlib.sha256(data).hexdigest()[:16]
    assert finished_version(storage, OTHER) == ""
