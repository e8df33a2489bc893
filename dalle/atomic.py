"""Bytes reach the disk through this module only: whole or not at all.

A reader sees the old file or the new one, never a part: everything is written to a temporary file in the same
folder and renamed over its target. Temporary files are called `.<name>.<random>.tmp`, so that a sweep recognises
what a killed process left behind.
"""

import errno
import fcntl
import os
import secrets
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

CHUNK = 1 << 16  # bytes


class TooLarge(OSError):
    """The file is larger than what its reader takes for possible."""


def write_atomic(path: Path, data: bytes | Iterable[bytes], *, durable: bool = False) -> None:
    """Put `data`, or its pieces, under `path`, replacing what was there; missing folders are made.

    `durable` makes it survive a power cut: file and folder are fsynced. Modes are 0666 less the umask, because
    the web server that sends the file may be another user. Raises OSError; then the old file is untouched.
    """
    for last in (False, False, True):
        try:
            temporary = stage(path, data, durable=durable)
            replace(temporary, path, durable=durable)
            return
        except FileNotFoundError:
            # This process slept for so long that a sweep took its temporary file for a dead one's.
            if last:
                raise


def stage(path: Path, data: bytes | Iterable[bytes], *, durable: bool = False) -> Path:
    """Write `data` to a temporary file beside `path`, and return that; missing folders are made."""
    for last in (False, True):
        temporary = path.with_name(f".{path.name}.{secrets.token_hex(6)}.tmp")
        try:
            _write(temporary, data, durable=durable)
            return temporary
        except FileNotFoundError:
            if last:
                raise
            make_folder(path.parent, durable=durable)
    raise AssertionError("unreachable")


def replace(temporary: Path, path: Path, *, durable: bool = False) -> None:
    """Rename a staged file over its target; the temporary file is gone afterwards, whatever happens."""
    try:
        os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
    if durable:
        sync_folder(path.parent)


def _write(temporary: Path, data: bytes | Iterable[bytes], *, durable: bool) -> None:
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
    try:
        with open(descriptor, "wb") as file:
            file.writelines((data,) if isinstance(data, bytes) else data)
            file.flush()
            if durable:
                os.fsync(file.fileno())
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise


def make_folder(folder: Path, *, durable: bool = False) -> None:
    """Make a folder and those above it, where they are missing; `durable` fsyncs each one's parent too."""
    if durable and not folder.parent.exists():
        make_folder(folder.parent, durable=True)
    folder.mkdir(parents=True, exist_ok=True)
    if durable:
        sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """Make the folder's entries survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read_bytes(path: Path | str, *, most: int | None = None) -> bytes | None:
    """Return the content of a file, or None when it is absent. Raises TooLarge for one of more than `most` bytes.

    Not waiting: a pipe in its place is empty, and would hold the thread for good.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        return None
    try:
        # Every poll reads a small file: what `open` asks the system besides would cost as much as the reading.
        parts = [os.read(descriptor, CHUNK)]
        if most is not None and len(parts[0]) == CHUNK and os.fstat(descriptor).st_size > most:
            raise TooLarge(errno.EFBIG, f"larger than {most} bytes")
        while len(parts[-1]) == CHUNK:
            parts.append(os.read(descriptor, CHUNK))
    finally:
        os.close(descriptor)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def scratch(folder: Path) -> IO[bytes]:
    """Open a file without a name, which is gone when it is closed, and when its process dies."""
    return tempfile.TemporaryFile(dir=folder, buffering=0)


def remove(path: Path) -> bool:
    """Delete a file; return whether it was there."""
    try:
        path.unlink()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


def append_line(path: Path, line: bytes, *, durable: bool = False) -> None:
    """Append one line (with its newline) to a log that several processes write; a torn last line is ended first.

    Raises OSError, and then nothing of it is there.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o666)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        size = os.fstat(descriptor).st_size
        if size and os.pread(descriptor, 1, size - 1) != b"\n":
            line = b"\n" + line
        try:
            written = 0
            while written < len(line):  # a disk that is almost full takes a part, without an error
                written += os.write(descriptor, line[written:])
        except OSError:
            os.ftruncate(descriptor, size)
            raise
        if durable:
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def flocked(path: Path, *, wait: bool = True) -> Iterator[None]:
    """Hold an exclusive `flock` on a file that is never unlinked; threads of one process exclude each other too.

    Without `wait` it raises BlockingIOError when it is held elsewhere.
    """
    descriptor = open_lock(path)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(descriptor)


def open_lock(path: Path) -> int:
    """Return a descriptor to `flock`, of a file that is made, with its folder, when it is absent."""
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)


def remove_temporaries(folder: Path, older_than: float, *, now: Callable[[], float] = time.time) -> bool:
    """Remove temporary files untouched for `older_than` seconds; return whether none is left."""
    with suppress(FileNotFoundError), os.scandir(folder) as entries:
        gone = [remove_if_old(entry, older_than, now=now) for entry in entries if is_temporary(entry.name)]
        return all(gone)
    return True


def is_temporary(name: str) -> bool:
    """Return whether a file of that name is one that is being written, or was left by a killed process."""
    return name.startswith(".") and name.endswith(".tmp")


def remove_if_old(entry: os.DirEntry[str], older_than: float, *, now: Callable[[], float] = time.time) -> bool:
    """Remove a file untouched for `older_than` seconds; return whether it is gone."""
    with suppress(FileNotFoundError):
        if now() - entry.stat(follow_symlinks=False).st_mtime <= older_than:
            return False
        os.unlink(entry.path)
    return True
