"""Everything that is kept, key by key: what `verify` holds against each other and `export` takes along."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from dalle.key import Key
from dalle.storage.blob import Blob, Original
from dalle.storage.entries import Entry

FaultLevel = Literal["warning", "error"]
Mend = Callable[[Entry], object]


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is wrong with what is kept.

    code   a name of its kind, for programs
    level  "error": something is lost, wrong or in the way; "warning": nothing is, but a person may want to know
    about  the key, or what else it concerns: a series, a file, a run
    cure   what to do about it, as a sentence
    mend   the cure, where it loses nothing; called with the key's entry, in which the fault was seen
    fixed  whether it was mended
    """

    code: str
    level: FaultLevel
    about: str
    message: str
    cure: str
    mend: Mend | None = field(default=None, compare=False, repr=False)
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class Holding:
    """What was kept of one key when the inventory was taken.

    blobs      public: finished and previous picture, generated pictures, texts, attributes
    originals  private, and only until they have become the picture
    calls      lines of the call log, oldest first
    """

    key: Key
    blobs: tuple[Blob, ...] = ()
    originals: tuple[Original, ...] = ()
    calls: tuple[Mapping[str, Any], ...] = ()

    def has(self, blob: Blob) -> bool:
        """Return whether that blob was there."""
        return blob in self.blobs


class Inventory(Protocol):
    """What is kept, as it was when it was taken: a number of keys of any size, in bounded memory."""

    def __len__(self) -> int:
        """Return how many keys there are."""

    def __iter__(self) -> Iterator[Holding]:
        """Yield what is kept of each key, in the order of the keys."""

    def series(self) -> list[str]:
        """Return the series of which anything is kept, sorted."""

    def pictures(self, series: str) -> int:
        """Return how many finished pictures there were, also those that are named by no address."""

    def others(self) -> Iterator[str]:
        """Yield the public names of what belongs to no key: pictures of other names, and what is beside them."""

    def faults(self, key: Key) -> Iterable[Fault]:
        """Yield what is wrong now with what the engine keeps of a key for itself: names, copies, leftovers."""

    def stray(self) -> Iterable[Fault]:
        """Yield what is wrong with what belongs to no key."""
