"""What a question about a key is answered with."""

from dataclasses import dataclass

from dalle.storage.blob import OpenBlob


@dataclass(frozen=True, slots=True)
class Ready:
    """The finished picture, open for reading: replacing or removing it does not disturb this reader."""

    picture: OpenBlob


@dataclass(frozen=True, slots=True)
class Report:
    """A progress report: the body of the answer but for its request id."""

    body: bytes


@dataclass(frozen=True, slots=True)
class Idle:
    """There is no picture and no run."""


Outcome = Ready | Report | Idle
