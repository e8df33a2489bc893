"""The interface between the pipeline and a painter."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from dalle.errors import GenerationError
from dalle.imaging.decoding import Examined
from dalle.key import Key
from dalle.storage.attempt import Attempt
from dalle.storage.blob import Content
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
class Quote:
    """A call that would be sent now. `priced`: whether its price is known; if not, its estimate is 0."""

    call: Call
    priced: bool = True


@dataclass(frozen=True, slots=True)
class Answer:
    """The painted picture: its bytes, or a URL to fetch them from (exactly one of the two is set).

    `note` says what is remarkable about it, "" for nothing. By `ids` provider and gateways find the call.

    `cost` is in USD: computed from `usage` (the provider's numbers, flat), else the estimate. `examined` is the decoded
    picture, if the painter decoded it, so that nobody decodes it twice.
    """

    data: bytes = b""
    url: str = ""
    model: str = ""
    ids: dict[str, str] = field(default_factory=dict)
    revised_prompt: str = ""
    usage: dict[str, int] = field(default_factory=dict)
    cost: float = 0.0
    note: str = ""
    examined: Examined | None = None


Admit = Callable[[Edit, int], None]
"""Writes what must be one commit with an attempt (takes the edit and the number). Raises to forbid the call."""


class Recorder(Protocol):
    """Records every call, as the pipeline's journal does. All methods are durable when they return.

    What is recorded twice, because an earlier run's call is finished, counts once.
    """

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

    def received(self, number: int, answer: Content) -> None:
        """Keep an answer of the provider as it came, before it is read; a later one takes its place."""

    def make_room(self, size: int) -> None:
        """Wait, before an answer of so many bytes is read, until this machine has memory for what is in it."""

    def examine(self, data: bytes) -> Examined:
        """Decode a picture once there is memory for its pixels. Raises BadAnswer, EmptyPicture."""

    def submitted(self, number: int, task: Sequence[str], ids: Mapping[str, str]) -> None:
        """Record the URLs of a task, before the provider is asked there, and the ids of the answer that named them."""

    def answered(self, number: int, answer: Answer) -> None:
        """Record that an attempt was accepted."""


class Painter(Protocol):
    """Paints pictures. `name` appears in journals and pages; `paid` is whether a call may cost money."""

    @property
    def name(self) -> str: ...

    @property
    def paid(self) -> bool: ...

    def quote(self, orientation: Orientation) -> Quote:
        """Return the call that a picture of this orientation would take now. Sends and writes nothing."""

    def paint(self, order: Order, record: Recorder) -> Answer:
        """Paint the order; every call is recorded as sent, then as answered or failed, before this returns.

        Raises a GenerationError when there is no picture. Safe to call from several threads.
        """


class Finisher(Protocol):
    """Finishes what was paid for; costs nothing. Safe to call from several threads."""

    def fetch(self, attempt: Attempt, deadline: float, record: Recorder, *, bought: bool = False) -> Answer:
        """Fetch the picture from the attempt's URL; it is kept. `bought`: by this run. Raises DownloadFailed."""

    def resume(self, attempt: Attempt, kept: bytes | None, deadline: float, record: Recorder) -> Answer:
        """Finish an earlier call from its kept answer or its task: read, or ask, again.

        Raises a GenerationError when there is no picture yet, or none will come.
        """
