"""A client makes, shows and removes pictures: in this process, or through a server.

A report is the progress of the HTTP contract as a dictionary, {} for a key without a picture and without a run.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from dalle.errors import DalleError
from dalle.key import Key

Fields = dict[str, Any]


class Unreachable(DalleError):
    code, status, message = "SERVICE_UNAVAILABLE", 503, "The server cannot be reached"


@dataclass(frozen=True, slots=True)
class Estimate:
    """What many pictures will cost and take; `usd` is None and `seconds` 0 when it is not known here."""

    usd: float | None = None
    seconds: float = 0


class Client(Protocol):
    """This process or a server. Every method may raise a DalleError; a server that does not answer is Unreachable."""

    remote: bool

    def key(self, series: str, address: str) -> Key:
        """Returns the key. Raises InvalidSeries, InvalidAddress; a server checks the series when it gets a request."""

    def series(self) -> list[str]:
        """Returns the names of all series, sorted."""

    def addresses(self) -> list[str]:
        """Returns every address that has a picture in some series, sorted; a server does not list them: []."""

    def estimate(self, keys: Sequence[Key], jobs: int) -> Estimate:
        """Estimates what it costs and takes to make the pictures of the keys, `jobs` at once."""

    def has_picture(self, key: Key) -> bool:
        """Returns whether the picture is finished."""

    def request(self, key: Key) -> Fields:
        """Starts a run unless there is a picture or an open run; returns the report. Raises QueueFull."""

    def renew(self, key: Key) -> Fields:
        """As `request`, but another picture is made, and paid for, whatever there is. Raises QueueFull."""

    def report(self, key: Key, *, wait: int = 0) -> Fields:
        """Returns the report; starts nothing. A server may wait for the end of the run, `wait` seconds at most."""

    def picture(self, key: Key) -> bytes:
        """Returns the finished PNG. Raises NotFound."""

    def location(self, key: Key) -> str:
        """Returns the path or the URL of the finished picture."""

    def remove(self, key: Key) -> bool:
        """Deletes the finished picture; returns whether there was one."""

    def cancel(self, key: Key) -> Fields:
        """Cancels the open run; returns the report of how the key's run has ended."""

    def runs(self, failed: int) -> list[Fields]:
        """Returns the reports of open runs, oldest first, then of at most `failed` failed ones, newest first."""

    def drain(self) -> None:
        """Starts no more runs in this process, and returns when its runs have ended. Reports can still be read."""

    def close(self) -> None:
        """Drains and releases the client, which is not used after that."""
