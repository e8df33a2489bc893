"""The operator's series files as storage engines provide them, for reading and for editing."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

Stamp = tuple[int, ...]
"""Differs once what it stands for has changed; two are compared and nothing more."""

KEPT = 10
"""Earlier versions of a file, at least so many of which can be had."""


class SeriesConflict(Exception):
    """The file is not the one that the editor had read. Nothing was written."""


@dataclass(frozen=True, slots=True)
class SeriesVersion:
    """What a file held before it was replaced or deleted.

    number       counts up; a later version never has the number of an earlier one that can still be had
    replaced_ns  when it was replaced, in Unix nanoseconds
    size         bytes
    """

    number: int
    replaced_ns: int
    size: int


class SeriesFiles(Protocol):
    """Series files as bytes by name, which may be any text.

    With content comes its stamp, or None when a change soon after might hide behind the same stamp.
    """

    def names(self) -> tuple[Iterable[str], Stamp | None]:
        """Returns the names of all files, and the stamp of that list."""

    @property
    def place(self) -> str:
        """Where an operator puts them: a folder, or what stands for one."""

    def names_stamp(self) -> Stamp:
        """Returns the present stamp of the list. Cheap; need not change when a file is edited in place."""

    def read(self, name: str) -> tuple[bytes, Stamp | None]:
        """Returns the content of a file and its stamp.

        Raises FileNotFoundError for one that is absent, else an OSError with a reason that shows no path.
        """

    def stamp(self, name: str) -> Stamp:
        """Returns the present stamp of a file. Cheap. Raises as `read`."""

    def write(self, name: str, content: bytes, *, expecting: str | None = None) -> None:
        """Replaces a file, or adds it, and keeps what it replaces as a version; both survive a power cut.

        `expecting` is the SHA-256 (hexadecimal) of what the editor has read, "" for no file, None for anything.
        Raises SeriesConflict when another content is there now, ValueError for a name that no series can have, and
        an OSError as `read` does; then the file is as it was.
        """

    def delete(self, name: str, *, expecting: str | None = None) -> bool:
        """Deletes a file, and keeps what it held as a version; returns whether it was there. Raises as `write`."""

    def versions(self, name: str) -> list[SeriesVersion]:
        """Returns what `write` and `delete` have kept of a name, newest first: the last ten."""

    def version(self, name: str, number: int) -> bytes:
        """Returns what a version holds. Raises FileNotFoundError for one that is not kept (any more)."""
