"""Regular files, opened for reading and nothing else: no pipe that holds a thread, no link that leads outside."""

import io
import os
import stat
from pathlib import Path

from dalle.storage.blob import OpenBlob


def open_file(path: Path | str, flags: int = 0) -> OpenBlob | None:
    """Open a regular file; None when it is absent or anything else. The caller closes it.

    Not waiting: a pipe in its place would hold the thread for good.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | flags)
    except (FileNotFoundError, NotADirectoryError):
        return None
    try:
        status = os.fstat(descriptor)
        if stat.S_ISREG(status.st_mode):
            # It refuses a folder, and leaves the descriptor to its caller then.
            return OpenBlob(io.FileIO(descriptor), status.st_size, status.st_mtime_ns)
    except BaseException:
        os.close(descriptor)
        raise
    os.close(descriptor)
    return None


def read_bounded(path: Path | str, most: int) -> bytes | None:
    """Return the content of a regular file, at most one byte more than `most`; None for anything else."""
    opened = open_file(path)
    if opened is None:
        return None
    with opened.file as file:
        return file.read(most + 1)


def open_below(folder: Path, name: str) -> OpenBlob | None:
    """Open the regular file of that relative name below a folder, None for anything else.

    Dot files, links that lead outside, folders, pipes and names that no file system takes count as absent.
    """
    parts = name.split("/")
    if "\0" in name or any(not part or part.startswith(".") for part in parts):
        return None
    try:
        path = folder.joinpath(*parts).resolve(strict=True)
        return open_file(path, os.O_NOFOLLOW) if path.is_relative_to(folder.resolve()) else None
    except (OSError, ValueError, RuntimeError):
        return None
