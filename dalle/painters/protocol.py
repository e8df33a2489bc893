"""The interface between the pipeline and a painter."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from dalle.errors import GenerationError
from dalle.imaging.decoding import Examined
from dalle.key import Key
from dalle.storage.protocol import Edit
from dalle.words.orientation import Orientation
from dalle.words.selection import Selection


@dataclass(frozen=True, slots=True)
class Order:
    """One picture to paint.

    prompt       the text for painters that take one (enhanced or plain, with the technical part)
    holder       the claim of the run: its key and token
    orientation  follows from the viewpoint and composition attributes
    deadline     moment of `time.monotonic()` after which the answer is of no use
    """

    key: Key
    run_id: str
    holder: str
    selection: Selection
    prompt: str
    orientation: Orientation
    deadline: float


@dataclass(frozen=True, slots=True)
class Call:
    """One call to a painter, as the journal records it before it is sent. `estimate` is in USD."""

    model: str
    size: str
    quality: str
    estimate: float = 0.0


@dataclass(frozen=True, slots=True)
class Answer:
    """The painted picture: its bytes, or a URL to fetch them from (exactly one of the two is set).

    `cost` is in USD: computed from `usage` (the provider's numbers, flat), else the estimate. `examined` is the decoded
    picture, if the painter decoded it, so that nobody decodes it twice.
    """

    data: bytes = b""
    url: str = ""
    model: str = ""
    request_id: str = ""
    revised_prompt: str = ""
    usage: dict[str, int] = field(default_factory=dict)
    cost: float = 0.0
    examined: Examined | None = None


Admit = Callable[[Edit, int], None]
"""Writes what must be one commit with an attempt (takes the edit and the number). Raises to forbid the call."""


class Recorder(Protocol):
    """Records every call, as the pipeline's journal does. All methods are durable when they return."""

    def sent(self, call: Call, admit: Admit | None = None) -> int:
        """Record the attempt *before* the provider is called, in one commit with `admit`; return its number, from 1 on.

        If it raises, or `admit` does, the call must not be sent.
        """

    def confirm_claim(self, number: int) -> None:
        """Check once more, immediately before the call, whether the run still holds its key.

        Raises a GenerationError if not: nothing was sent, and the attempt is recorded as failed like any other.
        """

    def failed(self, number: int, error: GenerationError) -> None:
        """Record how an attempt without a picture ended; `error.billed` says whether it was charged."""

    def answered(self, number: int, answer: Answer) -> None:
        """Record that an attempt was accepted; the bytes of the answer, if any, are committed first."""


class Painter(Protocol):
    """Paints pictures. `name` appears in journals and pages; `paid` is whether a call may cost money."""

    @property
    def name(self) -> str: ...

    @property
    def paid(self) -> bool: ...

    def paint(self, order: Order, record: Recorder) -> Answer:
        """Paint the order; every call is recorded as sent, then as answered or failed, before this returns.

        Raises a GenerationError when there is no picture. Safe to call from several threads.
        """

    def fetch(self, url: str, deadline: float) -> bytes:
        """Fetch the bytes of an answer that has a URL. Raises DownloadFailed; may be repeated; costs nothing."""
