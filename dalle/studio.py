"""The façade: everything that a server, a command line or a program asks of this package.

with Studio(Path("data")) as studio:
    studio.request(key := Key("simple", "0x…"))
    studio.wait(key)
"""

import math
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from typing import Any

from dalle.gallery.details import details
from dalle.gallery.metadata import MOST_BYTES, metadata_details
from dalle.host.trouble import file_system_error
from dalle.key import ADDRESS, SERIES, Key
from dalle.outcome import Idle, Outcome, Ready, Report
from dalle.painters.forecast import Forecast, forecast
from dalle.painters.protocol import Painter
from dalle.pictures.cards import Cards
from dalle.pictures.finished import Finished
from dalle.pictures.paintings import Paintings
from dalle.progress.reports import Reports, is_done
from dalle.runs.admission import Admission
from dalle.runs.workers import Workers
from dalle.sketches.sketches import Sketches
from dalle.storage.blob import OpenBlob
from dalle.storage.journal import Journal
from dalle.storage.picture import Picture
from dalle.storage.protocol import Storage
from dalle.threads.workbench import Workbench
from dalle.words.library import Library
from dalle.words.selection import select
from dalle.workshop.workshop import Workshop


class Studio:
    """One storage in use. `start` brings its threads to life, in the process that calls it.

    provider_status  what all workers know of the paid provider, for health; None when painting costs nothing
    """

    def __init__(
        self,
        storage: Storage,
        library: Library,
        painter: Painter,
        admission: Admission,
        reports: Reports,
        workers: Workers,
        *,
        provider_status: Callable[[], dict[str, Any] | None] = lambda: None,
    ) -> None:
        self.storage = storage
        self._finished = Finished(storage)
        self._paintings = Paintings(storage)
        self.workbench = Workbench()
        self._cards = Cards(storage, self._paintings, self.workbench)
        self.library = library
        self.sketches = Sketches(storage.cache, orientation_of=library.orientation_of)
        self.painter = painter
        self.workshop = Workshop(library, painter, storage.series)
        self.provider_status = provider_status
        self._admission = admission
        self._reports = reports
        self._workers = workers

    # -- life --------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Bring the threads to life, once in each process: threads do not survive a fork."""
        self._workers.start()

    def close(self) -> None:
        """Take no new runs from now on; safe in a signal handler."""
        self._workers.close()

    def drain(self) -> None:
        """Take no new runs, and return when the present ones have ended. Questions are still answered."""
        self._workers.stop()
        with suppress(OSError):
            self._reports.averages.flush()

    def stop(self) -> None:
        """`drain`, then release the storage."""
        self.drain()
        self.sketches.stop()
        self.storage.close()

    def __enter__(self) -> "Studio":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    # -- questions ---------------------------------------------------------------------------------------------

    def series(self) -> list[str]:
        """Return the names of the series that can be painted, sorted."""
        return self.library.shelf.names()

    def knows(self, series: str, address: str) -> bool:
        """Return whether the pair can be requested: its series is defined, or its picture exists anyway."""
        if self.library.shelf.get(series) is not None:
            return True
        return bool(SERIES.fullmatch(series) and ADDRESS.fullmatch(address)) and self.has_picture(Key(series, address))

    def look(self, key: Key) -> Outcome:
        """Return what there is, starting nothing. Raises FileSystemError."""
        try:
            look = self.storage.look(key)
            if look.picture:
                return Ready(look.picture)
            if look.is_unknown:
                return Idle()
            if report := self._reports.of_work(key, look.report):
                return report
            # The picture may have been published after the look and before the journal was read.
            picture = self.storage.finished(key)
            return Ready(picture) if picture else Idle()
        except OSError as exc:
            raise file_system_error("the storage cannot be read", exc) from exc

    def result(self, key: Key) -> Report | Idle:
        """Return what `request` would, and start nothing. Raises FileSystemError."""
        while True:
            try:
                if report := self._reports.of_picture(key):
                    return report
            except OSError as exc:
                raise file_system_error("the storage cannot be read", exc) from exc
            outcome = self.look(key)
            if not isinstance(outcome, Ready):
                return outcome
            outcome.picture.close()  # it came just now

    def has_ended(self, key: Key) -> bool:
        """Return whether no run of the key is open; costs one small read, most of the time."""
        look = self.storage.look(key)
        if look.picture:
            look.picture.close()
            return True
        return is_done(look.report) if look.report else self.storage.ticket(key) is None

    def ready(self, key: Key) -> OpenBlob | None:
        """Return the finished picture, open; None without one, or without a whole one."""
        return self._finished.open(key)

    def has_picture(self, key: Key) -> bool:
        """Return whether there is a finished picture."""
        return self._finished.exists(key)

    def of_version(self, key: Key, version: str) -> OpenBlob | None:
        """Return the finished picture, open, if that is its version; None for any other, and without a picture."""
        return self._finished.of_version(key, version)

    def thumbnail(self, key: Key, width: str, version: str = "") -> OpenBlob | None:
        """Return the finished picture at a width, made when it is missing; None without a picture.

        With a `version`, None unless it is that of the picture. Raises InvalidRequest for any width that is not made.
        """
        return self._finished.thumbnail(key, width, version)

    def sizes(self, key: Key) -> list[tuple[int, int]]:
        """Return width and height of the finished picture, then of its smaller thumbnails; [] without a picture."""
        return self._finished.sizes(key)

    def sketch(self, key: Key, width: int) -> "Future[bytes] | None":
        """Return what stands for a picture that is not there (see `Sketches.of`); None if its series is not defined."""
        series = self.library.shelf.get(key.series)
        return self.sketches.of(select(key.address, series, self.library.catalog), width) if series else None

    def card(self, key: Key) -> bytes | None:
        """Return the finished painting as a JPEG for links, None without one. Raises ServiceUnavailable."""
        return self._cards.card(key)

    def card_size(self, key: Key) -> tuple[int, int] | None:
        """Return width and height in pixels of what `card` returns."""
        return self._cards.size(key)

    def listed_version(self, picture: Picture) -> str:
        """Return the version of a picture in a list, "" if it is not noted."""
        return self.storage.noted_version(picture.key, picture.modified_ns) if picture.key else ""

    def painting_height(self, picture: Picture) -> int:
        """Return how many rows of pixels of a finished picture are the painting; below is its caption."""
        return self._paintings.height(picture)

    def journal(self, key: Key) -> Journal | None:
        """Return the key's journal, None without one; one that cannot be read is shown as a failure."""
        return self._reports.journals.read(key)

    def report(self, key: Key) -> dict[str, Any] | None:
        """Return the progress fields of a key whose run is open or failed, or that has a picture; None when idle."""
        return self._reports.of(key)

    def wait(self, key: Key, timeout: float = math.inf) -> dict[str, Any] | None:
        """Return `report` once the key's run has ended, or after `timeout` seconds, whichever comes first."""
        until = time.monotonic() + timeout
        while (report := self.report(key)) and not report["done"] and time.monotonic() < until:
            time.sleep(0.1)
        return report

    def runs(self) -> list[dict[str, Any]]:
        """Return the progress fields of every open run, oldest first."""
        return self._reports.runs()

    def failures(self) -> list[dict[str, Any]]:
        """Return the progress fields of the runs that failed within the last hour, newest first."""
        return self._reports.failures()

    def latest_failures(self, most: int) -> list[dict[str, Any]]:
        """Return the progress fields of at most so many keys whose last run failed, newest first."""
        return self._reports.latest_failures(most)

    def details(self, key: Key) -> dict[str, Any] | None:
        """Return all that is known about a finished picture; None without one."""
        if not self.has_picture(key):
            return None
        report = self.report(key)
        return details(report, self.journal(key)) if report else None

    def file_details(self, picture: Picture) -> dict[str, Any] | None:
        """Return what the older server has written about a picture whose name is no address; None without it."""
        with suppress(OSError):
            place, name = self.storage.blobs.open_public, f"{picture.series}/{{}}/{picture.name}.{{}}"
            if metadata := place(name.format("metadata", "json")):
                with metadata.file:
                    content = metadata.file.read(MOST_BYTES)
                raw = place(name.format("generated", "png"))
                if raw:
                    raw.close()
                path = name.format("generated", "png") if raw else ""
                return metadata_details(picture.series, picture.name, content, path)
        return None

    def forecast(self, key: Key) -> Forecast | None:
        """Return what would be painted for a key, and for how much; None if its series is not defined (any more)."""
        return forecast(key, self.library, self.painter)

    def average_run(self) -> float:
        """Return how many seconds a run took lately, 0 before the first one."""
        return self._reports.averages.total()

    # -- actions -----------------------------------------------------------------------------------------------

    def request(self, key: Key, request_id: str = "") -> Report:
        """Make sure that the key gets its picture; return the finished, the open or the new run's report.

        Raises QueueFull, FileSystemError.
        """
        return self._admitted(self._admission.request, key, request_id)

    def renew(self, key: Key, request_id: str = "") -> Report:
        """Make a finished picture again; the present one comes back when no new one comes. Otherwise as `request`.

        Raises QueueFull, FileSystemError.
        """
        return self._admitted(self._admission.renew, key, request_id)

    def _admitted(self, admit: Callable[[Key, str], Report], key: Key, request_id: str) -> Report:
        self.start()
        try:
            report = admit(key, request_id)
        except OSError as exc:
            raise file_system_error("a run cannot be started", exc) from exc
        self._workers.wake()
        return report

    def cancel(self, key: Key) -> Report | None:
        """Cancel the open run; return the cancelled, the failed or the finished report, None for an idle key.

        What was sent is waited for and kept: the next request finishes from it. Raises FileSystemError.
        """
        try:
            return self._admission.cancel(key)
        except OSError as exc:
            raise file_system_error("the run cannot be cancelled", exc) from exc

    def remove(self, key: Key) -> bool:
        """Delete the finished picture; False when there was none or its key has an open run. Raises FileSystemError."""
        try:
            return self._admission.remove(key)
        except OSError as exc:
            raise file_system_error("the picture cannot be removed", exc) from exc
