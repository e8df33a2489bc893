"""What every engine promises of `tidy`, `check` and `examine`."""

from collections.abc import Callable
from multiprocessing.connection import Connection

import pytest

from dalle.storage.blob import Blob, Facts, Original
from dalle.storage.protocol import Storage
from tests.kit.processes import Child, sleep
from tests.service.storage.suites.engine import (
    KEY,
    OTHER,
    THIRD,
    Engine,
    Opener,
    journal,
    picture,
    publish,
    put_picture,
    report,
    seen,
)


def claiming(pipe: Connection, opener: Opener) -> None:
    """Leave what a killed worker leaves: a claim, staged bytes, an open entry."""
    storage = opener()
    assert storage.claim(OTHER)
    storage.blobs.stage(Blob.picture(OTHER), picture(1))
    with storage.guard(THIRD) as entry:
        entry.save(journal("run1", THIRD))
        pipe.send("ready")
        sleep(pipe)


def show(storage: Storage) -> None:
    with storage.guard(KEY) as entry:
        entry.show(report("run1"))


class UpkeepTests:
    def test_tidies_away_nothing_that_is_in_use(self, engine: Engine) -> None:
        storage = engine.storage
        original = Original.of(KEY, "run1", 1)
        claim = storage.claim(KEY)
        assert claim
        with claim.held() as entry:
            entry.save(journal("run1"))
            entry.show(report("run1"))
            entry.note_failure("run1", storage.now_ns())
            added, _ = entry.enqueue("run1")
            publish(storage, entry, picture(1))
            entry.withdraw(keep=True)
            publish(storage, entry, picture(2))
        storage.blobs.put(original, b"paid")
        staged = storage.blobs.stage(Blob.text(KEY, "title"), b"The otter")
        for _ in range(2):
            engine.open().tidy(3600)
        assert storage.is_claimed(KEY, claim.token)
        with claim.held() as entry:
            assert (entry.journal(), entry.report(), entry.ticket()) == (journal("run1"), report("run1"), added)
            assert entry.has_previous()
            entry.publish([staged], Facts())
        assert (seen(storage, KEY), storage.blobs.get(staged.blob)) == (picture(2), b"The otter")
        assert storage.blobs.originals(KEY) == [original]
        assert len(storage.failures(0)) == 1
        engine.advance(7200)
        engine.open().tidy(3600)
        assert (storage.journal(KEY), storage.look(OTHER).report, storage.ticket(KEY)) == (journal("run1"), b"", added)
        assert (seen(storage, KEY), storage.blobs.get(staged.blob)) == (picture(2), b"The otter")
        assert storage.blobs.originals(KEY) == [original]
        assert storage.blobs.get(Blob.previous(KEY)) == picture(1)

    def test_tidies_up_after_a_worker_that_was_killed(self, engine: Engine) -> None:
        with Child(claiming, engine.opener) as child:
            assert child.receive() == "ready"
            engine.storage.tidy(3600)
            assert engine.storage.is_claimed(OTHER)
            child.kill()
        engine.advance(7200)
        engine.storage.tidy(3600)
        assert not engine.storage.is_claimed(OTHER)
        assert seen(engine.storage, OTHER) is None
        claim = engine.storage.claim(OTHER)
        assert claim
        with claim.held() as entry:
            publish(engine.storage, entry, picture(2))
        with engine.storage.guard(THIRD, wait=False) as entry:
            assert entry.journal() in (None, journal("run1", THIRD))

    def test_takes_staged_bytes_for_left_behind_when_they_are_old(self, engine: Engine) -> None:
        staged = engine.storage.blobs.stage(Blob.picture(KEY), picture(1))
        engine.advance(7200)
        engine.open().tidy(3600)
        with engine.storage.guard(KEY) as entry:
            with pytest.raises(FileNotFoundError):
                entry.publish([staged], Facts())
            assert not entry.has_picture()

    def test_may_be_prepared_again(self, engine: Engine) -> None:
        put_picture(engine.storage, KEY, picture(1))
        for storage in (engine.storage, engine.open()):
            storage.prepare()
            storage.check()
        assert seen(engine.storage, KEY) == picture(1)

    def test_names_a_public_folder_or_none(self, engine: Engine) -> None:
        """A web server sends pictures from it under the names that `open_public` takes."""
        put_picture(engine.storage, KEY, picture(1))
        folder = engine.storage.public_folder
        if folder is not None:
            assert (folder / Blob.picture(KEY).path).read_bytes() == picture(1)
        assert engine.open().public_folder == folder

    @pytest.mark.parametrize("write", [False, True])
    def test_checks_an_engine_that_works(self, engine: Engine, write: bool) -> None:
        engine.storage.check(write=write)
        put_picture(engine.storage, KEY, picture(1))
        engine.storage.check(write=write)
        assert seen(engine.open(), KEY) == picture(1)

    def test_notices_that_nothing_can_be_written(self, engine: Engine) -> None:
        with engine.failing():
            engine.storage.check(write=False)
            with pytest.raises(OSError):  # noqa: PT011 - the engine's own
                engine.storage.check()
        engine.storage.check()

    def test_raises_where_nothing_can_be_written(self, engine: Engine) -> None:
        put_picture(engine.storage, KEY, picture(1))
        staged = engine.storage.blobs.stage(Blob.text(KEY, "title"), b"x")
        changes: list[Callable[[], object]] = [
            lambda: put_picture(engine.storage, KEY, picture(2)),
            lambda: engine.storage.blobs.put(Blob.text(KEY, "title"), b"x"),
            lambda: engine.storage.claim(KEY),
            lambda: show(engine.storage),
        ]
        with engine.failing():
            for change in changes:
                with pytest.raises(OSError):  # noqa: PT011 - the engine's own
                    change()
        with engine.storage.guard(KEY) as entry:
            assert entry.report() == b""
        assert seen(engine.storage, KEY) == picture(1)
        assert engine.storage.blobs.get(staged.blob) is None
        assert not engine.storage.is_claimed(KEY)

    @pytest.mark.parametrize("read_only", [False, True])
    def test_finds_nothing_wrong_with_an_engine_that_works(self, engine: Engine, read_only: bool) -> None:
        findings = list(engine.storage.examine(read_only=read_only))
        assert findings
        assert [finding for finding in findings if finding.level == "error"] == []
