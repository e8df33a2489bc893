"""Answers that were paid for while the bucket, the database or both are away, or their worker is killed."""

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from dalle.storage.blob import Blob, Facts, Original
from dalle.storage.protocol import Storage, StorageError
from tests.cluster.storage.engine import ClusterEngine, ClusterTests, open_cluster
from tests.kit import postgres
from tests.kit.processes import Child
from tests.kit.waiting import wait
from tests.service.storage.suites.engine import KEY, MOST_WRITES, OTHER, Opener, picture, put_picture, seen

ORIGINAL = Original.of(KEY, "run1", 1)
PAID = b"paid" * 1000
REFUSE = "ALTER DATABASE {0} ALLOW_CONNECTIONS {1}"
END = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{0}'"


def put(pipe: Connection, opener: Opener, die: Callable[[], None]) -> None:
    storage = opener()
    die()
    storage.blobs.put(ORIGINAL, PAID, durable=True)
    pipe.send("done")


def bring_in(pipe: Connection, opener: Opener) -> None:
    """What several processes of a host do at once."""
    storage = opener()
    pipe.send("ready")
    pipe.recv()
    storage.objects.intake.bring_in()  # type: ignore[attr-defined]
    pipe.send("done")


@contextmanager
def without_bucket(engine: ClusterEngine) -> Iterator[None]:
    """The file system that the hosts share is not mounted."""
    folder = Path(engine.settings.bucket.removeprefix("file://"))
    folder.rename(folder.with_name("elsewhere"))
    try:
        yield
    finally:
        folder.with_name("elsewhere").rename(folder)


@contextmanager
def without_database(engine: ClusterEngine) -> Iterator[None]:
    server = postgres.server()
    server.sql(REFUSE.format(engine.database, "false"))
    server.sql(END.format(engine.database))
    try:
        yield
    finally:
        server.sql(REFUSE.format(engine.database, "true"))


class TestClusterSpool(ClusterTests):
    def test_is_empty_when_nothing_is_away(self, engine: ClusterEngine) -> None:
        engine.storage.blobs.put(ORIGINAL, PAID, durable=True)
        assert spooled(engine) == 0
        assert self.other_host(engine).blobs.get(ORIGINAL) == PAID
        assert objects(engine) == 1

    def test_keeps_an_answer_while_the_bucket_is_away(self, engine: ClusterEngine) -> None:
        other = self.other_host(engine)
        with without_bucket(engine):
            engine.storage.blobs.put(ORIGINAL, PAID, durable=True)
            assert spooled(engine) == 1
            for storage in (engine.storage, engine.open()):
                assert (storage.blobs.get(ORIGINAL), storage.blobs.originals(KEY)) == (PAID, [ORIGINAL])
            # Another host sees that it is paid for, and cannot go on from it yet.
            assert (other.blobs.has(ORIGINAL), other.blobs.originals(KEY)) == (True, [ORIGINAL])
            with pytest.raises(StorageError):
                other.blobs.get(ORIGINAL)
        wait(lambda: spooled(engine) == 0)
        assert (other.blobs.get(ORIGINAL), engine.storage.blobs.get(ORIGINAL)) == (PAID, PAID)
        assert list(engine.open().late_originals()) == [ORIGINAL]
        assert objects(engine) == 1

    def test_keeps_an_answer_while_the_database_is_away(self, engine: ClusterEngine) -> None:
        with without_database(engine):
            engine.storage.blobs.put(ORIGINAL, PAID, durable=True)
            assert spooled(engine) == 1
            assert (engine.storage.blobs.get(ORIGINAL), engine.storage.blobs.has(ORIGINAL)) == (PAID, True)
        wait(lambda: spooled(engine) == 0)
        assert wait(lambda: self.other_host(engine).blobs.get(ORIGINAL)) == PAID
        assert list(engine.open().late_originals()) == [ORIGINAL]

    def test_brings_in_what_an_earlier_process_left(self, engine: ClusterEngine) -> None:
        with without_database(engine), without_bucket(engine):
            engine.storage.objects.intake.spool.add(ORIGINAL, PAID, 1)
        later = engine.open()
        assert later.take() is None  # as every idle thread asks
        wait(lambda: spooled(engine) == 0)
        assert engine.storage.blobs.get(ORIGINAL) == PAID

    def test_loses_no_answer_and_has_it_once_wherever_its_worker_is_killed(self, engine: ClusterEngine) -> None:
        outcomes = set()
        for number in itertools.count(1):
            with Child(put, engine.opener, engine.dying(number)) as child:
                killed = child.wait() != 0
            there = spooled(engine)
            engine.storage.objects.intake.bring_in()
            kept = engine.open().blobs.get(ORIGINAL)
            assert kept == PAID if there or not killed else kept in (None, PAID)
            assert spooled(engine) == 0
            outcomes.add((there, kept))
            engine.storage.blobs.delete(ORIGINAL)
            engine.advance(7200)
            engine.storage.tidy(3600)
            assert objects(engine) == 0
            assert number < MOST_WRITES
            if not killed:
                break
        assert {(0, None), (1, PAID), (0, PAID)} <= outcomes

    def test_is_brought_in_once_though_several_processes_try(self, engine: ClusterEngine) -> None:
        originals = [Original.of(KEY, "run1", number) for number in range(10)]
        for original in originals:
            engine.storage.objects.intake.spool.add(original, PAID, 1)
        children = [Child(bring_in, engine.opener) for _ in range(3)]
        for child in children:
            assert child.receive() == "ready"
        for child in children:
            child.send("go")
        for child in children:
            with child:
                assert child.receive() == "done"
        engine.storage.objects.intake.bring_in()
        assert spooled(engine) == 0
        assert engine.storage.blobs.originals(KEY) == originals
        assert objects(engine) == len(originals)

    def test_forgets_an_answer_that_is_deleted_before_it_is_brought_in(self, engine: ClusterEngine) -> None:
        with without_bucket(engine):
            engine.storage.blobs.put(ORIGINAL, PAID, durable=True)
            assert engine.storage.blobs.delete(ORIGINAL)
            assert not engine.storage.blobs.delete(ORIGINAL)
        assert (spooled(engine), engine.storage.blobs.get(ORIGINAL)) == (0, None)

    def test_quarantines_bytes_that_wait(self, engine: ClusterEngine) -> None:
        with without_bucket(engine):
            engine.storage.blobs.put(ORIGINAL, b"no picture", durable=True)
            with engine.storage.guard(KEY) as entry:
                assert entry.quarantine_original(ORIGINAL)
        assert (spooled(engine), engine.storage.blobs.originals(KEY)) == (0, [])
        assert [path.read_bytes()[-10:] for path in spool(engine).glob(".*.bad")] == [b"no picture"]

    def test_raises_where_neither_disk_nor_database_takes_an_answer(self, engine: ClusterEngine) -> None:
        with engine.failing(), pytest.raises(OSError):  # noqa: PT011 - the engine's own
            engine.storage.blobs.put(ORIGINAL, PAID, durable=True)
        assert engine.storage.blobs.get(ORIGINAL) is None
        assert spooled(engine) == 0

    def test_lets_a_finished_picture_wait_for_the_bucket(self, engine: ClusterEngine) -> None:
        depot, bucket = engine.storage.objects.depot, without_bucket(engine)
        waited: list[float] = []

        def sleep(seconds: float) -> None:
            waited.append(seconds)
            if len(waited) == 3:
                bucket.__exit__(None, None, None)

        depot._sleep = sleep
        bucket.__enter__()
        staged = engine.storage.blobs.stage(Blob.picture(KEY), picture(1), durable=True)
        with engine.storage.guard(KEY) as entry:
            entry.publish([staged], Facts())
        assert len(waited) == 3
        assert seen(self.other_host(engine), KEY) == picture(1)

    def test_gives_up_a_picture_when_the_bucket_stays_away(self, engine: ClusterEngine) -> None:
        waited: list[float] = []
        engine.storage.objects.depot._sleep = waited.append
        with without_bucket(engine), pytest.raises(StorageError):
            engine.storage.blobs.stage(Blob.picture(KEY), picture(1), durable=True)
        assert sum(waited) == 300

    def test_goes_on_with_pictures_that_it_knows_without_the_database(self, engine: ClusterEngine) -> None:
        other = self.other_host(engine)
        put_picture(engine.storage, KEY, picture(1))
        put_picture(engine.storage, KEY, picture(2))
        put_picture(engine.storage, OTHER, picture(3))
        assert seen(other, KEY) == picture(2)
        with without_database(engine):
            assert seen(engine.storage, KEY) == seen(other, KEY) == picture(2)
            look = engine.open().look(KEY).picture
            assert look
            with look.file as file:
                assert file.read() == picture(2)
            with pytest.raises(StorageError):
                other.finished(OTHER)
        assert wait(lambda: seen(other, OTHER)) == picture(3)

    def test_goes_on_with_pictures_that_it_knows_without_the_bucket(self, engine: ClusterEngine) -> None:
        other = self.other_host(engine)
        put_picture(engine.storage, KEY, picture(1))
        with without_bucket(engine):
            assert seen(engine.storage, KEY) == picture(1)
            with pytest.raises(StorageError):
                other.finished(KEY)
            assert other.look(OTHER).picture is None
        assert seen(other, KEY) == picture(1)

    def other_host(self, engine: ClusterEngine) -> Storage:
        """Return the storage of a host that has another disk."""
        folder = engine.settings.folder.with_name("other")
        storage = open_cluster(replace(engine.settings, folder=folder), engine.clock)
        engine.opened.append(storage)
        return storage


def spool(engine: ClusterEngine) -> Path:
    return engine.settings.folder / "objects" / "spool"


def spooled(engine: ClusterEngine) -> int:
    return len([path for path in spool(engine).iterdir() if not path.name.startswith(".")])


def objects(engine: ClusterEngine) -> int:
    """Return how many objects the bucket has."""
    return len(list(engine.storage.objects.depot.bucket.list()))
