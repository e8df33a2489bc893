"""The façade: everything that a server, a command line or a program asks of this package.

with Studio(Path("data")) as studio:
    studio.request(key := Key("simple", "0x…"))
    studio.wait(key)
"""

import logging
import math
import os
import secrets
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from dalle import journal as journals
from dalle import legacy, progress
from dalle.averages import Averages
from dalle.catalog import Catalog
from dalle.curator import Curator
from dalle.errors import FileSystemError, InvalidRequest
from dalle.events import Observer
from dalle.files import flocked, read_bytes, read_json, remove, write_atomic, write_json
from dalle.heart import Heart
from dalle.index import Index
from dalle.inspection import PNG_END
from dalle.jobs import Job, Jobs
from dalle.journal import Attempt, Journal, NewerJournal
from dalle.keepsake import Keepsakes
from dalle.key import ADDRESS, SERIES, Key
from dalle.lock import Claim, ClaimLost, Locks
from dalle.painters.protocol import Painter
from dalle.painters.sketch import Sketch
from dalle.pipeline import LEAST_ROOM, Pipeline, Writer
from dalle.portrait import portrait
from dalle.pulse import Pulse
from dalle.queue import Queue, Ticket
from dalle.recovery import Recovery
from dalle.retry import Pauses
from dalle.run import Run
from dalle.series import SeriesShelf
from dalle.store import Store
from dalle.thumbs import WIDTHS, thumbnails
from dalle.trace import working_for

log = logging.getLogger(__name__)

SWEEP = CURATE = 1.0  # seconds
SETTLED = 5.0  # seconds that a torn picture was left alone before it is put aside


@dataclass(frozen=True, slots=True)
class Ready:
    """The finished picture, open for reading: replacing or removing it does not disturb this reader."""

    file: BinaryIO
    status: os.stat_result


@dataclass(frozen=True, slots=True)
class Report:
    """A progress report: the body of the answer but for its request id (`progress.body`)."""

    body: bytes


@dataclass(frozen=True, slots=True)
class Idle:
    """There is no picture, and nobody works on one."""


Outcome = Ready | Report | Idle


class Studio:
    """One data folder at work. `start` brings its threads to life, in the process that calls it.

    writer      None: prompts are not enhanced
    fallback    paints when `painter` is unavailable
    longest_run, lock_ttl, pauses: seconds
    background  started beside the threads, in each process; must return at once
    provider_status  what all workers know of the paid provider, for health; None when painting costs nothing
    jobs        runs at once in this process; 0: others on the same data folder do the work
    configuration  fingerprint of what an operator may repair: key, base URL, models
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        painter: Painter | None = None,
        fallback: Painter | None = None,
        writer: Writer | None = None,
        catalog_version: str = "",
        databases_dir: Path | None = None,
        lock_ttl: float = 300,
        longest_run: float = 600,
        jobs: int = 2,
        queue: int = 200,
        pauses: Pauses | None = None,
        configuration: str = "",
        observer: Observer | None = None,
        background: Callable[[], None] = lambda: None,
        provider_status: Callable[[], dict[str, Any] | None] = lambda: None,
        now_ns: Callable[[], int] = time.time_ns,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.store = Store(data_dir)
        self.observer = observer or Observer()
        self.provider_status = provider_status
        self._background = background
        self.catalog = pinned_catalog(self.store, catalog_version, databases_dir)
        self.shelf = SeriesShelf(self.store.series)
        self.averages = Averages(self.store.averages)
        self.painter: Painter = painter or Sketch()
        self.queue = Queue(self.store.queue, queue)
        self.locks = Locks(self.store.locks, lock_ttl)
        self.keepsakes = Keepsakes(self.store, self.locks, self.queue)
        self.index = Index(self.store)
        self._pipeline = Pipeline(
            store=self.store,
            catalog=self.catalog,
            shelf=self.shelf,
            painter=self.painter,
            fallback=fallback,
            writer=writer,
        )
        self._recovery = Recovery(
            store=self.store,
            locks=self.locks,
            queue=self.queue,
            averages=self.averages,
            hold=self._hold,
            report=self._publish_report,
            observer=self.observer,
            ttl=lock_ttl,
        )
        self._lock_ttl = lock_ttl
        self._longest_run = longest_run
        self._threads = jobs
        self._pauses = pauses or Pauses()
        self._configuration = configuration
        self._now_ns = now_ns
        self._sleep = sleep
        self._starting = threading.Lock()
        self._started_in = 0
        self._jobs: Jobs | None = None
        self._heart = Heart()
        self._pulses: list[Pulse] = []

    # -- life --------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Bring the threads to life, once in each process: threads do not survive a fork."""
        if self._started_in == os.getpid():
            return
        with self._starting:
            if self._started_in == os.getpid():
                return
            self._pulses = [
                Pulse("heart", min(1.0, self._lock_ttl / 4), self._heart.beat),
                Pulse("sweep", SWEEP, self._recovery.sweep),
            ]
            if self._threads:
                curator = Curator(store=self.store, index=self.index, locks=self.locks, queue=self.queue)
                self._pulses.append(Pulse("curator", CURATE, curator.tend))
            for pulse in self._pulses:
                pulse.start()
            if self._threads:
                self._jobs = Jobs(self._threads, self._take)
                self._jobs.start()
                self._background()
            self._started_in = os.getpid()

    def close(self) -> None:
        """Take no new runs from now on; safe in a signal handler."""
        if self._jobs:
            self._jobs.close()

    def stop(self) -> None:
        """Take no new runs, finish those that run, then rest."""
        if self._started_in == os.getpid():
            if self._jobs:
                self._jobs.stop()
            for pulse in self._pulses:
                pulse.stop()
            with suppress(OSError):
                self.averages.flush()

    def __enter__(self) -> "Studio":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    # -- questions ---------------------------------------------------------------------------------------------

    def series(self) -> list[str]:
        """The names that may be asked for, sorted."""
        return self.shelf.names()

    def knows(self, series: str, address: str) -> bool:
        """Whether the pair may be asked for: its series is defined, or its picture is there anyway."""
        if self.shelf.get(series) is not None:
            return True
        return bool(
            SERIES.fullmatch(series)
            and ADDRESS.fullmatch(address)
            and self.store.annotated(Key(series, address)).exists()
        )

    def look(self, key: Key) -> Outcome:
        """What there is, starting nothing. Raises FileSystemError."""
        with disk("the data folder cannot be read"):
            return self.ready(key) or self._reported(key)

    def ready(self, key: Key) -> Ready | None:
        """The finished picture. A torn file that somebody else left is put aside and counts as missing."""
        path = self.store.annotated(key)
        try:
            file = open(path, "rb", buffering=0)  # noqa: SIM115 — it is the answer's to close
        except (FileNotFoundError, NotADirectoryError):
            return None
        status = os.fstat(file.fileno())
        if os.pread(file.fileno(), len(PNG_END), max(0, status.st_size - len(PNG_END))) == PNG_END:
            return Ready(file, status)
        file.close()
        if time.time() - status.st_mtime >= SETTLED:
            aside = self.store.torn(key)
            log.warning("%s: the picture is torn and is put aside", key)
            try:
                aside.parent.mkdir(parents=True, exist_ok=True)
                path.replace(aside)
            except OSError as exc:
                log.warning("%s: the torn picture cannot be put aside: %s", key, exc)
        return None

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
            path = self.store.thumb(key, int(width))
            try:
                stale = path.stat().st_mtime_ns < ready.status.st_mtime_ns
            except FileNotFoundError:
                stale = True
            if stale:
                # One maker at a time over all workers; the others find the file when they get the guard.
                with flocked(self.store.locks / "thumbs"):
                    if not path.exists() or path.stat().st_mtime_ns < ready.status.st_mtime_ns:
                        write_atomic(path, thumbnails(picture.read(), (int(width),))[int(width)])
        file = open(path, "rb")  # noqa: SIM115 — it is the answer's to close
        return Ready(file, os.fstat(file.fileno()))

    def _reported(self, key: Key) -> Outcome:
        body = self._body(key)
        if body and b'"done":true' not in body:
            return Report(body)
        present = self.journal(key)
        if present is None or present.state in ("removed", "completed"):
            # The picture may have been published after the first look and before the report was read.
            return self.ready(key) or Idle()
        if body and present.state == "failed":
            return Report(body)
        return Report(progress.body(self._fields(present)))

    def _body(self, key: Key) -> bytes:
        """The public report on disk; nothing when there is none, or no whole one."""
        body = read_bytes(self.store.progress(key)) or b""
        return body if body.startswith(b"{") and body.endswith(b"}\n") else b""

    def journal(self, key: Key) -> Journal | None:
        """The key's journal, None without one; one that cannot be read is shown as a failure."""
        try:
            return journals.read(self.store.journal(key))
        except FileSystemError as exc:
            return unreadable(key, exc)

    def report(self, key: Key) -> dict[str, Any] | None:
        """The progress fields of a key that is at work, has failed or has a picture; None when it is idle."""
        present = self.journal(key)
        if self._has_picture(key):
            return self._fields(self._finished(key, present))
        if present is None or present.state in ("removed", "completed"):
            return None
        return self._fields(present)

    def _has_picture(self, key: Key) -> bool:
        ready = self.ready(key)
        if ready:
            ready.file.close()
        return ready is not None

    def wait(self, key: Key, timeout: float = math.inf) -> dict[str, Any] | None:
        """`report` once the key's run has ended, or after `timeout` seconds, whichever comes first."""
        until = time.monotonic() + timeout
        while (report := self.report(key)) and not report["done"] and time.monotonic() < until:
            time.sleep(0.1)
        return report

    def runs(self) -> list[dict[str, Any]]:
        """The progress fields of every open run, oldest first."""
        return [found for ticket in self.queue.tickets() if (found := self._told(ticket.key))]

    def failures(self) -> list[dict[str, Any]]:
        """The progress fields of the runs that failed within the last hour, newest first."""
        told = [(self._told(key), run_id) for key, run_id in self.queue.failures(self._now_ns())]
        return [found for found, run_id in told if found and found["runId"] == run_id and found["error"]]

    def _told(self, key: Key) -> dict[str, Any] | None:
        try:
            answer = read_json(self.store.progress(key))
        except FileSystemError:
            return None
        return answer["data"] if answer else None

    def portrait(self, key: Key) -> dict[str, Any] | None:
        """All that there is to tell about a finished picture; None without one."""
        if not self.store.annotated(key).exists():
            return None
        report = self.report(key)
        return portrait(report, self.journal(key)) if report else None

    # -- actions -----------------------------------------------------------------------------------------------

    def request(self, key: Key, request_id: str = "") -> Report:
        """See to it that the key gets its picture; gives the finished, the running or the new run's report.

        Raises QueueFull, FileSystemError.
        """
        self.start()
        with disk("a run cannot be started"):
            if report := self._cache_hit(key):
                return report
            body = self._body(key)
            if body and b'"done":true' not in body and self.queue.find(key):
                self.observer.run_coalesced()
                return Report(body)
            report = self._request(key, request_id)
        if self._jobs:
            self._jobs.wake()
        return report

    def _cache_hit(self, key: Key) -> Report | None:
        """The finished report, when the picture is there."""
        fields = self.report(key) if self._has_picture(key) else None
        if not fields:
            return None
        self.observer.cache_hit()
        self.averages.count_cache_hit()
        return Report(progress.body(progress.cache_hit(fields, self._now_ns())))

    def _request(self, key: Key, request_id: str) -> Report:
        with self.locks.guard(key):
            present = self._readable(key)
            if report := self._cache_hit(key):
                return report
            if ticket := self.queue.find(key):
                self.observer.run_coalesced()
                return self._coalesced(ticket, present)
            if present and not present.ended:
                self.queue.restore(Ticket(present.startedNs, present.runId, key, "waiting"))
                return Report(progress.body(self._fields(present)))
            if present and present.state == "failed" and not self._may_retry(present):
                return Report(progress.body(self._fields(present)))
            if shutil.disk_usage(self.store.root).free < LEAST_ROOM:
                raise FileSystemError("the disk is full")
            fresh = Journal(
                key.series,
                key.address,
                runId=secrets.token_hex(8),
                startedNs=self._now_ns(),
                attempts=present.attempts if present else [],
                chats=present.chats if present else [],
                enhancement=present.enhancement if present else "",
                requestId=request_id,
            )
            position = self.queue.put(Ticket(fresh.startedNs, fresh.runId, key, "waiting"))
            try:
                journals.write(self.store.journal(key), fresh)
            except BaseException:
                self.queue.drop(key)
                raise
            self.observer.run_queued()
            try:
                return Report(self._publish_report(fresh, position + 1))
            except OSError as exc:
                log.warning("%s: the report cannot be written: %s", key, exc)
                return Report(progress.body(self._fields(fresh)))

    def _coalesced(self, ticket: Ticket, present: Journal | None) -> Report:
        """What the run of a ticket has to report; its journal may not be there yet, its report be an older run's."""
        body = self._body(ticket.key)
        if body and ticket.run_id.encode() in body and b'"done":true' not in body:
            return Report(body)
        if present is None or present.runId != ticket.run_id:
            present = Journal(ticket.key.series, ticket.key.address, runId=ticket.run_id, startedNs=ticket.queued_ns)
        return Report(progress.body(self._fields(present)))

    def _may_retry(self, failed: Journal) -> bool:
        if failed.configuration and failed.configuration != self._configuration:
            return True
        return self._now_ns() >= failed.retryAtNs

    def remove(self, key: Key) -> bool:
        """Delete the annotated picture; False when there was none or its key is at work. Raises FileSystemError."""
        for _ in range(100):
            # The picture is there a moment before its run has ended, and whoever saw it may remove it.
            if not (self.store.annotated(key).exists() and self.queue.find(key)):
                break
            self._sleep(0.02)
        with disk("the picture cannot be removed"), self.locks.guard(key):
            if self.queue.find(key):
                return False
            kept = self.keepsakes.forget(key)
            if not self.store.annotated(key).exists():
                return kept
            self._take_away(key)
        return True

    def renew(self, key: Key, request_id: str = "") -> Report:
        """Make a finished picture anew; the present one comes back when no new one comes. Otherwise as `request`.

        Raises QueueFull, FileSystemError.
        """
        with disk("the picture cannot be put aside"), self.locks.guard(key):
            if self.store.annotated(key).exists() and not self.queue.find(key):
                self.keepsakes.keep(key)
                self._take_away(key)
        try:
            return self.request(key, request_id)
        finally:
            with disk("the picture cannot be put back"):
                self.keepsakes.settle(key)

    def _take_away(self, key: Key) -> None:
        present = self._readable(key) or Journal(key.series, key.address)
        if present.state != "failed" or is_unreadable(present):
            present.state = "removed"
        journals.write(self.store.journal(key), present, durable=True)
        remove(self.store.progress(key))
        with self.observer.filing("remove"):
            remove(self.store.annotated(key))
        for width in WIDTHS:
            remove(self.store.thumb(key, width))
        self.index.forget(key)

    # -- runs --------------------------------------------------------------------------------------------------

    def _take(self) -> Job | None:
        """The oldest waiting run that is free, as a job; None when there is none."""
        for ticket in self.queue.tickets():
            if ticket.state != "waiting":
                continue
            claim = self.locks.claim(ticket.key, wait=False)
            if claim is None:
                continue
            try:
                with claim.held():
                    running = self.queue.move(ticket, "running")
                run = self._hold(claim, running) if running else None
            except (ClaimLost, FileSystemError) as exc:
                # The sweep looks after it; the others must not wait for that.
                log.error("%s: its run cannot be taken up: %s", ticket.key, exc)
                claim.release()
                continue
            except BaseException:
                claim.release()
                raise
            if running is None:
                claim.release()
            elif run is not None:
                return partial(self._work, run)
        return None

    def _work(self, run: Run) -> None:
        self._heart.add(run)
        try:
            with working_for(run.journal.requestId):
                self._pipeline.work(run)
        finally:
            self._heart.discard(run)

    def _hold(self, claim: Claim, ticket: Ticket) -> Run | None:
        """The run of a claimed ticket; None when it had ended already and only its ticket was left."""
        present = self._readable(claim.key)
        if present and is_unreadable(present):
            # Nobody knows whether a call was sent: this run has failed, and the next one waits for its pause.
            present.runId = ticket.run_id
            journals.write(self.store.journal(claim.key), present, durable=True)
        if present is None or present.runId != ticket.run_id:
            # The requester died between ticket and journal.
            present = Journal(
                claim.key.series,
                claim.key.address,
                runId=ticket.run_id,
                startedNs=ticket.queued_ns,
                attempts=present.attempts if present else [],
                chats=present.chats if present else [],
                enhancement=present.enhancement if present else "",
            )
        if present.ended:
            try:
                with claim.held():
                    self._publish_report(present, 0)
                    self.queue.drop(claim.key)
                    claim.release_held()
            except ClaimLost:
                log.info("%s: somebody else clears its ticket away", claim.key)
            return None
        present.state = "running"
        present.percent = max(present.percent, self._told_percent(claim.key, present.runId))
        return Run(
            present,
            claim,
            store=self.store,
            locks=self.locks,
            queue=self.queue,
            averages=self.averages,
            pauses=self._pauses,
            configuration=self._configuration,
            deadline=time.monotonic() + self._longest_run,
            observer=self.observer,
            now_ns=self._now_ns,
        )

    def _told_percent(self, key: Key, run_id: str) -> float:
        """What the public report says of a run: the journal may be older, and percent never falls."""
        try:
            told = read_json(self.store.progress(key))["data"]
            return float(told["percent"]) if told["runId"] == run_id and not told["done"] else 0.0
        except (FileSystemError, TypeError, KeyError, ValueError):
            return 0.0

    def _readable(self, key: Key) -> Journal | None:
        """The journal; a damaged one is put aside and replaced by a failure. Raises NewerJournal.

        Bytes that were paid for and lie beside a damaged journal are not forgotten.
        """
        path = self.store.journal(key)
        try:
            return journals.read(path)
        except NewerJournal:
            raise
        except FileSystemError as exc:
            log.error("%s: %s; it is put aside", key, exc.private)
            path.replace(path.with_suffix(".damaged"))
            failed = unreadable(key, exc)
            failed.attempts = salvaged(self.store, key)
            failed.retryAfterSeconds = self._pauses.unknown
            failed.retryAtNs = self._now_ns() + round(self._pauses.unknown * 1e9)
            journals.write(path, failed, durable=True)
            return failed

    def _finished(self, key: Key, present: Journal | None) -> Journal:
        """The journal of a picture that is there. Its run may be about to say so; or the picture is somebody else's."""
        if present is None or present.state in ("removed", "failed"):
            return legacy.adopt(self.store, key)
        return replace(present, state="completed")

    def _fields(self, present: Journal | None) -> dict[str, Any]:
        if present is None:
            raise FileSystemError("the journal of an open run is missing")
        return progress.report(present, self.averages.durations(), self._now_ns())

    def _publish_report(self, present: Journal, position: int) -> bytes:
        fields = progress.report(present, self.averages.durations(), self._now_ns(), position=position)
        body = progress.body(fields)
        write_atomic(self.store.progress(Key(present.series, present.address)), body)
        return body


def unreadable(key: Key, error: FileSystemError) -> Journal:
    """A failure that stands for a journal that cannot be read."""
    return Journal(key.series, key.address, state="failed", error=error.details, errorCode=error.code)


def is_unreadable(journal: Journal) -> bool:
    """Whether it is one of those."""
    return journal.state == "failed" and not journal.runId


def salvaged(store: Store, key: Key) -> list[Attempt]:
    """Attempts that are known only by the bytes that they brought, oldest first."""
    found = []
    for path in (store.runs / key.series).glob(f"{key.address}.*.raw"):
        match path.name.split("."):
            case [_, run_id, number, "raw"] if number.isdigit():
                found.append(
                    Attempt(int(number), run_id, "", True, "", "", "", 0.0, 0, outcome="accepted", raw=path.name)
                )
    return sorted(found, key=lambda attempt: attempt.number)


@contextmanager
def disk(what: str) -> Iterator[None]:
    """Translates OSError into FileSystemError; `what` is public."""
    try:
        yield
    except OSError as exc:
        raise FileSystemError(what, private=f"{type(exc).__name__}: {exc}") from exc


def pinned_catalog(store: Store, version: str, folder: Path | None) -> Catalog:
    """The catalogue that this data folder began with; `version` or `folder`, when given, win."""
    if folder is not None:
        return Catalog.load(folder, version)
    if not version:
        pinned = read_json(store.catalog)
        version = str(pinned["version"]) if isinstance(pinned, dict) and "version" in pinned else ""
    catalog = Catalog.load(version=version)
    if read_json(store.catalog) is None:
        try:
            write_json(store.catalog, {"version": catalog.version, "sha256": catalog.sha256}, durable=True)
        except OSError as exc:
            log.warning("the catalogue's version cannot be kept in the data folder: %s", exc)
    return catalog
