"""One key under its guard: what is decided about it, as files."""

import errno
import os
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from dalle.atomic import make_folder, read_bytes, remove, sync_folder, write_atomic
from dalle.key import Key
from dalle.storage.attempt import Attempt
from dalle.storage.blob import EXTENSIONS, WIDTHS, Blob, Facts, Original, Staged
from dalle.storage.codec import encode_journal
from dalle.storage.event import Event
from dalle.storage.folder.blobs import FolderBlobs
from dalle.storage.folder.documents import FolderDocuments
from dalle.storage.folder.history import History
from dalle.storage.folder.index.index import FolderIndex
from dalle.storage.folder.index.picture_files import is_torn
from dalle.storage.folder.journals import keep_damaged, read_journal, salvaged
from dalle.storage.folder.layout import Layout
from dalle.storage.folder.locks.claims import Lease
from dalle.storage.folder.outbox import FolderOutbox
from dalle.storage.folder.queue import Queue
from dalle.storage.folder.versions import Versions
from dalle.storage.journal import DamagedJournal, Journal, NewerJournal
from dalle.storage.ticket import Ticket, TicketState

TORN_AFTER_NS = 5_000_000_000  # that a torn picture was left alone before it is quarantined


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a folder engine that entries work on. `now_ns`: Unix nanoseconds."""

    layout: Layout
    queue: Queue
    documents: FolderDocuments
    history: History
    blobs: FolderBlobs
    index: FolderIndex
    versions: Versions
    outbox: FolderOutbox
    now_ns: Callable[[], int] = time.time_ns


class FolderEntry:
    """Satisfies `Entry`. Each method writes at once, in the caller's order; the guard keeps others away meanwhile."""

    def __init__(self, parts: Parts, key: Key) -> None:
        self._key = key
        self._parts = parts
        self._layout = parts.layout
        self._queue = parts.queue

    @property
    def key(self) -> Key:
        return self._key

    # -- journal -----------------------------------------------------------------------------------------------

    def journal(self) -> Journal | None:
        return read_journal(self._layout, self.key)

    def save(self, journal: Journal, *, durable: bool = False) -> None:
        write_atomic(self._layout.journal(self.key), encode_journal(journal), durable=durable)

    def forget(self) -> None:
        remove(self._layout.journal(self.key))

    def quarantine_journal(self, replacement: Journal) -> bool:
        try:
            self.journal()
        except NewerJournal:
            return False
        except DamagedJournal:
            keep_damaged(self._layout, self.key)
            self.save(replacement, durable=True)
            self._parts.history.failures.note(self.key, self._parts.now_ns())
            return True
        return False

    def salvage(self) -> list[Attempt]:
        return salvaged(self._layout.journal(self.key))

    # -- ticket ------------------------------------------------------------------------------------------------

    def ticket(self) -> Ticket | None:
        return self._queue.find(self.key)

    def enqueue(self, run_id: str) -> tuple[Ticket, int]:
        ticket = Ticket(self._parts.now_ns(), run_id, self.key, "waiting")
        return ticket, self._queue.put(ticket)

    def restore(self, ticket: Ticket) -> None:
        self._queue.restore(ticket)

    def move(self, ticket: Ticket, state: TicketState) -> Ticket | None:
        return self._queue.move(ticket, state)

    def drop(self) -> None:
        self._queue.drop(self.key)

    def ask_cancel(self) -> None:
        if ticket := self.ticket():
            self._queue.move(ticket, "cancelled")

    def note_failure(self, run_id: str, ended_ns: int) -> None:
        self._queue.note_failure(self.key, run_id, ended_ns)
        self._parts.history.failures.note(self.key, ended_ns)

    # -- what is shared ----------------------------------------------------------------------------------------

    def edit(self, name: str, *, durable: bool = False) -> AbstractContextManager[dict[str, Any]]:
        return self._parts.documents.edit(name, durable=durable)

    def note_call(self, line: Mapping[str, Any], *, repeated: bool = False) -> None:
        self._parts.history.calls.note(line, repeated=repeated)

    def emit(self, event: Event) -> None:
        self._parts.outbox.put(event)

    # -- report ------------------------------------------------------------------------------------------------

    def report(self) -> bytes:
        return read_report(self._layout, self.key)

    def show(self, report: bytes) -> None:
        write_atomic(self._layout.progress(self.key), report)

    def hide(self) -> None:
        remove(self._layout.progress(self.key))

    # -- picture -----------------------------------------------------------------------------------------------

    def has_picture(self) -> bool:
        return self._layout.annotated(self.key).exists()

    def publish(self, staged: Sequence[Staged], facts: Facts) -> None:
        """The facts stand in the file itself, from where the index takes them, as it does for any other picture."""
        first, *rest = staged
        self._parts.versions.announce(self.key, staged, facts.version)
        self._parts.blobs.place(first, self._parts.index.noted(self.key))
        self._parts.versions.settle(self.key)
        for part in rest:
            try:
                self._parts.blobs.place(part)
            except OSError:
                if part.durable:
                    raise  # the others, thumbnails, are made again on demand
            if part.blob.is_generated:
                self._forget_generated(but=part.blob)

    def keep_original(self, original: Original, generated: Blob) -> None:
        source, target = self._layout.blob(original), self._layout.blob(generated)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(source, target)
        except FileNotFoundError:
            pass
        except OSError as exc:
            if exc.errno != errno.EXDEV:
                raise
            write_atomic(target, read_bytes(source) or b"")
            remove(source)
        self._forget_generated(but=generated)

    def _forget_generated(self, *, but: Blob) -> None:
        for extension in EXTENSIONS:
            other = Blob.generated(self.key, extension)
            if other != but:
                remove(self._layout.blob(other))

    def withdraw(self, *, keep: bool = False) -> bool:
        with self._parts.index.noted(self.key):
            there = self._keep() if keep else remove(self._layout.annotated(self.key))
        if there and keep:
            sync_folder(self._layout.previous(self.key).parent)
            sync_folder(self._layout.annotated(self.key).parent)
        if keep:
            self._parts.versions.hide(self.key)
        else:
            self._parts.versions.forget(self.key)
        self.forget_thumbnails()
        return there

    def forget_thumbnails(self) -> None:
        for width in WIDTHS:
            remove(self._layout.blob(Blob.thumbnail(self.key, width)))

    def forget_version(self) -> None:
        self._parts.versions.forget(self.key)

    def _keep(self) -> bool:
        previous = self._layout.previous(self.key)
        make_folder(previous.parent)
        try:
            os.replace(self._layout.annotated(self.key), previous)
        except FileNotFoundError:
            return False
        return True

    def has_previous(self) -> bool:
        return self._layout.previous(self.key).exists()

    def restore_previous(self) -> bool:
        picture = self._layout.annotated(self.key)
        make_folder(picture.parent)
        self._parts.versions.show(self.key)
        try:
            with self._parts.index.noted(self.key):
                os.replace(self._layout.previous(self.key), picture)
        except FileNotFoundError:
            return False
        self._parts.versions.settle(self.key)
        return True

    def forget_previous(self) -> bool:
        there = remove(self._layout.previous(self.key))
        if there and not self.has_picture():
            self._parts.versions.forget(self.key)
        return there

    def quarantine_picture(self) -> bool:
        picture = self._layout.annotated(self.key)
        try:
            silent = self._parts.now_ns() - picture.stat().st_mtime_ns >= TORN_AFTER_NS
        except (FileNotFoundError, NotADirectoryError):
            return False
        if not (silent and is_torn(picture)):
            return False
        self._parts.versions.forget(self.key)
        with self._parts.index.noted(self.key, report=True):
            return moved(picture, self._layout.torn(self.key))

    def quarantine_original(self, original: Original) -> bool:
        path = self._layout.blob(original)
        return moved(path, path.with_suffix(".bad"))


class HeldFolderEntry(FolderEntry):
    """Satisfies `HeldEntry`."""

    def __init__(self, parts: Parts, lease: Lease, ticket: Ticket | None) -> None:
        super().__init__(parts, lease.key)
        self._lease = lease
        self._claimed_ticket = ticket

    @property
    def cancelled(self) -> bool:
        ticket = self._claimed_ticket
        return ticket is not None and self._queue.has(replace(ticket, state="cancelled"))

    def release(self) -> None:
        self._lease.release_held()


def read_report(layout: Layout, key: Key) -> bytes:
    """Return the report, b"" when there is none, or no whole one: it is derived from the journal then."""
    body = b""
    with suppress(IsADirectoryError):
        body = read_bytes(layout.progress_name(key)) or b""
    return body if body.startswith(b"{") and body.endswith(b"}\n") else b""


def moved(path: Path, aside: Path) -> bool:
    """Rename a file out of the way; return whether it was there."""
    aside.parent.mkdir(parents=True, exist_ok=True)
    try:
        path.replace(aside)
    except FileNotFoundError:
        return False
    except OSError as exc:
        if exc.errno != errno.EXDEV:  # `output` may be on another file system
            raise
        write_atomic(aside, read_bytes(path) or b"")
        return remove(path)
    return True
