"""What is reported to others: an event, and its place in the outbox."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, at `time_ns` (Unix nanoseconds).

    id    letters, digits, _ and -; the same however often the event is written
    data  what a receiver reads, beside type and time
    """

    id: str
    type: str
    time_ns: int
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True, order=True)
class Parcel:
    """The state of an event in the outbox. Parcels sort by `due_ns`.

    due_ns    when it is to be sent, in Unix nanoseconds, 0: at once; of one that was given up: when that was
    attempts  how often it was sent and not taken
    status    of the last answer, 0 when none came
    """

    due_ns: int
    event_id: str
    attempts: int = 0
    status: int = 0
