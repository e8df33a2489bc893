"""The bucket: objects by name, each written once. S3, Google Cloud Storage and Azure by obstore, or a shared folder.

No object is ever overwritten: its name is used for one content only. So a write may be repeated, and a bucket that
ignores conditions does no harm.

Credentials come from where the libraries of the three look for them, or stand behind the URL with other settings of
obstore, as `?endpoint=https://s3.example.org&region=eu-1`. What is shown of a URL ends before that.
"""

import errno
import os
import threading
from collections.abc import Iterator, Sequence
from datetime import timedelta
from mmap import mmap
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import parse_qsl, unquote, urlsplit

from dalle.storage.cluster.buckets.folder_bucket import FolderBucket
from dalle.storage.cluster.reach import Reach
from dalle.storage.protocol import StorageError

if TYPE_CHECKING:
    from obstore.store import ObjectStore

SCHEMES = ("s3", "gs", "az", "file")
CONNECT, REQUEST, SILENCE, PATIENCE = (timedelta(seconds=number) for number in (3, 60, 5, 6))
RETRIES = 2
TYPES = {"png": "image/png", "webp": "image/webp", "jpeg": "image/jpeg", "gif": "image/gif", "avif": "image/avif"}

NOTHING = ".probes/nothing"
"""An object that is never there."""

_users: list[int] = []
"""The process that has used the library: one that is forked from it would wait for threads that it does not have."""

# By the name of obstore's exception, or of the built-in one that it raises instead; EIO and what is listed in
# `dalle.host.trouble` count as passing.
ERRORS = {
    "GenericError": errno.EIO,
    "JoinError": errno.EIO,
    "BaseError": errno.EIO,
    "PermissionDeniedError": errno.EACCES,
    "UnauthenticatedError": errno.EACCES,
    "NotFoundError": errno.ENODEV,  # on a write: there is no such bucket
    "FileNotFoundError": errno.ENODEV,
    "OSError": errno.EIO,
    "AlreadyExistsError": errno.EEXIST,
    "PreconditionError": errno.EEXIST,
    "NotModifiedError": errno.EIO,
    "NotSupportedError": errno.EINVAL,
    "NotImplementedError": errno.EINVAL,
    "InvalidPathError": errno.EINVAL,
    "UnknownConfigurationKeyError": errno.EINVAL,
    "ValueError": errno.EINVAL,
}


class Bucket(Protocol):
    """Objects by name. Raises StorageError."""

    @property
    def url(self) -> str: ...

    def put(self, name: str, data: bytes | mmap, *, durable: bool = True) -> None:
        """Write an object. What has the name already has these bytes: an earlier try was not lost.

        `durable`: it survives a power cut, as in a remote bucket it always does.
        """

    def get(self, name: str) -> Iterator[bytes] | None:
        """Return the pieces of an object, None when it is absent."""

    def size(self, name: str) -> int | None:
        """Return the bytes of an object, None when it is absent."""

    def delete(self, names: Sequence[str]) -> None:
        """Delete objects; those that are absent do not matter."""

    def list(self, prefix: str = "") -> Iterator[tuple[str, int]]:
        """Yield names and sizes of the objects below a folder."""

    def prepare(self) -> None:
        """Make what can be made of a bucket that has no object yet."""

    def refuses_second(self, name: str) -> bool:
        """Return whether the bucket refuses to write an object again under the condition that it is absent."""


class RemoteBucket:
    """Satisfies `Bucket` by obstore. Its connections are made on first use in a process: none outlives a fork."""

    def __init__(self, url: str) -> None:
        self.url, _, settings = url.partition("?")
        self._settings = dict(parse_qsl(settings))
        self._mutex = threading.Lock()
        self._opened: tuple[int, ObjectStore] | None = None
        self._reach = Reach(self.url, self._ask)

    def put(self, name: str, data: bytes | mmap, *, durable: bool = True) -> None:
        kind = TYPES.get(name.rpartition(".")[2], "application/octet-stream")
        try:
            self._put(name, data, kind, create=True)
        except StorageError as exc:
            if exc.errno == errno.EINVAL:  # it knows no conditions, and needs none
                self._put(name, data, kind, create=False)
            elif exc.errno != errno.EEXIST or self.size(name) != len(data):
                raise

    def _put(self, name: str, data: bytes | mmap, kind: str, *, create: bool) -> None:
        mode = "create" if create else "overwrite"
        attributes = {"Content-Type": kind}
        self._call("put", name, data, mode=mode, attributes=attributes, use_multipart=False)

    def get(self, name: str) -> Iterator[bytes] | None:
        try:
            found = self._call("get", name)
        except StorageError as exc:
            if exc.errno == errno.ENODEV:
                return None
            raise
        return self._pieces(found, name)

    def _pieces(self, found: Any, name: str) -> Iterator[bytes]:
        try:
            for piece in found.stream(min_chunk_size=1 << 20):
                yield bytes(piece)
        except Exception as exc:
            raise self._failed(exc, f"{self.url}/{name}") from exc

    def size(self, name: str) -> int | None:
        try:
            return int(self._call("head", name)["size"])
        except StorageError as exc:
            if exc.errno == errno.ENODEV:
                return None
            raise

    def delete(self, names: Sequence[str]) -> None:
        try:
            if names:
                self._call("delete", list(names))
        except StorageError as exc:
            if exc.errno != errno.ENODEV:
                raise
            for name in names if len(names) > 1 else ():
                self.delete([name])

    def list(self, prefix: str = "") -> Iterator[tuple[str, int]]:
        try:
            for page in self._call("list", prefix or None):
                for item in page:
                    yield item["path"], item["size"]
        except StorageError:
            raise
        except Exception as exc:
            raise self._failed(exc, self.url) from exc

    def prepare(self) -> None:
        """A bucket is made by its owner."""

    def refuses_second(self, name: str) -> bool:
        self._put(name, b"1", "text/plain", create=True)
        try:
            self._put(name, b"2", "text/plain", create=True)
        except StorageError as exc:
            if exc.errno not in (errno.EEXIST, errno.EINVAL):
                raise
            return exc.errno == errno.EEXIST
        finally:
            self.delete([name])
        return False

    def _call(self, function: str, *arguments: Any, **named: Any) -> Any:
        """Call a function of the library, unless the bucket is known to be away."""
        self._reach.require()
        return self._use(function, *arguments, **named)

    def _use(self, function: str, *arguments: Any, **named: Any) -> Any:
        import obstore  # noqa: PLC0415 - it takes 30 ms, which no other engine needs

        if os.getpid() not in (_users or [os.getpid()]):
            raise StorageError(errno.EIO, "obstore was used before this process was forked, and cannot be used in it")
        _users[:] = [os.getpid()]
        try:
            return getattr(obstore, function)(self._store(), *arguments, **named)
        except Exception as exc:
            raise self._failed(exc, self.url) from exc

    def _failed(self, exception: Exception, what: str) -> StorageError:
        """Return the error for an exception of the library, and note that the bucket is away if it says so."""
        error = translated(exception, what)
        if error.errno == errno.EIO:
            self._reach.lost()
        return error

    def _ask(self) -> None:
        """Ask whether the bucket answers, be it that there is no such object."""
        try:
            self._use("head", NOTHING)
        except StorageError as exc:
            if exc.errno == errno.EIO:
                raise

    def _store(self) -> "ObjectStore":
        with self._mutex:
            if self._opened is None or self._opened[0] != os.getpid():
                self._opened = os.getpid(), self._open()
            return self._opened[1]

    def _open(self) -> "ObjectStore":
        from obstore.store import from_url  # noqa: PLC0415 - as above

        client: Any = {"connect_timeout": CONNECT, "timeout": REQUEST, "read_timeout": SILENCE, "allow_http": True}
        retry: Any = {"max_retries": RETRIES, "retry_timeout": PATIENCE}
        settings: Any = self._settings
        opened: ObjectStore = from_url(self.url, config=settings, client_options=client, retry_config=retry)
        return opened


def translated(error: Exception, what: str) -> StorageError:
    """Return the StorageError for an exception of the library; raises what is none of it."""
    for kind in type(error).__mro__:
        if kind.__name__ in ERRORS:
            return StorageError(ERRORS[kind.__name__], f"{what}: {first_line(error)}")
    raise error


def first_line(error: Exception) -> str:
    """Return the beginning of what the library says, whose lines after the first are its own source."""
    return " ".join(str(error).partition("\n")[0].split())[:300] or type(error).__name__


def open_bucket(url: str) -> Bucket:
    """Return the bucket of a URL. Raises ValueError for one that names none."""
    parts = urlsplit(url)
    if parts.scheme not in SCHEMES:
        raise ValueError(f"expected a URL with one of {', '.join(SCHEMES)}")
    if parts.scheme == "file":
        if parts.netloc or not parts.path.strip("/"):
            raise ValueError("expected file:// and the absolute path of a folder")
        return FolderBucket(Path(unquote(parts.path)))
    if not parts.netloc:
        raise ValueError(f"expected {parts.scheme}://, the name of a bucket, and perhaps a folder in it")
    return RemoteBucket(url)
