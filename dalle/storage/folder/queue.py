"""The runs that are open, over all workers: one ticket each, a name in a folder.

    queue/<queued ns>.<run id>.<series>.<address>.waiting
    queue/<queued ns>.<run id>.<series>.<address>.running
    queue/<ended ns>.<run id>.<series>.<address>.failed

A ticket lives from the request until the run's end has been written, so that the folder names every run that
somebody may have left behind. A failure leaves a note for an hour, which is no ticket: nothing waits for it. Names
sort by age. Nothing is written inside a ticket: it is never torn.
"""

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from dalle.errors import QueueFull
from dalle.key import Key
from dalle.storage.folder.atomic import flocked

State = Literal["waiting", "running"]

# Failures that are told: so long, and so many at most.
TOLD_NS = 3_600_000_000_000
MOST_TOLD = 50


@dataclass(frozen=True, slots=True, order=True)
class Ticket:
    """An open run."""

    queued_ns: int
    run_id: str
    key: Key
    state: State

    @property
    def name(self) -> str:
        return f"{self.queued_ns:020d}.{self.run_id}.{self.key.series}.{self.key.address}.{self.state}"

    @classmethod
    def parse(cls, name: str) -> "Ticket | None":
        """The ticket of that name, None for any other file."""
        match name.split("."):
            case [queued, run_id, series, address, ("waiting" | "running") as state] if queued.isdigit():
                return cls(int(queued), run_id, Key(series, address), "waiting" if state == "waiting" else "running")
        return None


class Queue:
    """The tickets of one data folder; `capacity` bounds the open runs, running ones included."""

    def __init__(self, folder: Path, capacity: int) -> None:
        self.folder = folder
        self.capacity = capacity

    def tickets(self) -> list[Ticket]:
        """All open runs, oldest first."""
        try:
            names = os.listdir(self.folder)
        except FileNotFoundError:
            return []
        return sorted(ticket for ticket in map(Ticket.parse, names) if ticket)

    def find(self, key: Key) -> Ticket | None:
        """The key's ticket. The caller holds the key's guard when it decides on the answer."""
        return next((ticket for ticket in self.tickets() if ticket.key == key), None)

    def waits(self, ticket: Ticket) -> bool:
        """Whether the ticket still lies there in this state."""
        return (self.folder / ticket.name).exists()

    def put(self, ticket: Ticket) -> int:
        """Add a waiting ticket; gives how many wait before it. Raises QueueFull, and nothing is left behind."""
        with flocked(self.folder / "guard"):
            tickets = self.tickets()
            if len(tickets) >= self.capacity:
                raise QueueFull(f"{len(tickets)} runs are open and {self.capacity} may be", retry_after=10)
            os.close(os.open(self.folder / ticket.name, os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666))
            return sum(other.state == "waiting" and other < ticket for other in tickets)

    def restore(self, ticket: Ticket) -> None:
        """Put back a ticket of a run that was accepted before, full or not."""
        with flocked(self.folder / "guard"):
            if self.find(ticket.key) is None:
                os.close(os.open(self.folder / ticket.name, os.O_CREAT | os.O_CLOEXEC, 0o666))

    def move(self, ticket: Ticket, state: State) -> Ticket | None:
        """Change a ticket's state; None when it is not there (any more).

        The caller holds the key's guard, so that nobody who looks for the ticket misses it on its way.
        """
        moved = replace(ticket, state=state)
        try:
            os.rename(self.folder / ticket.name, self.folder / moved.name)
        except FileNotFoundError:
            return None
        return moved

    def drop(self, key: Key) -> None:
        """Take away the key's tickets: its run has ended."""
        for ticket in self.tickets():
            if ticket.key == key:
                (self.folder / ticket.name).unlink(missing_ok=True)

    def note_failure(self, key: Key, run_id: str, ended_ns: int) -> None:
        """Leave a note of a run that failed, and take away the notes that are old."""
        name = f"{ended_ns:020d}.{run_id}.{key.series}.{key.address}.failed"
        os.close(os.open(self.folder / name, os.O_CREAT | os.O_CLOEXEC, 0o666))
        notes = self._notes()
        for name in notes[:-MOST_TOLD] + [one for one in notes if int(one[:20]) < ended_ns - TOLD_NS]:
            (self.folder / name).unlink(missing_ok=True)

    def failures(self, now_ns: int) -> list[tuple[Key, str]]:
        """Keys and run ids of the runs that failed within the last hour, newest first; a later run may have ended."""
        found = []
        for name in reversed(self._notes()):
            moment, run_id, series, address, _ = name.split(".")
            if int(moment) >= now_ns - TOLD_NS:
                found.append((Key(series, address), run_id))
        return found

    def _notes(self) -> list[str]:
        try:
            names = os.listdir(self.folder)
        except FileNotFoundError:
            return []
        return sorted(
            name for name in names if name.endswith(".failed") and name[:20].isdigit() and name.count(".") == 4
        )
