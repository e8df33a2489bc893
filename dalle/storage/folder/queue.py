"""The runs that are open, over all workers: one ticket each, a name in a folder.

    queue/<queued ns>.<run id>.<series>.<address>.waiting
    queue/<queued ns>.<run id>.<series>.<address>.running
    queue/<queued ns>.<run id>.<series>.<address>.cancelled
    queue/<ended ns>.<run id>.<series>.<address>.failed

A ticket lives from the request until the run's end has been written, so that the folder names every run that
a dead process may have left behind. A cancelled one, which version 1.0 does not see, lives until its holder has let go.
A failure leaves a note for an hour, which is no ticket: nothing waits for it.
Names sort by age. Nothing is written inside a ticket: it is never torn.
"""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import get_args

from dalle.atomic import flocked, open_lock
from dalle.errors import QueueFull
from dalle.key import Key
from dalle.storage.ticket import Ticket, TicketState

# Failures are listed for so long, and so many at most.
FAILURE_NS = 3_600_000_000_000
MOST_FAILURES = 50

MOST_REMOVED = 1000
"""Old notes that one failure removes: it must not wait for what others left."""
STATES: tuple[TicketState, ...] = get_args(TicketState)


def name_of(ticket: Ticket) -> str:
    return f"{ticket.queued_ns:020d}.{ticket.run_id}.{ticket.key.series}.{ticket.key.address}.{ticket.state}"


def parse(name: str) -> Ticket | None:
    """Return the ticket of that name, None for any other file."""
    match name.split("."):
        case [queued, run_id, series, address, suffix] if queued.isdigit():
            for state in STATES:
                if suffix == state:
                    return Ticket(int(queued), run_id, Key(series, address), state)
    return None


class Queue:
    """The tickets of one data folder; `capacity` bounds them, in whatever state."""

    def __init__(self, folder: Path, capacity: int) -> None:
        self.folder = folder
        self.capacity = capacity

    def tickets(self) -> list[Ticket]:
        """Return all tickets, oldest first."""
        try:
            names = os.listdir(self.folder)
        except FileNotFoundError:
            return []
        return sorted(ticket for name in names if name.endswith(STATES) and (ticket := parse(name)))

    def find(self, key: Key) -> Ticket | None:
        """Return the ticket of a key. A decision based on it needs the key's guard."""
        return next((ticket for ticket in self.tickets() if ticket.key == key), None)

    def has(self, ticket: Ticket) -> bool:
        """Return whether the ticket still exists in this state."""
        return (self.folder / name_of(ticket)).exists()

    def put(self, ticket: Ticket) -> int:
        """Add a waiting ticket; return how many wait before it. Raises QueueFull, and nothing is left behind."""
        with flocked(self.folder / "guard"):
            tickets = self.tickets()
            if len(tickets) >= self.capacity:
                raise QueueFull(f"{len(tickets)} runs are open, and at most {self.capacity} may be", retry_after=10)
            os.close(os.open(self.folder / name_of(ticket), os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666))
            return sum(other.state == "waiting" and other < ticket for other in tickets)

    def restore(self, ticket: Ticket) -> None:
        """Put back a ticket of a run that was accepted before, full or not."""
        with flocked(self.folder / "guard"):
            if self.find(ticket.key) is None:
                os.close(os.open(self.folder / name_of(ticket), os.O_CREAT | os.O_CLOEXEC, 0o666))

    def move(self, ticket: Ticket, state: TicketState) -> Ticket | None:
        """Change the state of a ticket; None when it does not exist any more.

        The caller holds the key's guard, so that no other decision misses the ticket on its way.
        """
        moved = replace(ticket, state=state)
        try:
            os.rename(self.folder / name_of(ticket), self.folder / name_of(moved))
        except FileNotFoundError:
            return None
        return moved

    def drop(self, key: Key) -> None:
        """Remove the tickets of a key: its run has ended."""
        for ticket in self.tickets():
            if ticket.key == key:
                (self.folder / name_of(ticket)).unlink(missing_ok=True)

    def note_failure(self, key: Key, run_id: str, ended_ns: int) -> None:
        """Leave a note of a failed run, and remove old notes."""
        name = f"{ended_ns:020d}.{run_id}.{key.series}.{key.address}.failed"
        os.close(open_lock(self.folder / name))
        notes = self._notes()
        old = [note for note in notes if is_old(note, ended_ns)]
        for name in (notes[:-MOST_FAILURES] + old)[:MOST_REMOVED]:
            (self.folder / name).unlink(missing_ok=True)

    def forget_failures(self, now_ns: int, over: Callable[[], bool]) -> bool:
        """Remove old notes until `over()`; return whether none is left. There may be many: a folder from elsewhere."""
        try:
            with os.scandir(self.folder) as entries:
                for entry in entries:
                    if is_note(entry.name) and is_old(entry.name, now_ns):
                        if over():
                            return False
                        (self.folder / entry.name).unlink(missing_ok=True)
        except FileNotFoundError:
            pass
        return True

    def failures(self, since_ns: int) -> list[tuple[Key, str]]:
        """Return key and run id of the runs that failed since a moment, newest first; a later run may have ended."""
        failed = []
        for name in reversed(self._notes()[-MOST_FAILURES:]):
            moment, run_id, series, address, _ = name.split(".")
            if int(moment) >= since_ns:
                failed.append((Key(series, address), run_id))
        return failed

    def _notes(self) -> list[str]:
        try:
            names = os.listdir(self.folder)
        except FileNotFoundError:
            return []
        return sorted(filter(is_note, names))


def is_note(name: str) -> bool:
    """Return whether a file of that name is the note of a failure."""
    return name.endswith(".failed") and name[:20].isdigit() and name.count(".") == 4


def is_old(note: str, now_ns: int) -> bool:
    return int(note[:20]) < now_ns - FAILURE_NS
