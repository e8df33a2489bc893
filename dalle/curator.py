"""One thread a worker that keeps the gallery true while nobody asks: one worker at a time does the work.

It lists folders that changed, looks into pictures that are new, puts torn ones aside once nobody writes on them any
more, and clears away what belonged to pictures that were taken from the folder by hand: a report that says
completed, which a web server would go on showing, and the small copies.
"""

import fcntl
import logging
import os
import threading
import time
from collections.abc import Callable
from dataclasses import replace

from dalle.files import open_lock, read_bytes, remove
from dalle.index import Index, Picture
from dalle.inspection import Inspection
from dalle.key import ADDRESS, SERIES, Key
from dalle.lock import Locks
from dalle.queue import Queue
from dalle.store import Store
from dalle.thumbs import WIDTHS

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
        interval: float = 1.0,
        silence: float = 5.0,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._store = store
        self._index = index
        self._inspection = Inspection(store)
        self._locks = locks
        self._queue = queue
        self._interval = interval
        self._silence = silence
        self._now = now
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="curator", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def _loop(self) -> None:
        trouble = ""
        while not self._stopping.wait(self._interval):
            try:
                self.tend()
                trouble = ""
            except OSError as exc:
                if str(exc) != trouble:  # a disk in trouble is told once, not every second
                    log.error("the gallery cannot be tidied; the next round tries again: %s", exc)
                trouble = str(exc)
            except Exception:
                log.exception("the gallery's index cannot be kept; the next round tries again")

    def tend(self) -> None:
        """Do what is due, unless another worker is at it."""
        descriptor = open_lock(self._index.folder / "curator")
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return
        try:
            self._index.refresh()
            self._clear()
            self._examine()
        finally:
            os.close(descriptor)

    def _examine(self) -> None:
        end = time.monotonic() + ROUND
        while pictures := self._index.unseen(BATCH):
            seen = [self._look(picture) for picture in pictures]
            self._index.note(seen)
            if time.monotonic() > end or not all(whole for _, whole in seen) or self._stopping.is_set():
                return

    def _look(self, picture: Picture) -> tuple[Picture, bool]:
        look = self._inspection.look(picture.series, picture.name)
        if not look.whole:
            self._set_aside(picture)
        return replace(picture, width=look.width, height=look.height, title=look.title), look.whole

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
