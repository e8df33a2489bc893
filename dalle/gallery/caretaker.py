"""Keeps the gallery true while nobody asks: every worker calls it periodically, and one at a time does the work.

It brings the index up to date, quarantines torn pictures that nobody writes any more, restores previous pictures whose
new version did not come, and clears what belonged to pictures that were removed by hand: a report that says completed,
which a web server would go on showing, and the thumbnails.
"""

import logging
import time
from collections.abc import Callable

from dalle.imaging.thumbnails import WIDTHS
from dalle.key import Key
from dalle.pictures.previous import Keepsakes
from dalle.storage.folder.atomic import flocked, read_bytes, remove
from dalle.storage.folder.claims import Locks
from dalle.storage.folder.index import FolderIndex
from dalle.storage.folder.layout import Store
from dalle.storage.folder.picture_files import PictureFiles
from dalle.storage.folder.queue import Queue
from dalle.storage.picture import Picture

log = logging.getLogger(__name__)

# Seconds that a round may read new pictures: with 100,000 of them, requests come first.
ROUND = 0.3
COMPLETED = b'"currentPhase":"completed"'


class Caretaker:
    """`silence`: seconds that a torn file must have been left alone before it is quarantined."""

    def __init__(
        self,
        *,
        store: Store,
        index: FolderIndex,
        locks: Locks,
        queue: Queue,
        silence: float = 5.0,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._store = store
        self._index = index
        self._files = PictureFiles(store)
        self._locks = locks
        self._queue = queue
        self._silence = silence
        self._now = now
        self._keepsakes = Keepsakes(store, locks, queue, now=now)

    def tend(self) -> None:
        """Do what is due, unless another worker does it."""
        try:
            with flocked(self._index.folder / "curator", wait=False):
                self._keepsakes.settle_all()
                upkeep = self._index.tend(ROUND)
                for key in upkeep.torn:
                    self._quarantine(key)
                for key in upkeep.vanished:
                    self._clear(key)
                self._index.settled(upkeep)
        except BlockingIOError:
            return

    def _quarantine(self, key: Key) -> None:
        """Move a torn picture away, unless it is still being written."""
        picture = self._store.annotated(key)
        with self._locks.guard(key):
            try:
                silent = self._now() - picture.stat().st_mtime >= self._silence
            except FileNotFoundError:
                return
            if silent and self._files.read(Picture(key.series, key.address, 0)) is None:
                quarantine = self._store.torn(key)
                quarantine.parent.mkdir(parents=True, exist_ok=True)
                log.warning("%s: the picture is torn and is quarantined", key)
                picture.replace(quarantine)

    def _clear(self, key: Key) -> None:
        """Delete what belonged to a picture that was removed by hand, unless the key has a picture or a run again."""
        with self._locks.guard(key):
            if self._store.annotated(key).exists() or self._queue.find(key):
                return
            if COMPLETED in (read_bytes(self._store.progress(key)) or b""):
                remove(self._store.progress(key))
            for width in WIDTHS:
                remove(self._store.thumb(key, width))
