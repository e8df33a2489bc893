"""What an engine keeps besides the keys under decision: documents, calls, events, blobs, cache, index of pictures."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from typing import IO, Any, Protocol

from dalle.key import Key
from dalle.storage.blob import Blob, Content, OpenBlob, Original, Staged
from dalle.storage.event import Event, Parcel
from dalle.storage.expenses import Expense, Group
from dalle.storage.picture import Archived, Folder, Matches, Page, Picture, Position, Progress, Upkeep


class Edit(Protocol):
    """Opens a document for a change: `Documents.edit`, or `Entry.edit` for one in the same commit."""

    def __call__(self, name: str, *, durable: bool = False) -> AbstractContextManager[dict[str, Any]]: ...


class Documents(Protocol):
    """JSON objects by name. A damaged one counts as absent."""

    def read(self, name: str, *, max_age: float = 0.0) -> dict[str, Any]:
        """Return the document, {} when it is absent, as it was at most `max_age` seconds ago.

        What is returned may be cached: it is not to be changed.
        """

    def edit(self, name: str, *, durable: bool = False) -> AbstractContextManager[dict[str, Any]]:
        """Hold the document for a change; it is written back when it differs, and not at all when the body raises.

        `durable`: it survives a power cut.
        """


class CallLog(Protocol):
    """The call log: calls to the provider, oldest first."""

    def since(self, moment_ns: int = 0) -> Iterator[dict[str, Any]]:
        """Yield the lines of calls that were sent at or after a moment (Unix nanoseconds); torn lines are left out.

        It takes as long as there are calls; `expenses` does not.
        """

    def expenses(self, since_ns: int = 0) -> Mapping[Group, Expense]:
        """Return the sums of the calls that were sent at or after a moment (Unix nanoseconds).

        Each call counts on the day that it was sent, however late its line came.
        """


class HeldEvent(Protocol):
    """An event of the outbox in the hands of one worker, which ends by one of these; without, it stays as it was.

    attempts  those so far; each of the methods takes their number from now on, and the status of the last answer
    """

    @property
    def event(self) -> Event: ...
    @property
    def attempts(self) -> int: ...

    def forget(self) -> None:
        """It was delivered."""

    def postpone(self, due_ns: int, *, attempts: int, status: int = 0) -> None:
        """Let it wait until a moment. Needs no room: it works on a full disk too."""

    def give_up(self, now_ns: int, *, attempts: int, status: int = 0) -> None:
        """Keep it among those that were not delivered."""


class Outbox(Protocol):
    """Events until they are delivered. `Entry.emit` adds one in the commit of its key."""

    def put(self, event: Event) -> None:
        """Add an event; it survives a power cut. One of the same id that was not sent yet is replaced."""

    def waiting(self) -> list[Parcel]:
        """Return what waits, in the order in which it is due."""

    def given_up(self) -> list[Parcel]:
        """Return what was given up, oldest first: a bounded number, for a bounded time."""

    def due(self, now_ns: int) -> list[Parcel]:
        """Return what of `waiting` is due. Cheap while nothing is: each worker asks every second."""

    def read(self, parcel: Parcel) -> Event | None:
        """Return the event of a parcel, None when it is gone."""

    def hold(self, parcel: Parcel) -> AbstractContextManager[HeldEvent | None]:
        """Hold what waits; None when another worker does, or it changed. It is free when its holder dies."""

    def retry(self, event_ids: Collection[str] = ()) -> int:
        """Let events, or all, be sent at once, as if they had never been sent; return how many."""


class Blobs(Protocol):
    """Bytes by name, whole or absent: a reader never sees a part."""

    def stage(self, blob: Blob, data: Content, *, durable: bool = False, modified_ns: int = 0) -> Staged:
        """Write bytes that stay invisible until `Entry.publish`.

        `modified_ns`: the time of what they are a copy of, in Unix nanoseconds; 0: they are new. So in `put`.
        """

    def discard(self, staged: Iterable[Staged]) -> None:
        """Drop staged bytes, but for those that were published: the caller need not know. Never raises."""

    def put(self, blob: Blob, data: Content, *, durable: bool = False, modified_ns: int = 0) -> None:
        """Write bytes that have one writer: texts, originals, thumbnails."""

    def scratch(self) -> IO[bytes]:
        """Open a file without a name and a buffer, for what is too large for memory; it is gone when it is closed."""

    def get(self, blob: Blob) -> bytes | None:
        """Return the bytes, None when they are absent."""

    def open(self, blob: Blob) -> OpenBlob | None:
        """Open for reading, None when it is absent: replacing or deleting it does not disturb the reader."""

    def open_public(self, path: str) -> OpenBlob | None:
        """Open what `/files/<path>` names; None for what is absent, hidden, no regular file, or leads outside."""

    def has(self, blob: Blob) -> bool:
        """Return whether the bytes are there."""

    def delete(self, blob: Blob) -> bool:
        """Delete; return whether it was there."""

    def originals(self, key: Key) -> list[Original]:
        """Return the originals of a key that have not become its picture, oldest attempt first."""

    def locate(self, blob: Blob) -> str:
        """Return where an operator finds the bytes: a path or a URL."""

    def addresses(self) -> set[str]:
        """Return every address that has a finished picture in some series."""

    def free_bytes(self) -> int | None:
        """Return how many bytes can still be written, None where nobody can say."""


class Cache(Protocol):
    """Bytes that can be made again, shared by all workers and bounded in size: each may be gone at any time.

    A name is that of the content, 64 hexadecimal digits: what is there never changes. Nothing here raises.
    """

    def get(self, name: str) -> bytes | None:
        """Return the bytes, as they were put; None when they are gone, damaged or cannot be read."""

    def put(self, name: str, data: bytes) -> None:
        """Keep bytes, at the cost of those that were not asked for longest; on a full disk they are not kept."""


class PictureIndex(Protocol):
    """The finished pictures in the gallery's order: series with the newest picture first, then newest first."""

    def folders(self) -> list[Folder]:
        """Return the series that have pictures, in order."""

    def page(
        self,
        *,
        series: str = "",
        words: str = "",
        after: Position | None = None,
        until: Position | None = None,
        limit: int = 48,
    ) -> Page:
        """Return the pictures behind a position, of one series or of all, whose words contain each of `words`.

        `until`: those in front of a position instead, in the same order.
        """

    def matches(self, words: str, *, series: str = "", most: int = 1000) -> Matches:
        """Return how many pictures `page` would list, counted up to `most`."""

    def position(
        self,
        *,
        series: str = "",
        share: float | None = None,
        before_ns: int | None = None,
        picture: Picture | None = None,
    ) -> Position | None:
        """Return a place: behind about a share (0 to 1) of all pictures, before those older than a moment or a picture.

        A moment counts in the first series with such pictures; where there are none, the place is the end. None: at the
        beginning.
        """

    def share(self, position: Position | None, *, series: str = "") -> float:
        """Return about which share (0 to 1) of all pictures is in front of a place."""

    def around(self, picture: Picture, *, series: str = "", words: str = "") -> dict[str, Picture | None]:
        """Return the neighbours in the order of `page`: first, previous, next, last; None where there is none."""

    def find(self, series: str, name: str) -> Picture | None:
        """Return one picture; also one that was finished a moment ago."""

    def progress(self) -> Progress:
        """Return how far the index is."""

    def tend(self, seconds: float) -> Upkeep:
        """Bring the index up to date, waiting for that at most about so long; then return what it noticed."""

    def acknowledge(self, upkeep: Upkeep) -> None:
        """Forget what `tend` reported, now that it has been dealt with."""


class Archives(Protocol):
    """Finished pictures that another program has taken out of use and kept; nothing here archives one."""

    def list(self) -> list[Archived]:
        """Return them by series, newest first."""

    def restore(self, series: str, name: str) -> bool:
        """Put a picture back, with what belongs to it; return whether it was archived.

        Raises FileExistsError when another picture is in its place; then nothing is moved.
        """
