"""The folder engine as a whole: what every engine promises, and the files that it leaves."""

import errno
import os
from multiprocessing.connection import Connection

import pytest

from dalle.key import Key
from dalle.storage.blob import Blob
from dalle.storage.folder.engine import FolderStorage
from dalle.storage.folder.locks.claims import Claims, Lease
from tests.kit.data_folder import put_bytes
from tests.kit.processes import Child, sleep
from tests.service.storage.folder_engine import FolderEngine, FolderTests
from tests.service.storage.suites.engine import KEY, OTHER, THIRD, TTL, Opener, picture, put_picture, seen
from tests.service.storage.suites.exclusive import ExclusiveTests
from tests.service.storage.suites.inventory import InventoryTests
from tests.service.storage.suites.storage import StorageTests
from tests.service.storage.suites.upkeep import UpkeepTests

SETTLED = 5.0  # seconds


def files(engine: FolderEngine) -> set[str]:
    """Return all files but guards and the gallery's."""
    root = engine.layout.root
    names = {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}
    return {name for name in names if "guard" not in name and not name.startswith("gallery/")}


def leaving(pipe: Connection, opener: Opener) -> None:
    storage = opener()
    claim = storage.claim(OTHER)
    assert claim
    staged = storage.blobs.stage(Blob.picture(OTHER), picture(1))
    pipe.send((claim.token, staged.place))
    sleep(pipe)


class TestFolderExclusive(FolderTests, ExclusiveTests):
    pass


class TestFolderInventory(FolderTests, InventoryTests):
    pass


class TestFolderStorage(FolderTests, StorageTests, UpkeepTests):
    def test_tidies_away_temporary_files_and_dead_claims_only(self, engine: FolderEngine) -> None:
        put_picture(engine.storage, KEY, picture(1))
        claim = engine.storage.claim(KEY)
        assert claim
        expected = files(engine)
        with Child(leaving, engine.opener) as child:
            token, place = child.receive()
            dead = {f"locks/{OTHER.series}.{OTHER.address}.{suffix}" for suffix in ("lock", f"{token}.live")}
            left = dead | {place.removeprefix(f"{engine.layout.root}/")}
            assert files(engine) == expected | left
            engine.storage.tidy(3600)
            assert files(engine) == expected | left
            child.kill()
        engine.storage.tidy(3600)
        assert files(engine) == expected | left - dead
        engine.advance(3601)
        claim.renew()
        engine.storage.tidy(3600)
        assert files(engine) == expected

    @pytest.mark.parametrize("write", [False, True])
    def test_leaves_no_file_of_a_check(self, engine: FolderEngine, write: bool) -> None:
        before = engine.layout.root.stat().st_mtime_ns
        engine.storage.check(write=write)
        assert list(engine.layout.root.iterdir()) == []
        assert (engine.layout.root.stat().st_mtime_ns != before) == write

    def test_takes_other_runs_while_the_guard_of_one_is_refused(self, engine: FolderEngine) -> None:
        class Refusing(Claims):
            def claim(self, key: Key, *, wait: bool = True) -> Lease | None:
                if key == KEY:
                    raise PermissionError(errno.EACCES, "Permission denied", str(self.folder))
                return super().claim(key, wait=wait)

        storage = FolderStorage(engine.layout.root, claims=Refusing(engine.layout.locks, TTL))
        for key in (KEY, OTHER):
            with engine.storage.guard(key) as entry:
                entry.enqueue("a" * 16)
        claim = storage.take()
        assert claim
        assert claim.key == OTHER
        with pytest.raises(PermissionError):
            storage.take()
        claim.release()

    def test_raises_where_the_data_folder_is_gone(self, engine: FolderEngine) -> None:
        engine.layout.root.rmdir()
        for write in (False, True):
            with pytest.raises(FileNotFoundError):
                engine.storage.check(write=write)

    def test_leaves_a_torn_picture_alone_that_may_still_be_being_written(self, engine: FolderEngine) -> None:
        put_bytes(engine.layout.annotated(KEY), picture(1)[:-20])
        with engine.storage.guard(KEY) as entry:
            assert not entry.quarantine_picture()
            put_bytes(engine.layout.annotated(KEY), picture(1))
        assert seen(engine.storage, KEY) == picture(1)
        put_bytes(engine.layout.annotated(KEY), picture(1)[:-20])
        engine.advance(SETTLED)
        with engine.storage.guard(KEY) as entry:
            assert entry.quarantine_picture()
        assert engine.layout.torn(KEY).read_bytes() == picture(1)[:-20]

    @pytest.mark.parametrize("torn", [b"", b"{", b'{"runId":"x"}', b'"runId":"x"}\n'])
    def test_shows_no_torn_report(self, engine: FolderEngine, torn: bytes) -> None:
        put_bytes(engine.layout.progress(KEY), torn)
        assert engine.storage.look(KEY).report == b""
        with engine.storage.guard(KEY) as entry:
            assert entry.report() == b""

    def test_does_not_wait_for_a_pipe_in_the_place_of_a_picture(self, engine: FolderEngine) -> None:
        engine.layout.annotated(THIRD).parent.mkdir(parents=True)
        os.mkfifo(engine.layout.annotated(THIRD))
        assert seen(engine.storage, THIRD) is None
        with engine.storage.guard(THIRD) as entry:
            assert not entry.quarantine_picture()
