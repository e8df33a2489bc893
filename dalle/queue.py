"""The runs that are open, over all workers: one ticket each, a name in a folder.

    queue/<queued ns>.<run id>.<series>.<address>.waiting
    queue/<queued ns>.<run id>.<series>.<address>.running

A ticket lives from the request until the run's end has been written, so that the folder names every run that
somebody may have left behind. Names sort by age. Nothing is written inside a ticket: it is never torn.
"""

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from dalle.errors import QueueFull
from dalle.files import flocked
from dalle.key import Key

State = Literal["waiting", "running"]


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
        """Change a ticket's state; None when it is not there (any more)."""
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
