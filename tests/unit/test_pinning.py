import json
from pathlib import Path

import pytest

from dalle import pinning
from dalle.errors import CatalogError
from dalle.storage.folder.layout import Store


def test_writes_down_what_a_folder_begins_with(tmp_path: Path) -> None:
    store = Store(tmp_path)
    catalog = pinning.pinned(store, "", None)
    assert json.loads(store.catalog.read_bytes()) == {"version": catalog.version, "sha256": catalog.sha256}


def test_writes_nothing_by_looking(tmp_path: Path) -> None:
    pinning.known(Store(tmp_path), "", None)
    assert list(tmp_path.iterdir()) == []


def test_stays_on_the_version_that_the_folder_began_with(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.catalog.write_text('{"version": "v0"}')
    with pytest.raises(CatalogError, match="v0"):
        pinning.pinned(store, "", None)
    assert pinning.pinned(store, "v1", None).version == "v1"
    assert json.loads(store.catalog.read_bytes()) == {"version": "v0"}


def test_warns_of_words_that_are_others_under_the_same_version(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store = Store(tmp_path)
    sha256 = pinning.pinned(store, "", None).sha256
    pinning.pinned(store, "", None)
    assert caplog.text == ""
    store.catalog.write_text(json.dumps({"version": "v1", "sha256": sha256[::-1]}))
    pinning.pinned(store, "", None)
    assert "not those that this data folder began with" in caplog.text


@pytest.mark.parametrize("garbage", ["[]", "7", '"v1"'])
def test_takes_the_newest_when_the_note_tells_nothing(tmp_path: Path, garbage: str) -> None:
    store = Store(tmp_path)
    store.catalog.write_text(garbage)
    assert pinning.pinned(store, "", None).version == "v1"
