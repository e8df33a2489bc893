"""A ticket: one run in the queue, from the request until its end is written and its holder has let go of it."""

from dataclasses import dataclass
from typing import Literal

from dalle.key import Key

TicketState = Literal["waiting", "running", "cancelled"]
"""`cancelled`: the run has ended, and its holder is asked to let go, or gone without having done so."""


@dataclass(frozen=True, slots=True, order=True)
class Ticket:
    """An open run, or a cancelled one. Tickets sort by age; `queued_ns` is the engine's time in Unix nanoseconds."""

    queued_ns: int
    run_id: str
    key: Key
    state: TicketState
