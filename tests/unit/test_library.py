import json
import shutil
from pathlib import Path

import pytest

from dalle.errors import CatalogError
from dalle.library import known_catalog, open_library, pinned_catalog, pinned_library
from dalle.settings import SharedSettings, StudioSettings
from dalle.storage.folder.documents import FolderDocuments
from dalle.storage.folder.engine import FolderStorage
from dalle.storage.folder.layout import Layout
from dalle.words.catalog import FOLDER


def test_writes_down_what_a_folder_begins_with(tmp_path: Path) -> None:
    path = tmp_path / "catalog.json"
    documents = FolderDocuments(Layout(tmp_path))
    catalog = pinned_catalog(documents, "", None)
    assert json.loads(path.read_bytes()) == {"version": catalog.version, "sha256": catalog.sha256}


def test_writes_nothing_by_looking(tmp_path: Path) -> None:
    known_catalog(FolderDocuments(Layout(tmp_path)), "", None)
    assert list(tmp_path.iterdir()) == []


def test_stays_on_the_version_that_the_folder_began_with(tmp_path: Path) -> None:
    path = tmp_path / "catalog.json"
    documents = FolderDocuments(Layout(tmp_path))
    path.write_text('{"version": "v0"}')
    with pytest.raises(CatalogError, match="v0"):
        pinned_catalog(documents, "", None)
    assert pinned_catalog(documents, "v1", None).version == "v1"
    assert json.loads(path.read_bytes()) == {"version": "v0"}


def test_warns_of_words_that_are_others_under_the_same_version(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "catalog.json"
    documents = FolderDocuments(Layout(tmp_path))
    sha256 = pinned_catalog(documents, "", None).sha256
    pinned_catalog(documents, "", None)
    assert caplog.text == ""
    path.write_text(json.dumps({"version": "v1", "sha256": sha256[::-1]}))
    pinned_catalog(documents, "", None)
    assert "differ from those that this data folder was created with" in caplog.text


@pytest.mark.parametrize("garbage", ["[]", "7", '"v1"'])
def test_takes_the_newest_when_the_pin_says_nothing(tmp_path: Path, garbage: str) -> None:
    path = tmp_path / "catalog.json"
    documents = FolderDocuments(Layout(tmp_path))
    path.write_text(garbage)
    assert pinned_catalog(documents, "", None).version == "v1"


def shared(folder: Path, databases: Path | None = None) -> StudioSettings:
    return StudioSettings(data_dir=folder, databases=databases, shared=SharedSettings(database="-", bucket="-"))


def test_lets_several_hosts_have_the_same_words_only(tmp_path: Path) -> None:
    storage = FolderStorage(tmp_path / "shared")
    other = tmp_path / "others"
    shutil.copytree(FOLDER, other)
    with open(other / "nouns.csv", "a", encoding="utf-8") as file:
        file.write("v1,sea otter,sea otters,otter,otter,animals\n")
    first = pinned_library(shared(tmp_path), storage)
    assert pinned_library(shared(tmp_path), storage).catalog.sha256 == first.catalog.sha256
    assert open_library(shared(tmp_path), storage).catalog.sha256 == first.catalog.sha256
    for look in (open_library, pinned_library):
        with pytest.raises(CatalogError, match="not those that the other hosts use"):
            look(shared(tmp_path, other), storage)
