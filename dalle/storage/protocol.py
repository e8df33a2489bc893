"""The interface of a storage engine: what every engine promises.

    Storage          one engine; `dalle.engines` chooses it, and no other module knows which it is
    ├── documents    small JSON objects that all workers share: breaker, budget, pace, models, averages, catalog
    ├── calls        one line for each call to the provider
    ├── outbox       events until they are delivered
    ├── blobs        bytes: pictures, originals, thumbnails, texts
    ├── cache        bytes that can be made again: sketches
    ├── pictures     the index of the finished pictures, for the gallery
    ├── series       the operator's series files
    ├── archives     pictures that another program has taken out of use
    ├── guard(key)   → Entry: exclusive access to the key for one decision
    └── take, claim  → Claim: the right to work on a key; `held()` → HeldEntry

The unit is the key under decision: journal, ticket, report and picture change inside an `Entry`, and what must be one
commit is one Entry. Nothing slow stands inside of one: bytes are staged before it, and the provider is called outside.
An Entry that raised may or may not have been written: a call whose attempt could not be committed is not sent.

Every method may raise StorageError, an OSError, unless it says otherwise.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from dalle.host.owner import Owner
from dalle.key import Key
from dalle.storage.blob import OpenBlob, Original, Stat
from dalle.storage.entries import Claim, Entry, HeldEntry
from dalle.storage.finding import Finding
from dalle.storage.inventory import Inventory
from dalle.storage.journal import Journal
from dalle.storage.stores import Archives, Blobs, Cache, CallLog, Documents, Edit, HeldEvent, Outbox, PictureIndex
from dalle.storage.ticket import Ticket
from dalle.words.series_files import SeriesFiles

__all__ = [
    "Archives",
    "Blobs",
    "Busy",
    "Cache",
    "CallLog",
    "Claim",
    "ClaimLost",
    "Documents",
    "Edit",
    "Entry",
    "HeldEntry",
    "HeldEvent",
    "Inventory",
    "Look",
    "Outbox",
    "PictureIndex",
    "Storage",
    "StorageError",
]


class StorageError(OSError):
    """The engine cannot read or write now."""


class Busy(Exception):
    """Another holder has the guard, and the caller did not want to wait."""


class ClaimLost(Exception):
    """Another holder has the key now: this one publishes nothing."""


@dataclass(frozen=True, slots=True)
class Look:
    """A key at one glance: its finished picture, opened, or else its public report (b"" without a whole one).

    is_unknown: there is neither of them, nor a journal, and nothing more needs to be looked for.
    """

    picture: OpenBlob | None
    report: bytes
    is_unknown: bool = False


class Storage(Protocol):
    """One storage engine."""

    @property
    def documents(self) -> Documents: ...
    @property
    def calls(self) -> CallLog: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def blobs(self) -> Blobs: ...
    @property
    def cache(self) -> Cache: ...
    @property
    def pictures(self) -> PictureIndex: ...
    @property
    def archives(self) -> Archives: ...
    @property
    def series(self) -> SeriesFiles: ...
    @property
    def poll_interval(self) -> float:
        """Seconds between two times that an idle thread asks for work."""

    def now_ns(self) -> int:
        """Return the engine's time in Unix nanoseconds: expiry, pauses and the order of the queue go by it."""

    def look(self, key: Key) -> Look:
        """Return picture or report of a key. Hot: every poll asks."""

    def finished(self, key: Key) -> OpenBlob | None:
        """Open the finished picture; None without a whole one."""

    def stat(self, key: Key) -> Stat | None:
        """Return time and size of the finished picture, None without a whole one. Its bytes may be far away."""

    def noted_version(self, key: Key, modified_ns: int, size: int | None = None) -> str:
        """Return the version of the finished picture of that time and, if it is known, size; "" if none is noted.

        With the size of an open picture it is surely that of its bytes. Cheap: lists ask for each picture.
        """

    def version(self, key: Key, picture: OpenBlob) -> str:
        """Return the version of an open finished picture: 16 hexadecimal digits of the SHA-256 of its bytes.

        Where it is not noted, it is computed, and noted if possible; the caller holds no guard. "" for one that is
        being written by something else.
        """

    def guard(self, key: Key, *, wait: bool = True) -> AbstractContextManager[Entry]:
        """Hold a key for a decision: not reentrant, and one at a time in a thread. Raises Busy without `wait`."""

    def take(self) -> Claim | None:
        """Claim the run of the oldest free ticket, whose state becomes running; None when there is none."""

    def claim(self, key: Key, *, wait: bool = True) -> Claim | None:
        """Claim a key, None when it is busy. The caller does not hold its guard."""

    def is_claimed(self, key: Key, token: str = "") -> bool:
        """Return whether a living holder has the key, with `token` whether that one has. Needs no guard."""

    def journal(self, key: Key) -> Journal | None:
        """Return the journal outside of any commit. Raises NewerJournal, DamagedJournal."""

    def ticket(self, key: Key) -> Ticket | None:
        """Return the ticket of a key's open or cancelled run."""

    def tickets(self) -> list[Ticket]:
        """Return all tickets, oldest first: those of open runs, and of cancelled ones that were not let go yet."""

    def open_runs(self) -> list[tuple[Ticket, bytes]]:
        """Return all open runs with their reports (b"" without one), oldest first."""

    def waiting_reports(self, older_than: float) -> list[tuple[Ticket, int]]:
        """Return waiting tickets whose reports are older than so many seconds, with their position from 1 on."""

    def show_waiting(self, reports: Iterable[tuple[Ticket, bytes]]) -> None:
        """Replace the reports of tickets that still wait; a key that is being decided about is left out."""

    def failures(self, since_ns: int) -> list[tuple[Key, str, bytes]]:
        """Return key, run id and present report of the runs that failed since a moment, newest first."""

    def failed_journals(self) -> Iterator[Journal]:
        """Yield the journals of keys whose last run failed, the newest failure first.

        It takes as long as there are journals taken from it, not as there are keys; at least 10,000 can be had.
        """

    def late_originals(self) -> Iterator[Original]:
        """Yield originals that were written since the last call, for runs that were given up before.

        In a large storage a part at each call.
        """

    def previous(self, older_than: float) -> Iterator[Key]:
        """Yield the keys whose previous picture has been kept for so many seconds."""

    def exclusive(self, name: str, *, wait: bool = True, local: bool = False) -> AbstractContextManager[None]:
        """Hold a name over all workers, or with `local` over those of this machine. Raises Busy without `wait`."""

    def tidy(self, older_than: float) -> None:
        """Remove what killed processes left more than so many seconds ago; in a large storage a part at each call."""

    def keep_up(self, seconds: float) -> bool:
        """Put in order what has accumulated, for about so many seconds; return whether all is done.

        The caller excludes others that do the same.
        """

    @property
    def public_folder(self) -> Path | None:
        """The folder that a web server may send files from, None where there is none."""

    @property
    def owner(self) -> Owner | None:
        """Whose what is kept is, or will be, as a user of this machine; None where it belongs to none."""

    def public_access(self, *, umask: int) -> Finding:
        """Return whether a web server can read the public folder; `umask`: of the process that writes it."""

    def examine(self, *, read_only: bool) -> Iterator[Finding]:
        """Yield what `doctor` says about the engine."""

    def inventory(self, *, series: str = "", addresses: Sequence[str] = ()) -> AbstractContextManager[Inventory]:
        """Take an inventory of all that is kept, or of a series, or of some of its addresses.

        It takes as long as there are files and calls, and memory as if there were few.
        """

    def prepare(self) -> None:
        """Make what is missing before the first use; harmless when nothing is."""

    def check(self, *, write: bool = True) -> OSError | None:
        """Write, read and remove a probe, and look whether runs can write what they need; without `write` only read.

        Returns what refuses a part of the runs, None without it. Costs the same however many keys there are.
        """

    def close(self) -> None:
        """Release what the engine holds."""
