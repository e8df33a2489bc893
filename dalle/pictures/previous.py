"""A picture that is being made anew is kept until the new one is there: nothing is lost by asking for another.

It lies beside its old place, in `output/<series>/former/`, from before the picture is taken away until its key has no
open run any more: then it goes back, unless a new picture has come. Whoever dies on the way leaves it to the curator.
"""

import logging
import os
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from dalle.errors import FileSystemError
from dalle.key import ADDRESS, SERIES, Key
from dalle.storage import journal as journals
from dalle.storage.folder.atomic import make_folder, remove, sync_folder
from dalle.storage.folder.claims import Locks
from dalle.storage.folder.layout import Store
from dalle.storage.folder.queue import Queue

log = logging.getLogger(__name__)

# Between taking the picture away and the ticket of the new run lie milliseconds; nobody else settles it meanwhile.
GRACE = 5.0


class Keepsakes:
    """The former pictures of one data folder."""

    def __init__(
        self,
        store: Store,
        locks: Locks,
        queue: Queue,
        *,
        now: Callable[[], float] = time.time,
        link: Callable[[Path, Path], None] = os.link,
    ) -> None:
        self._store = store
        self._locks = locks
        self._queue = queue
        self._now = now
        self._link = link

    def keep(self, key: Key) -> None:
        """Keep the present picture. The caller holds the key's guard, and takes the picture away. Raises OSError."""
        picture, former = self._store.annotated(key), self._store.former(key)
        make_folder(former.parent)
        remove(former)
        try:
            self._link(picture, former)
        except OSError:
            shutil.copy2(picture, former)  # a file system without hard links
        sync_folder(former.parent)

    def forget(self, key: Key) -> bool:
        """Delete what is kept; tells whether there was something. The caller holds the key's guard."""
        return remove(self._store.former(key))

    def settle(self, key: Key) -> None:
        """Put the kept picture back, unless a run is open or a new picture has come. Raises OSError.

        Accepted: a new picture that somebody deletes by hand within the second before the curator has seen it looks
        like one that never came, and the former one comes back.
        """
        with self._locks.guard(key):
            former, picture = self._store.former(key), self._store.annotated(key)
            if self._queue.find(key) or not former.exists():
                return
            if picture.exists():
                remove(former)
                return
            log.warning("%s: no new picture came, so the former one is put back", key)
            self._reopen(key)
            os.replace(former, picture)

    def _reopen(self, key: Key) -> None:
        """Let the journal say again what it said of the picture; a failure that came since stays told."""
        path = self._store.journal(key)
        with suppress(FileSystemError):
            present = journals.read(path)
            if present and present.state == "removed":
                if present.runId:
                    present.state = "completed"
                    journals.write(path, present, durable=True)
                else:
                    remove(path)  # it tells nothing: the picture is an older server's

    def settle_all(self) -> None:
        """Settle what somebody left behind, or whose run has ended."""
        for folder in self._store.output.glob("*/former"):
            for former in folder.glob("*.png"):
                if SERIES.fullmatch(folder.parent.name) and ADDRESS.fullmatch(former.stem):
                    with suppress(FileNotFoundError):
                        if self._now() - former.stat().st_ctime >= GRACE:
                            self.settle(Key(folder.parent.name, former.stem))
