"""A ticket: one open run in the queue, from the request to the end of the run."""

from dataclasses import dataclass
from typing import Literal

from dalle.key import Key

TicketState = Literal["waiting", "running"]


@dataclass(frozen=True, slots=True, order=True)
class Ticket:
    """An open run. Tickets sort by age; `queued_ns` is the engine's time in Unix nanoseconds."""

    queued_ns: int
    run_id: str
    key: Key
    state: TicketState
