"""What an OSError of the storage means: to clients, and in the log."""

import errno
import os
from pathlib import Path

from dalle.errors import FileSystemError, FileSystemUnusable
from dalle.host.owner import own_name, user_name

DENIED = {errno.EACCES, errno.EPERM}
FULL = {errno.ENOSPC, errno.EDQUOT}
PASSING = {
    *DENIED,
    *FULL,
    errno.EIO,
    errno.EMFILE,
    errno.ENFILE,
    errno.ENODEV,
    errno.EROFS,
    errno.ESTALE,
}
"""An operator can end them, and then the same request works: nothing is wrong with the request or the program."""


def is_passing(error: OSError) -> bool:
    """Return whether the storage cannot be used at the moment, and the same will work later."""
    return error.errno in PASSING


def file_system_error(what: str, cause: OSError) -> FileSystemError:
    """Return the public error for an OSError; `what` is public."""
    private = f"{what}: {type(cause).__name__}: {explained(cause)}"
    if not is_passing(cause):
        return FileSystemError(what, private=private)
    return FileSystemUnusable(f"{what}: {os.strerror(cause.errno or 0)}", private=private)


def explained(error: Exception) -> str:
    """Return the text of an error for the log; where access was denied, with the owner of what was to be used."""
    if not isinstance(error, OSError) or error.errno not in DENIED or not isinstance(error.filename, str | Path):
        return str(error)
    for place in (Path(error.filename), *Path(error.filename).parents):
        try:
            status = place.stat()
        except OSError:
            continue
        what = "it" if place == Path(error.filename) else place
        mode = f"{status.st_mode & 0o7777:04o}"
        return f"{error} ({what} belongs to {user_name(status.st_uid)}, mode {mode}; this process is {own_name()})"
    return str(error)
