"""The default engine: one data folder, shared by all processes that see it."""

import logging
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from dalle.atomic import flocked
from dalle.errors import FileSystemError
from dalle.host.owner import Owner
from dalle.key import ADDRESS, SERIES, Key
from dalle.storage.blob import OpenBlob, Original, Stat
from dalle.storage.finding import Finding
from dalle.storage.folder.blobs import FolderBlobs
from dalle.storage.folder.claim import FolderClaim
from dalle.storage.folder.documents import FolderDocuments
from dalle.storage.folder.entry import FolderEntry, Parts, read_report
from dalle.storage.folder.history import History
from dalle.storage.folder.index.index import FolderIndex
from dalle.storage.folder.index.picture_files import open_picture
from dalle.storage.folder.index.stamps import Stamps
from dalle.storage.folder.inspection import ownership
from dalle.storage.folder.inspection.examination import examine, public
from dalle.storage.folder.inspection.inventory import FolderInventory
from dalle.storage.folder.inspection.probing import Probing
from dalle.storage.folder.journals import read_journal
from dalle.storage.folder.layout import Layout
from dalle.storage.folder.locks.claims import Claims, entered
from dalle.storage.folder.older.archives import FolderArchives
from dalle.storage.folder.outbox import FolderOutbox
from dalle.storage.folder.queue import Queue
from dalle.storage.folder.series import SeriesFolder
from dalle.storage.folder.sweeping import Sweeping
from dalle.storage.folder.versions import Versions
from dalle.storage.journal import Journal
from dalle.storage.local.cache import LocalCache
from dalle.storage.protocol import Busy, ClaimLost, Look
from dalle.storage.ticket import Ticket

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class FolderSettings:
    """`claim_ttl`: longest silence of a holder, in seconds; `capacity`: open runs over all workers."""

    claim_ttl: float = 300
    capacity: int = 200


class FolderStorage:
    """Satisfies `Storage`."""

    poll_interval = 0.1

    def __init__(
        self,
        root: Path,
        settings: FolderSettings | None = None,
        *,
        now_ns: Callable[[], int] = time.time_ns,
        claims: Claims | None = None,
        stamps: Stamps | None = None,
    ) -> None:
        settings = settings or FolderSettings()
        self.layout = Layout(root)
        self.documents = FolderDocuments(self.layout)
        self._history = History(self.layout)
        self.calls = self._history.calls
        self.blobs = FolderBlobs(self.layout)
        self.pictures = FolderIndex(self.layout, now_ns=now_ns, stamps=stamps)
        self.outbox = FolderOutbox(self.layout, now_ns=now_ns)
        self.cache = LocalCache(self.layout.cached, now_ns=now_ns)
        self.series = SeriesFolder(self.layout.series, older=self.layout.user_series)
        self.archives = FolderArchives(self.layout)
        self.now_ns = now_ns
        self.claims = claims or Claims(self.layout.locks, settings.claim_ttl)
        self.queue = Queue(self.layout.queue, settings.capacity)
        self._versions = Versions(self.layout)
        known = self.pictures, self._versions, self.outbox
        self._parts = Parts(self.layout, self.queue, self.documents, self._history, self.blobs, *known, now_ns)
        self._sweeping = Sweeping(self.layout, self.claims, now_ns=now_ns)
        self._probing = Probing(self.layout)

    # -- one key -----------------------------------------------------------------------------------------------

    def look(self, key: Key) -> Look:
        picture = open_picture(self.layout.annotated_name(key))
        return Look(picture, b"" if picture else read_report(self.layout, key))

    def finished(self, key: Key) -> OpenBlob | None:
        return open_picture(self.layout.annotated_name(key))

    def stat(self, key: Key) -> Stat | None:
        picture = self.finished(key)
        if picture is None:
            return None
        picture.close()
        return Stat(picture.modified_ns, picture.size)

    def noted_version(self, key: Key, modified_ns: int, size: int | None = None) -> str:
        return self._versions.of(key, modified_ns, size)

    def version(self, key: Key, picture: OpenBlob) -> str:
        return self._versions.determine(key, picture, self.guard(key, wait=False))

    @contextmanager
    def guard(self, key: Key, *, wait: bool = True) -> Iterator[FolderEntry]:
        with entered(self.claims.guard(key, wait=wait)):
            yield FolderEntry(self._parts, key)

    def take(self) -> FolderClaim | None:
        """What another user owns of one key does not keep the others waiting; it is raised when none of them can be."""
        denied: PermissionError | None = None
        for ticket in self.queue.tickets():
            try:
                if ticket.state == "waiting" and (claim := self._take(ticket)):
                    return claim
            except PermissionError as exc:
                denied = denied or exc
        if denied:
            raise denied
        return None

    def _take(self, ticket: Ticket) -> FolderClaim | None:
        lease = self.claims.claim(ticket.key, wait=False)
        if lease is None:
            return None
        try:
            with lease.held():
                running = self.queue.move(ticket, "running")
        except ClaimLost:
            running = None
        except BaseException:
            lease.release()
            raise
        if running is None:
            lease.release()
            return None
        return FolderClaim(self._parts, lease, running)

    def claim(self, key: Key, *, wait: bool = True) -> FolderClaim | None:
        lease = self.claims.claim(key, wait=wait)
        if lease is None:
            return None
        try:
            return FolderClaim(self._parts, lease, self.queue.find(key))
        except BaseException:
            lease.release()
            raise

    def is_claimed(self, key: Key, token: str = "") -> bool:
        return self.claims.is_claimed(key, token)

    def journal(self, key: Key) -> Journal | None:
        return read_journal(self.layout, key)

    # -- the queue ---------------------------------------------------------------------------------------------

    def ticket(self, key: Key) -> Ticket | None:
        return self.queue.find(key)

    def tickets(self) -> list[Ticket]:
        return self.queue.tickets()

    def open_runs(self) -> list[tuple[Ticket, bytes]]:
        tickets = (ticket for ticket in self.queue.tickets() if ticket.state != "cancelled")
        return [(ticket, read_report(self.layout, ticket.key)) for ticket in tickets]

    def waiting_reports(self, older_than: float) -> list[tuple[Ticket, int]]:
        waiting = (ticket for ticket in self.queue.tickets() if ticket.state == "waiting")
        return [
            (ticket, position)
            for position, ticket in enumerate(waiting, 1)
            if not 0 <= self._report_age(ticket.key) < older_than
        ]

    def _report_age(self, key: Key) -> float:
        try:
            return (self.now_ns() - os.stat(self.layout.progress_name(key)).st_mtime_ns) / 1e9
        except (FileNotFoundError, NotADirectoryError):
            return -1.0

    def show_waiting(self, reports: Iterable[tuple[Ticket, bytes]]) -> None:
        """What cannot be written for one key does not keep the others' from being written; the first one is raised."""
        trouble: OSError | None = None
        for ticket, report in reports:
            try:
                with suppress(Busy), self.guard(ticket.key, wait=False) as entry:
                    if self.queue.has(ticket):
                        entry.show(report)
            except OSError as exc:
                trouble = trouble or exc
        if trouble:
            raise trouble

    def failures(self, since_ns: int) -> list[tuple[Key, str, bytes]]:
        return [(key, run_id, read_report(self.layout, key)) for key, run_id in self.queue.failures(since_ns)]

    def failed_journals(self) -> Iterator[Journal]:
        seen = set[Key]()
        # Version 1.0 leaves no more than the notes of the last hour.
        noted = (key for key, _ in self.queue.failures(0))
        for key in chain(noted, self._history.failures.newest()):
            if key not in seen:
                seen.add(key)
                with suppress(FileSystemError):
                    journal = self.journal(key)
                    if journal and journal.state == "failed":
                        yield journal

    # -- upkeep ------------------------------------------------------------------------------------------------

    def late_originals(self) -> Iterator[Original]:
        return self._sweeping.originals()

    def previous(self, older_than: float) -> Iterator[Key]:
        for folder in self.layout.output.glob("*/former"):
            series = self.layout.hidden.series_of(folder.parent.name) or ""
            for path in folder.glob("*.png"):
                if SERIES.fullmatch(series) and ADDRESS.fullmatch(path.stem):
                    with suppress(FileNotFoundError):
                        if self.now_ns() - path.stat().st_ctime_ns >= older_than * 1e9:
                            yield Key(series, path.stem)

    @contextmanager
    def exclusive(self, name: str, *, wait: bool = True, local: bool = False) -> Iterator[None]:
        """An flock excludes the processes of one machine at least; `local` needs nothing else."""
        with entered(flocked(self.layout.exclusive(name), wait=wait)):
            yield

    def tidy(self, older_than: float) -> None:
        self._sweeping.remove_leftovers(older_than)
        self.outbox.tidy()
        self.pictures.remove_old()

    def keep_up(self, seconds: float) -> bool:
        until = time.monotonic() + seconds

        def over() -> bool:
            return time.monotonic() >= until

        now_ns = self.now_ns()
        return self.queue.forget_failures(now_ns, over) and self._history.keep_up(now_ns, over)

    @property
    def public_folder(self) -> Path:
        return self.layout.output

    @property
    def owner(self) -> Owner:
        return ownership.owner(self.layout)

    def public_access(self, *, umask: int) -> Finding:
        return public(self.layout, umask=umask)

    def examine(self, *, read_only: bool) -> Iterator[Finding]:
        return examine(self.layout, read_only=read_only)

    def inventory(self, *, series: str = "", addresses: Sequence[str] = ()) -> closing[FolderInventory]:
        return closing(FolderInventory(self.layout, series=series, addresses=addresses))

    def prepare(self) -> None:
        self.layout.root.mkdir(parents=True, exist_ok=True)

    def check(self, *, write: bool = True) -> OSError | None:
        if write:
            return self._probing.look()
        os.listdir(self.layout.root)
        return None

    def close(self) -> None:
        """Nothing is held beyond a call but lines of the call log that could not be written."""
        self.calls.write_owed()
