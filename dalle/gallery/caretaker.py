"""What keeps the gallery true while nobody asks: every worker calls it again and again, and one at a time works.

It lists folders that changed, looks into pictures that are new, puts torn ones aside once nobody writes on them any
more, puts pictures back that were to be made anew and were not, and clears away what belonged to pictures that were
taken from the folder by hand: a report that says completed, which a web server would go on showing, and the small
copies.
"""

import logging
import time
from collections.abc import Callable

from dalle.imaging.probe import Inspection
from dalle.imaging.thumbnails import WIDTHS
from dalle.key import ADDRESS, SERIES, Key
from dalle.pictures.previous import Keepsakes
from dalle.storage.folder.atomic import flocked, read_bytes, remove
from dalle.storage.folder.claims import Locks
from dalle.storage.folder.index import Index, Picture, learnt
from dalle.storage.folder.layout import Store
from dalle.storage.folder.queue import Queue

log = logging.getLogger(__name__)

BATCH = 500
# At 100,000 new pictures the answers come first: so long a round may look into files, in seconds.
ROUND = 0.3


class Curator:
    """`silence`: seconds that a torn file must have been left alone before it is put aside."""

    def __init__(
        self,
        *,
        store: Store,
        index: Index,
        locks: Locks,
        queue: Queue,
        silence: float = 5.0,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._store = store
        self._index = index
        self._inspection = Inspection(store)
        self._locks = locks
        self._queue = queue
        self._silence = silence
        self._now = now
        self._keepsakes = Keepsakes(store, locks, queue, now=now)

    def tend(self) -> None:
        """Do what is due, unless another worker is at it."""
        try:
            with flocked(self._index.folder / "curator", wait=False):
                self._keepsakes.settle_all()
                self._index.refresh()
                self._clear()
                self._examine()
        except BlockingIOError:
            return

    def _examine(self) -> None:
        end = time.monotonic() + ROUND
        while pictures := self._index.unseen(BATCH):
            seen = [self._look(picture) for picture in pictures]
            self._index.note(seen)
            if time.monotonic() > end or not all(whole for _, whole in seen):
                return

    def _look(self, picture: Picture) -> tuple[Picture, bool]:
        look = self._inspection.look(picture.series, picture.name)
        if not look.whole:
            self._set_aside(picture)
        return learnt(picture, look), look.whole

    def _set_aside(self, picture: Picture) -> None:
        """Move a torn picture away, unless it is still being written."""
        if picture.key is None:
            return
        path = self._store.annotated(picture.key)
        with self._locks.guard(picture.key):
            try:
                silent = self._now() - path.stat().st_mtime >= self._silence
            except FileNotFoundError:
                return
            if silent and not self._inspection.look(picture.series, picture.name).whole:
                aside = self._store.torn(picture.key)
                aside.parent.mkdir(parents=True, exist_ok=True)
                log.warning("%s: the picture is torn and is put aside", picture.key)
                path.replace(aside)

    def _clear(self) -> None:
        names = self._index.vanished(BATCH)
        for series, name in names:
            if SERIES.fullmatch(series) and ADDRESS.fullmatch(name):
                self._clear_key(Key(series, name))
        self._index.cleared(names)

    def _clear_key(self, key: Key) -> None:
        with self._locks.guard(key):
            if self._store.annotated(key).exists() or self._queue.find(key):
                return
            if b'"currentPhase":"completed"' in (read_bytes(self._store.progress(key)) or b""):
                remove(self._store.progress(key))
            for width in WIDTHS:
                remove(self._store.thumb(key, width))
