"""The version of what is finished."""

from dalle.key import Key
from dalle.storage.protocol import Storage


def finished_version(storage: Storage, key: Key) -> str:
    """Return the version of the finished picture, "" without one; the caller holds no guard. Raises OSError."""
    stat = storage.stat(key)
    if stat is None:
        return ""
    if version := storage.noted_version(key, *stat):
        return version
    picture = storage.finished(key)
    if picture is None:
        return ""
    with picture.file:
        return storage.version(key, picture)
