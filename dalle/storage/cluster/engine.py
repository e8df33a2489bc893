"""The engine for several hosts: PostgreSQL keeps what is known, an object store what is painted."""

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from dalle.host.owner import Owner
from dalle.key import Key
from dalle.storage.blob import OpenBlob, Original, Stat
from dalle.storage.cluster import host_series
from dalle.storage.cluster.archives import NoArchives
from dalle.storage.cluster.calls import ClusterCallLog
from dalle.storage.cluster.claims.claim import ClusterClaim
from dalle.storage.cluster.claims.claims import Claims
from dalle.storage.cluster.claims.exclusive import Exclusives
from dalle.storage.cluster.claims.lease import Ground
from dalle.storage.cluster.claims.presence import Presence
from dalle.storage.cluster.clock import Clock
from dalle.storage.cluster.database.database import Database, Limits
from dalle.storage.cluster.documents import ClusterDocuments
from dalle.storage.cluster.entry import ClusterEntry, Parts
from dalle.storage.cluster.examination import examine
from dalle.storage.cluster.inventory import ClusterInventory
from dalle.storage.cluster.objects.objects import Objects
from dalle.storage.cluster.objects.pointer import COLUMNS, Pointer
from dalle.storage.cluster.outbox import ClusterOutbox
from dalle.storage.cluster.pictures.index import ClusterIndex
from dalle.storage.cluster.rows import THIS, decode_of, enter
from dalle.storage.cluster.runs import Runs
from dalle.storage.cluster.schema import Schema
from dalle.storage.cluster.series import ClusterSeries
from dalle.storage.finding import Finding
from dalle.storage.journal import Journal
from dalle.storage.local.cache import LocalCache
from dalle.storage.local.liveness import boot_clock
from dalle.storage.protocol import Look, StorageError
from dalle.storage.ticket import Ticket

log = logging.getLogger(__name__)

LOOK = f"""
    SELECT {COLUMNS}, r.body, j.journal IS NULL FROM (SELECT %s::text AS series, %s::text AS address) k
    LEFT JOIN pictures p ON p.series = k.series AND p.name = k.address
    LEFT JOIN reports r ON r.series = k.series AND r.address = k.address
    LEFT JOIN keys j ON j.series = k.series AND j.address = k.address
"""
PROBE = "INSERT INTO documents VALUES ('probe', '') ON CONFLICT (name) DO UPDATE SET body = excluded.body"
"""Rolled back."""


@dataclass(frozen=True, kw_only=True)
class ClusterSettings:
    """Where everything is, and how much of it.

    database  URL of PostgreSQL
    bucket    URL of the object store
    folder    this host's own: what is cached, spooled, and which of its processes live
    claim_ttl longest silence of a holder, in seconds
    capacity  open runs over all hosts
    cache_bytes  of pictures on this host's disk
    connections  to the database, of one process
    limits    of what a transaction may take
    """

    database: str = field(repr=False)
    bucket: str = field(repr=False)
    folder: Path
    claim_ttl: float = 300
    capacity: int = 200
    cache_bytes: int = 2_000_000_000
    connections: int = 16
    limits: Limits = field(default_factory=Limits)


class ClusterStorage:
    """Satisfies `Storage`."""

    poll_interval = 0.25
    public_folder: Path | None = None
    owner: Owner | None = None

    def __init__(self, settings: ClusterSettings, *, monotonic: Callable[[], float] = boot_clock) -> None:
        folder = settings.folder
        self.settings = settings
        self.database = Database(settings.database, most=settings.connections, limits=settings.limits)
        self.clock = Clock(self.database, monotonic=monotonic)
        self.now_ns = self.clock.now_ns
        self.presence = Presence(folder)
        self.schema = Schema(self.database)
        place, room = folder / "objects", settings.cache_bytes
        self.objects = Objects(self.database, settings.bucket, place, now_ns=self.now_ns, cache_bytes=room)
        self.documents = ClusterDocuments(self.database, monotonic)
        self.calls = ClusterCallLog(self.database)
        self.outbox = ClusterOutbox(self.database, self.presence)
        self.blobs = self.objects.blobs
        self.cache = LocalCache(lambda name: folder / "cache" / name[0] / name)
        self.pictures = ClusterIndex(self.database, now_ns=self.now_ns, remember=self.objects.versions.remember)
        self.archives = NoArchives()
        self.series = ClusterSeries(self.database)
        self._parts = Parts(self.objects, settings.capacity)
        self._claims = Claims(Ground(self.database, self.presence, self.clock, settings.claim_ttl), self._parts)
        self._exclusives = Exclusives(self.database, self.presence, folder / "locks", lease=settings.claim_ttl)
        self._runs = Runs(self.database)

    # -- one key -----------------------------------------------------------------------------------------------

    def look(self, key: Key) -> Look:
        """One question. While the database is away, a finished picture that this host knows is still found."""
        try:
            ((*pointer, body, is_new),) = self.database.read(LOOK, (key.series, key.address), prepared=True)
        except StorageError:
            if picture := self.objects.known(key):
                return Look(picture, b"")
            raise
        there = Pointer(*pointer)
        picture = self.objects.open_pointer(key, there)
        report = b"" if picture else body or b""
        return Look(picture, report, is_unknown=is_new and not report and there.object is None)

    def finished(self, key: Key) -> OpenBlob | None:
        return self.objects.finished(key)

    def stat(self, key: Key) -> Stat | None:
        return self.objects.stat(key)

    def noted_version(self, key: Key, modified_ns: int, size: int | None = None) -> str:
        return self.objects.noted_version(key, modified_ns, size)

    def version(self, key: Key, picture: OpenBlob) -> str:
        return self.objects.version(key, picture)

    @contextmanager
    def guard(self, key: Key, *, wait: bool = True) -> Iterator[ClusterEntry]:
        with self.database.begin(wait=wait) as transaction:
            entry = ClusterEntry(self._parts, key, transaction, enter(transaction, key))
            yield entry
            entry.finish()

    def take(self) -> ClusterClaim | None:
        self.objects.bring_in()
        return self._claims.take()

    def claim(self, key: Key, *, wait: bool = True) -> ClusterClaim | None:
        return self._claims.claim(key, wait=wait)

    def is_claimed(self, key: Key, token: str = "") -> bool:
        return self._claims.is_claimed(key, token)

    def journal(self, key: Key) -> Journal | None:
        rows = self.database.read(f"SELECT journal FROM keys WHERE {THIS}", (key.series, key.address))
        return decode_of(key, rows[0][0]) if rows else None

    # -- many runs ---------------------------------------------------------------------------------------------

    def ticket(self, key: Key) -> Ticket | None:
        return self._runs.ticket(key)

    def tickets(self) -> list[Ticket]:
        return self._runs.tickets()

    def open_runs(self) -> list[tuple[Ticket, bytes]]:
        return self._runs.open_runs()

    def waiting_reports(self, older_than: float) -> list[tuple[Ticket, int]]:
        return self._runs.waiting_reports(older_than)

    def show_waiting(self, reports: Iterable[tuple[Ticket, bytes]]) -> None:
        self._runs.show_waiting(reports)

    def failures(self, since_ns: int) -> list[tuple[Key, str, bytes]]:
        return self._runs.failures(since_ns)

    def failed_journals(self) -> Iterator[Journal]:
        return self._runs.failed_journals()

    # -- upkeep ------------------------------------------------------------------------------------------------

    def late_originals(self) -> Iterator[Original]:
        return self.objects.late_originals()

    def previous(self, older_than: float) -> Iterator[Key]:
        return self.objects.previous(older_than)

    def exclusive(self, name: str, *, wait: bool = True, local: bool = False) -> AbstractContextManager[None]:
        return self._exclusives.held_here(name, wait=wait) if local else self._exclusives.held(name, wait=wait)

    def tidy(self, older_than: float) -> None:
        self._claims.tidy(older_than)
        self.outbox.tidy()
        self.objects.tidy(older_than)
        self.presence.tidy()

    def keep_up(self, seconds: float) -> bool:
        until = time.monotonic() + seconds
        self._runs.forget_failures()
        while not self.calls.sum_up(self.now_ns()):
            if time.monotonic() >= until:
                return False
        return True

    def public_access(self, *, umask: int) -> Finding:
        """A web server sends what this service answers: it reads no file of its own accord."""
        return Finding("web server", "ok", "pictures are sent by the service, and a web server reads no files")

    def examine(self, *, read_only: bool) -> Iterator[Finding]:
        return examine(self, read_only=read_only)

    def inventory(self, *, series: str = "", addresses: Sequence[str] = ()) -> closing[ClusterInventory]:
        return closing(ClusterInventory(self.database, self.objects, series=series, addresses=addresses))

    def prepare(self) -> None:
        """Apply what the schema lacks, one host after the other, and make the host's own folders."""
        self.schema.migrate()
        self.settings.folder.mkdir(parents=True, exist_ok=True)
        log.debug("this host is called %s", self.presence.host)
        self.objects.prepare()
        host_series.take(self.series, self.settings.folder / "series")

    def check(self, *, write: bool = True) -> OSError | None:
        self.database.read("SELECT 1 FROM keys LIMIT 1")
        if write:
            with self.database.begin() as transaction:
                transaction.look(PROBE)
        self.objects.check(write=write)
        return None

    def close(self) -> None:
        self.objects.close()
        self.presence.close()
        self.database.close()
