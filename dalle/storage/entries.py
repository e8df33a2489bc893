"""The interface of one key under decision, and of the right to work on it; see `dalle/storage/protocol.py`."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from dalle.key import Key
from dalle.storage.attempt import Attempt
from dalle.storage.blob import Blob, Facts, Original, Staged
from dalle.storage.event import Event
from dalle.storage.journal import Journal
from dalle.storage.ticket import Ticket, TicketState


class Entry(Protocol):
    """Exclusive access to one key, for one decision about it."""

    @property
    def key(self) -> Key: ...

    def journal(self) -> Journal | None:
        """Return the journal, None without one. Raises NewerJournal, DamagedJournal."""

    def save(self, journal: Journal, *, durable: bool = False) -> None:
        """Replace the journal."""

    def forget(self) -> None:
        """Delete the journal."""

    def ticket(self) -> Ticket | None:
        """Return the ticket of the open run."""

    def enqueue(self, run_id: str) -> tuple[Ticket, int]:
        """Add a waiting ticket; return it and how many wait before it. Raises QueueFull, and nothing was added."""

    def restore(self, ticket: Ticket) -> None:
        """Put back the ticket of a run that was accepted before, however full the queue is."""

    def move(self, ticket: Ticket, state: TicketState) -> Ticket | None:
        """Change the state of a ticket; None when it is gone."""

    def drop(self) -> None:
        """Remove the key's ticket: its run has ended."""

    def ask_cancel(self) -> None:
        """Ask the holder of the key's run to let go: its ticket is `cancelled` until it has, or is moved again."""

    def edit(self, name: str, *, durable: bool = False) -> AbstractContextManager[dict[str, Any]]:
        """`Documents.edit` in this commit."""

    def note_call(self, line: Mapping[str, Any], *, repeated: bool = False) -> None:
        """Add a line to the call log; `repeated`: it may be there already, and is then left out. Never raises."""

    def note_failure(self, run_id: str, ended_ns: int) -> None:
        """List the run among the recent failures."""

    def emit(self, event: Event) -> None:
        """`Outbox.put` in this commit. Before the journal says what the event reports, so that none is lost."""

    def report(self) -> bytes:
        """Return the public report, b"" without a whole one."""

    def show(self, report: bytes) -> None:
        """Replace the public report."""

    def hide(self) -> None:
        """Delete the public report."""

    def has_picture(self) -> bool:
        """Return whether there is a finished picture, whole or not."""

    def publish(self, staged: Sequence[Staged], facts: Facts) -> None:
        """Make staged bytes visible: the picture first, then the rest; what was not staged durably only if possible.

        A generated picture becomes the key's only one. A version among the facts is noted, and the picture and its
        thumbnails are blobs by that version too, if the engine can: from before the picture is visible until it is
        replaced or withdrawn. Raises FileNotFoundError if what was staged durably is gone: it
        had been staged for so long that it was tidied away.
        """

    def keep_original(self, original: Original, generated: Blob) -> None:
        """Make bytes that version 1.0 kept the key's only generated picture; harmless when that was done before."""

    def withdraw(self, *, keep: bool = False) -> bool:
        """Remove the finished picture and its thumbnails; return whether there was one.

        `keep`: it stays as the previous picture until `restore_previous` or `forget_previous`.
        """

    def forget_thumbnails(self) -> None:
        """Delete the thumbnails: their picture is gone."""

    def forget_version(self) -> None:
        """Forget which version the picture was, and the blobs of that version: it is gone."""

    def has_previous(self) -> bool:
        """Return whether a previous picture is kept."""

    def restore_previous(self) -> bool:
        """Make the previous picture the finished one again; return whether there was one."""

    def forget_previous(self) -> bool:
        """Delete the previous picture; return whether there was one."""

    def quarantine_journal(self, replacement: Journal) -> bool:
        """Move a journal away that cannot be read, and put another in its place, durably and in one step.

        What is moved away is kept, also when another was before. False when there is none, a readable or a newer one.
        """

    def salvage(self) -> list[Attempt]:
        """Return the attempts that a damaged journal still shows, the oldest first."""

    def quarantine_picture(self) -> bool:
        """Move a torn picture away; False when there is none, a whole one, or one that may still be being written."""

    def quarantine_original(self, original: Original) -> bool:
        """Move bytes away that are no picture; False when there are none."""


class HeldEntry(Entry, Protocol):
    """An entry of the claim's holder."""

    @property
    def cancelled(self) -> bool:
        """Whether the holder is asked to let go of the run that it has claimed."""

    def release(self) -> None:
        """Give the claim back in this commit."""


class Claim(Protocol):
    """The right to work on a key. Any thread may renew and release it."""

    @property
    def key(self) -> Key: ...
    @property
    def token(self) -> str:
        """The fence: a holder whose token was replaced publishes nothing any more."""

    @property
    def ticket(self) -> Ticket | None:
        """The ticket that it was taken with."""

    @property
    def taken_over(self) -> bool:
        """Whether the last holder did not let go of the key: it died, or fell silent."""

    def held(self) -> AbstractContextManager[HeldEntry]:
        """The entry, while the claim is surely the holder's own. Raises ClaimLost."""

    def renew(self, report: bytes = b"") -> bool:
        """Break the silence, and replace the public report if one is given.

        False when the holder is asked to let go (`HeldEntry.cancelled`); the report stays as it is then. Raises
        ClaimLost.
        """

    def remaining(self) -> float:
        """Return the seconds of lease that are left by this machine's clock; 0 or less: others may have the key."""

    def release(self) -> None:
        """Give the key back; harmless when it was lost, or released before."""
