"""What the pipeline and a painter promise each other."""

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

    prompt       the text for painters that read (enhanced or plain, with the technical part)
    holder       names the claim of the run: key and token
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
    """What is about to be asked of a painter, as the journal keeps it. `estimate` is in USD."""

    model: str
    size: str
    quality: str
    estimate: float = 0.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the bytes, or a URL under which they lie (exactly one of the two is set).

    cost is in USD, settled from `usage` (numbers as the provider gave them, flat) or else the estimate. `examined` is
    what the bytes are, when the painter looked: they need not be decoded twice.
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
"""What must be one commit with an attempt (its documents, its number). Raises to forbid the call."""


class Recorder(Protocol):
    """Writes every call down; the pipeline's journal is one. All methods are durable when they return."""

    def sent(self, call: Call, admit: Admit | None = None) -> int:
        """Record the attempt *before* the provider is called, in one commit with `admit`; return its number, from 1 on.

        What it raises, and what `admit` raises, means: do not send.
        """

    def leaving(self, number: int) -> None:
        """Look once more, immediately before the call, whether the key is still ours.

        Raises a GenerationError that says that nothing was sent, which is then recorded as any other.
        """

    def failed(self, number: int, error: GenerationError) -> None:
        """Record how an attempt ended that brought no picture; `error.billed` says what it cost."""

    def answered(self, number: int, answer: Answer) -> None:
        """Record that an attempt was accepted; bytes, where the answer has some, are committed first of all."""


class Painter(Protocol):
    """Paints. `name` goes into journals and pages; `paid`: whether a call may cost money."""

    @property
    def name(self) -> str: ...

    @property
    def paid(self) -> bool: ...

    def paint(self, order: Order, record: Recorder) -> Answer:
        """Paint the order; every call is recorded as sent, then as answered or failed, before this returns.

        Raises a GenerationError when there is no picture. Safe to call from several threads.
        """

    def fetch(self, url: str, deadline: float) -> bytes:
        """Fetch the bytes of an answer that has a URL. Raises DownloadFailed; may be repeated, costs nothing."""
