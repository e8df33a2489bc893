"""The names of versions in a data folder, which a web server sends without asking."""

import errno
import itertools
import os
import shutil
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from dalle.storage.blob import Blob
from dalle.storage.folder.blobs import EARLIER_NS, FolderBlobs
from dalle.storage.folder.layout import Layout
from dalle.storage.protocol import Storage
from dalle.storage.version import version_of
from tests.kit.data_folder import put_bytes
from tests.kit.processes import Child
from tests.service.storage.folder_engine import FolderEngine, FolderTests
from tests.service.storage.suites.engine import KEY, MOST_WRITES, Opener, put_picture
from tests.service.storage.suites.versions import FIRST, PICTURES, SECOND, VersionTests, named, noted, publish, put

MOMENT_NS = 1_700_000_000_123_456_789


def names(layout: Layout) -> list[str]:
    """Return the files of versions, each of which holds what its name says, and is in the note."""
    folder = layout.output / KEY.series / "versions"
    found = [path for path in folder.rglob("*") if path.is_file() and path.suffix not in (".txt", ".tmp")]
    for path in found:
        _, version, kind = path.name.split(".")
        data = path.read_bytes()
        assert version == (version_of(data) if kind == "png" else data.decode().partition(" ")[0])
        assert version in Path(layout.version_note(KEY)).read_text()
    return sorted(str(path.relative_to(folder)) for path in found)


def all_names(version: str) -> list[str]:
    return sorted(
        [f"{KEY.address}.{version}.png", *(f"{width}/{KEY.address}.{version}.webp" for width in (64, 128, 256, 512))]
    )


def replacing(pipe: Connection, opener: Opener, die: Callable[[], None]) -> None:
    """A picture is made again: the first one is kept meanwhile, and comes back at the end."""
    storage = opener()
    die()
    with storage.guard(KEY) as entry:
        entry.withdraw(keep=True)
        publish(storage, entry, SECOND)
        entry.withdraw()
        entry.restore_previous()
    pipe.send("done")


class TestFolderVersions(FolderTests, VersionTests):
    def test_names_a_version_for_as_long_as_it_is_the_picture(self, engine: FolderEngine) -> None:
        put(engine.storage, FIRST)
        assert names(engine.layout) == all_names(FIRST)
        assert named_is_linked(engine)
        put(engine.storage, SECOND)
        assert names(engine.layout) == all_names(SECOND)
        with engine.storage.guard(KEY) as entry:
            entry.withdraw(keep=True)
            assert names(engine.layout) == []
            entry.restore_previous()
        assert names(engine.layout) == [f"{KEY.address}.{SECOND}.png"]
        with engine.storage.guard(KEY) as entry:
            entry.withdraw()
        assert names(engine.layout) == []
        assert not os.path.exists(engine.layout.version_note(KEY))

    @pytest.mark.parametrize("gone", [False, True])
    def test_leaves_no_note_of_a_previous_picture_that_is_forgotten(self, engine: FolderEngine, gone: bool) -> None:
        put(engine.storage, FIRST)
        with engine.storage.guard(KEY) as entry:
            entry.withdraw(keep=True)
            if not gone:
                publish(engine.storage, entry, SECOND)
            entry.forget_previous()
        assert os.path.exists(engine.layout.version_note(KEY)) != gone
        assert names(engine.layout) == ([] if gone else all_names(SECOND))

    def test_is_right_wherever_its_worker_was_killed(self, engine: FolderEngine) -> None:
        for number in itertools.count(1):
            with engine.storage.guard(KEY) as entry:
                entry.withdraw()
                entry.forget_previous()
            put(engine.storage, FIRST)
            with Child(replacing, engine.opener, engine.dying(number)) as child:
                killed = child.wait() != 0
            seen = names(engine.layout)
            assert set(seen) <= {*all_names(FIRST), *all_names(SECOND)}
            assert noted(engine.storage) in ("", FIRST, SECOND)
            put(engine.storage, SECOND)
            assert names(engine.layout) == all_names(SECOND)
            assert number < MOST_WRITES
            if not killed:
                break

    def test_gives_no_name_to_what_something_else_has_put_there(self, engine: FolderEngine) -> None:
        put(engine.storage, FIRST)
        put_bytes(engine.layout.annotated(KEY).with_suffix(".new"), PICTURES[SECOND])
        engine.layout.annotated(KEY).with_suffix(".new").replace(engine.layout.annotated(KEY))
        assert noted(engine.storage) == ""
        assert version(engine.storage) == SECOND
        assert (noted(engine.storage), names(engine.layout)) == (SECOND, [])

    def test_notes_nothing_of_a_picture_that_was_written_into(self, engine: FolderEngine) -> None:
        put(engine.storage, FIRST)
        engine.layout.annotated(KEY).write_bytes(PICTURES[SECOND])
        assert noted(engine.storage) == ""
        assert version(engine.storage) == SECOND
        assert names(engine.layout) == []

    def test_notes_nothing_of_a_picture_that_is_being_written(self, engine: FolderEngine) -> None:
        put_picture(engine.storage, KEY, PICTURES[FIRST])
        opened = engine.storage.finished(KEY)
        assert opened
        engine.layout.annotated(KEY).write_bytes(PICTURES[SECOND])
        with opened.file:
            assert engine.storage.version(KEY, opened) == ""

    def test_sets_the_time_of_a_picture_more_exactly_than_the_file_system(self, engine: FolderEngine) -> None:
        blobs = FolderBlobs(engine.layout, now_ns=lambda: MOMENT_NS)
        picture, small = (blobs.stage(blob, b"x").place for blob in (Blob.picture(KEY), Blob.thumbnail(KEY, 64)))
        assert os.stat(picture).st_mtime_ns == MOMENT_NS - EARLIER_NS
        assert os.stat(small).st_mtime_ns > MOMENT_NS

    def test_survives_a_copy_of_the_folder(self, engine: FolderEngine, tmp_path: Path) -> None:
        put(engine.storage, FIRST)
        shutil.copytree(engine.layout.output, tmp_path / "copy" / "output")
        assert noted(FolderEngine(tmp_path / "copy").storage) == FIRST

    def test_forgets_a_torn_picture(self, engine: FolderEngine) -> None:
        put(engine.storage, FIRST)
        os.truncate(engine.layout.annotated(KEY), 100)
        engine.advance(3600)
        with engine.storage.guard(KEY) as entry:
            assert entry.quarantine_picture()
        assert names(engine.layout) == []

    @pytest.mark.parametrize("note", [b"", b"\0" * 60, b"x 1 2\n", b"0123456789abcdef 1\n", b"0123456789abcdef a b\n"])
    def test_ignores_what_is_no_note(self, engine: FolderEngine, note: bytes) -> None:
        put_picture(engine.storage, KEY, PICTURES[FIRST])
        put_bytes(Path(engine.layout.version_note(KEY)), note)
        assert noted(engine.storage) == ""
        assert version(engine.storage) == noted(engine.storage) == FIRST

    def test_does_without_names_where_there_are_no_links(
        self, engine: FolderEngine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """As on FAT, and on some file systems of networks and containers."""

        def refuse(*_: object) -> None:
            raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

        monkeypatch.setattr(os, "link", refuse)
        put(engine.storage, FIRST)
        put(engine.storage, SECOND)
        assert (noted(engine.storage), names(engine.layout)) == (SECOND, [])
        with engine.storage.guard(KEY) as entry:
            entry.withdraw(keep=True)
            entry.restore_previous()
        assert noted(engine.storage) == SECOND

    def test_publishes_though_nothing_can_be_noted(self, engine: FolderEngine) -> None:
        put_bytes(engine.layout.output / KEY.series / "versions", b"a file where a folder should be")
        put(engine.storage, FIRST)
        assert noted(engine.storage) == ""
        assert version(engine.storage) == FIRST


def named_is_linked(engine: FolderEngine) -> bool:
    return engine.layout.blob(named(FIRST)).samefile(engine.layout.blob(Blob.picture(KEY)))


def version(storage: Storage) -> str:
    opened = storage.finished(KEY)
    assert opened
    with opened.file:
        return storage.version(KEY, opened)
