"""The bucket: a real SeaweedFS, one that ignores conditions, and a folder that hosts share."""

import errno
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from dalle.host.trouble import is_passing
from dalle.storage.cluster.buckets.bucket import ERRORS, Bucket, RemoteBucket, open_bucket, translated
from dalle.storage.protocol import StorageError
from tests.kit import seaweed
from tests.kit.ports import free_port
from tests.kit.processes import Child

exceptions = pytest.importorskip("obstore.exceptions")
NAME = "simple/annotated/0x1.0123456789abcdef.png"


def content(bucket: Bucket, name: str) -> bytes | None:
    pieces = bucket.get(name)
    return None if pieces is None else b"".join(pieces)


def asking(pipe: object, url: str) -> None:
    """Another process, which was forked from one that has not used the library."""
    assert content(open_bucket(url), NAME) == b"picture"


def forking(pipe: Connection, url: str) -> None:
    """A process that has used the library, and forks."""
    bucket = open_bucket(url)
    assert content(bucket, NAME) == b"picture"
    child = os.fork()
    if not child:
        try:
            bucket.size(NAME)
        except StorageError as exc:
            pipe.send(str(exc))
        finally:
            os._exit(0)
    os.waitpid(child, 0)


class BucketTests:
    def test_has_nothing_at_first(self, bucket: Bucket) -> None:
        assert (content(bucket, NAME), bucket.size(NAME), list(bucket.list())) == (None, None, [])

    @pytest.mark.parametrize("data", [b"", b"picture", os.urandom(3_000_000)], ids=["nothing", "few", "many"])
    def test_keeps_objects_until_they_are_deleted(self, bucket: Bucket, data: bytes) -> None:
        bucket.put(NAME, data)
        assert (content(bucket, NAME), bucket.size(NAME)) == (data, len(data))
        bucket.put("simple/thumbs/x.webp", b"small")
        assert dict(bucket.list()) == {NAME: len(data), "simple/thumbs/x.webp": 5}
        assert dict(bucket.list("simple/annotated")) == {NAME: len(data)}
        bucket.delete([NAME, "simple/none.png"])
        bucket.delete([NAME])
        bucket.delete([])
        assert dict(bucket.list()) == {"simple/thumbs/x.webp": 5}

    def test_takes_the_same_object_again(self, bucket: Bucket) -> None:
        for _ in range(2):
            bucket.put(NAME, b"picture")
        assert content(bucket, NAME) == b"picture"

    def test_serves_several_threads_at_once(self, bucket: Bucket) -> None:
        with ThreadPoolExecutor(8) as threads:
            list(threads.map(lambda number: bucket.put(f"x/{number}.png", b"%d" % number), range(40)))
            found = threads.map(lambda number: content(bucket, f"x/{number}.png"), range(40))
        assert list(found) == [b"%d" % number for number in range(40)]

    def test_serves_another_process(self, bucket: Bucket) -> None:
        bucket.put(NAME, b"picture")
        with Child(asking, self.url) as child:
            assert child.wait() == 0

    url: str


class TestRemoteBucket(BucketTests):
    @pytest.fixture
    def bucket(self) -> Bucket:
        seaweed.need_seaweed()
        self.url = seaweed.server().url()
        return open_bucket(self.url)

    def test_refuses_other_bytes_under_a_name(self, bucket: Bucket) -> None:
        bucket.put(NAME, b"picture")
        with pytest.raises(StorageError):
            bucket.put(NAME, b"others")
        assert content(bucket, NAME) == b"picture"
        assert bucket.refuses_second("probe/x")
        assert bucket.size("probe/x") is None

    def test_does_not_hang_in_a_process_that_was_forked_too_late(self, bucket: Bucket) -> None:
        bucket.put(NAME, b"picture")
        with Child(forking, self.url) as child:
            assert "before this process was forked" in child.receive()

    def test_shows_no_setting_of_its_url(self, bucket: Bucket) -> None:
        assert bucket.url == self.url.partition("?")[0]

    def test_works_without_conditions(self, bucket: Bucket) -> None:
        without = open_bucket(f"{self.url}&conditional_put=disabled")
        without.put(NAME, b"picture")
        assert content(without, NAME) == b"picture"


class TestCarelessBucket(BucketTests):
    @pytest.fixture
    def bucket(self) -> Iterator[Bucket]:
        seaweed.need_seaweed()
        with seaweed.careless() as self.url:
            yield open_bucket(self.url)

    def test_is_known_to_ignore_conditions(self, bucket: Bucket) -> None:
        assert not bucket.refuses_second("probe/x")
        assert bucket.size("probe/x") is None


class TestFolderBucket(BucketTests):
    @pytest.fixture
    def bucket(self, tmp_path: Path) -> Bucket:
        self.url = f"file://{tmp_path}/with%20space"
        bucket = open_bucket(self.url)
        bucket.prepare()
        return bucket

    def test_refuses_other_bytes_under_a_name(self, bucket: Bucket) -> None:
        assert bucket.refuses_second("probe/x")
        bucket.put(NAME, b"picture")
        with pytest.raises(OSError, match="File exists"):
            bucket.put(NAME, b"others")

    def test_is_away_without_its_folder(self, bucket: Bucket, tmp_path: Path) -> None:
        bucket.put(NAME, b"picture")
        (tmp_path / "with space").rename(tmp_path / "elsewhere")
        asks: list[Callable[[], object]] = [
            lambda: bucket.put(NAME, b"picture"),
            lambda: bucket.get(NAME),
            lambda: bucket.size(NAME),
            lambda: bucket.refuses_second("x"),
        ]
        for ask in asks:
            with pytest.raises(StorageError, match="is not there"):
                ask()

    def test_raises_where_it_cannot_write(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        with pytest.raises(StorageError):
            open_bucket(f"file://{tmp_path}/file").put(NAME, b"picture")


def test_raises_what_passes_while_nothing_answers_and_lets_nobody_wait_twice() -> None:
    url = f"s3://bucket/x?endpoint=http://127.0.0.1:{free_port()}&region=here&skip_signature=true"
    bucket = RemoteBucket(url)
    with pytest.raises(StorageError, match="error sending") as raised:
        bucket.get(NAME)
    assert is_passing(raised.value)
    for _ in range(2):
        with pytest.raises(StorageError, match="cannot be reached") as raised:
            bucket.put(NAME, b"picture")
        assert is_passing(raised.value)


def test_names_a_setting_that_it_does_not_know() -> None:
    with pytest.raises(StorageError, match="colour") as raised:
        open_bucket("s3://bucket/x?colour=red").size(NAME)
    assert raised.value.errno == errno.EINVAL


@pytest.mark.parametrize(
    "url", ["", "bucket", "http://bucket/x", "s3://", "s3:bucket", "file://", "file://host/x", "gs:///x"]
)
def test_takes_no_other_url(url: str) -> None:
    with pytest.raises(ValueError, match="expected"):
        open_bucket(url)


def test_translates_every_exception_of_the_library() -> None:
    kinds = [kind for kind in vars(exceptions).values() if isinstance(kind, type) and issubclass(kind, Exception)]
    assert len(kinds) > 8
    for kind in kinds:
        assert kind.__name__ in ERRORS
        assert translated(kind("text\nand its source"), "s3://x").strerror == "s3://x: text"


def test_raises_what_is_no_exception_of_the_library() -> None:
    with pytest.raises(KeyError):
        translated(KeyError("x"), "s3://x")
