"""Keeps the gallery true while nobody asks: every worker calls it periodically, and one at a time does the work.

It brings the index up to date, quarantines torn pictures that nobody writes any more, restores previous pictures whose
new version did not come, and clears what belonged to pictures that were removed by hand: a report that says completed,
which a web server would go on showing, the thumbnails, and the version.
"""

import logging
from collections.abc import Callable

from dalle.events import Observer
from dalle.key import Key
from dalle.pictures.previous import Previous
from dalle.quiet_log import QuietLog
from dalle.storage.picture import Upkeep
from dalle.storage.protocol import Busy, Storage

log = logging.getLogger(__name__)

# Seconds that a round may read new pictures; what is beyond is read in the background.
ROUND = 0.3
COMPLETED = b'"currentPhase":"completed"'


class Caretaker:
    """Looks after the pictures of one storage."""

    def __init__(self, storage: Storage, previous: Previous, observer: Observer | None = None) -> None:
        self._storage = storage
        self._previous = previous
        self._observer = observer or Observer()
        self._failing: set[Key] = set()
        self._quiet = QuietLog(log)

    def tend(self) -> None:
        """Do what is due, unless another worker does it."""
        try:
            with self._storage.exclusive("caretaker", wait=False):
                for key in self._previous.due():
                    self._try(self._previous.settle, key)
                upkeep = self._storage.pictures.tend(ROUND)
                self._observer.folders_listed(upkeep.listed)
                cleared = [key for key in upkeep.vanished if self._try(self._clear, key)]
                torn = [key for key in upkeep.torn if self._try(self._quarantine, key)]
                self._storage.pictures.acknowledge(Upkeep(torn, cleared))
        except Busy:
            return

    def _try(self, action: Callable[[Key], None], key: Key) -> bool:
        """What fails for one key does not stop it for others; it is due again in the next round."""
        try:
            action(key)
        except OSError as exc:
            if key not in self._failing:
                self._quiet.error(exc, "%s: its picture in the gallery cannot be kept up to date", key)
            self._failing.add(key)
            return False
        self._failing.discard(key)
        return True

    def _quarantine(self, key: Key) -> None:
        """Move a torn picture away, unless it is still being written or was replaced meanwhile."""
        with self._storage.guard(key) as entry:
            if entry.quarantine_picture():
                log.warning("%s: the picture is torn and is quarantined", key)

    def _clear(self, key: Key) -> None:
        """Delete what belonged to a picture that was removed by hand, unless the key has a picture or a run again."""
        with self._storage.guard(key) as entry:
            if entry.has_picture() or entry.ticket():
                return
            if COMPLETED in entry.report():
                entry.hide()
            entry.forget_thumbnails()
            entry.forget_version()
