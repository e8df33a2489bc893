"""The finished pictures of a data folder, and the small ones that are made from them."""

import io
import logging
import os
import stat
import time

from dalle.errors import InvalidRequest
from dalle.imaging.probe import PNG_END
from dalle.imaging.thumbnails import WIDTHS, thumbnails
from dalle.key import Key
from dalle.outcome import Ready
from dalle.storage.folder.atomic import flocked, write_atomic
from dalle.storage.folder.layout import Store

log = logging.getLogger(__name__)

SETTLED = 5.0  # seconds that a torn picture was left alone before it is put aside


class Pictures:
    """Opened, not looked at: between a stat and an open somebody may replace the file."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def ready(self, key: Key) -> Ready | None:
        """The finished picture. A torn file that somebody else left is put aside and counts as missing."""
        try:
            # Not waiting: somebody may have put a pipe there, which would hold this thread for ever.
            descriptor = os.open(self._store.annotated_name(key), os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except (FileNotFoundError, NotADirectoryError):
            return None
        file = io.FileIO(descriptor)
        try:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                file.close()
                return None
            if os.pread(descriptor, len(PNG_END), max(0, status.st_size - len(PNG_END))) == PNG_END:
                return Ready(file, status)
        except BaseException:
            file.close()
            raise
        file.close()
        if time.time() - status.st_mtime >= SETTLED:
            self._set_aside(key)
        return None

    def has(self, key: Key) -> bool:
        """Whether there is one."""
        ready = self.ready(key)
        if ready:
            ready.file.close()
        return ready is not None

    def thumbnail(self, key: Key, width: str) -> Ready | None:
        """The finished picture at a width, made when it is missing; None without a picture.

        Raises InvalidRequest for any width that is not made.
        """
        ready = self.ready(key)
        if ready is None:
            return None
        with ready.file as picture:
            if width not in {str(one) for one in WIDTHS}:
                expected = ", ".join(map(str, WIDTHS))
                raise InvalidRequest(f"w={width[:16]}: expected one of {expected}")
            path = self._store.thumb(key, int(width))
            try:
                stale = path.stat().st_mtime_ns < ready.status.st_mtime_ns
            except FileNotFoundError:
                stale = True
            if stale:
                # One maker at a time over all workers; the others find the file when they get the guard.
                with flocked(self._store.locks / "thumbs"):
                    if not path.exists() or path.stat().st_mtime_ns < ready.status.st_mtime_ns:
                        write_atomic(path, thumbnails(picture.read(), (int(width),))[int(width)])
        file = open(path, "rb")  # noqa: SIM115 — it is the answer's to close
        return Ready(file, os.fstat(file.fileno()))

    def _set_aside(self, key: Key) -> None:
        aside = self._store.torn(key)
        log.warning("%s: the picture is torn and is put aside", key)
        try:
            aside.parent.mkdir(parents=True, exist_ok=True)
            self._store.annotated(key).replace(aside)
        except OSError as exc:
            log.warning("%s: the torn picture cannot be put aside: %s", key, exc)
