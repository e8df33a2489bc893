"""Names for bytes: what a picture, a text or an original is called, whatever engine keeps it."""

import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import BinaryIO, Literal, NamedTuple

from dalle.errors import InvalidRequest
from dalle.key import Key

OriginalKind = Literal["answer", "raw"]
TextKind = Literal["data", "title", "terse", "prompt", "enhanced", "technical"]
TEXTS: tuple[TextKind, ...] = ("data", "title", "terse", "prompt", "enhanced", "technical")
Content = bytes | Iterable[bytes]
"""Bytes, or the pieces of them, any number of times over: large ones need not be put together in memory."""
WIDTHS = (64, 128, 256, 512)
"""Of thumbnails, in pixels."""
EXTENSIONS = ("png", "webp", "jpeg", "gif", "avif", "bmp", "tiff")
"""Of generated pictures."""


def width_of(text: str) -> int:
    """Return the width of a thumbnail that a text names. Raises InvalidRequest."""
    if text not in map(str, WIDTHS):
        expected = ", ".join(map(str, WIDTHS))
        raise InvalidRequest(f"w={text[:16]}: expected one of {expected}")
    return int(text)


@dataclass(frozen=True, slots=True)
class Blob:
    """Bytes that belong to a key; `path` is their public name below the output folder, also as `/files/<path>`."""

    key: Key
    path: str

    @classmethod
    def picture(cls, key: Key) -> "Blob":
        """The finished picture, annotated."""
        return cls(key, f"{key.series}/annotated/{key.address}.png")

    @classmethod
    def previous(cls, key: Key) -> "Blob":
        """The finished picture before it, while that one is made again."""
        return cls(key, f"{key.series}/former/{key.address}.png")

    @classmethod
    def generated(cls, key: Key, extension: str) -> "Blob":
        """The bytes as the painter sent them; one of EXTENSIONS, and `jpg` in older folders."""
        return cls(key, f"{key.series}/generated/{key.address}.{extension}")

    @property
    def is_generated(self) -> bool:
        return self.path.startswith(f"{self.key.series}/generated/")

    @classmethod
    def version(cls, key: Key, version: str) -> "Blob":
        """The finished picture by the version that it is, for as long as it is the finished one."""
        return cls(key, f"{key.series}/versions/{key.address}.{version}.png")

    @classmethod
    def thumbnail(cls, key: Key, width: int, version: str = "") -> "Blob":
        """A small picture: of the finished one, whichever it is, or of a version."""
        if version:
            return cls(key, f"{key.series}/versions/{width}/{key.address}.{version}.webp")
        return cls(key, f"{key.series}/thumbs/{width}/{key.address}.webp")

    @classmethod
    def text(cls, key: Key, kind: TextKind) -> "Blob":
        return cls(key, f"{key.series}/{kind}/{key.address}.txt")

    @classmethod
    def attributes(cls, key: Key) -> "Blob":
        """The selected attributes, as JSON."""
        return cls(key, f"{key.series}/selector/{key.address}.json")


@dataclass(frozen=True, slots=True)
class Original(Blob):
    """What an attempt brought, private, from its arrival until it has become the picture. `path` is empty.

    kind  "answer": the provider's answer as it came; "raw": the bytes of a picture, which version 1.0 kept instead
    """

    run_id: str = ""
    number: int = 0
    kind: OriginalKind = "answer"

    @classmethod
    def of(cls, key: Key, run_id: str, number: int, kind: OriginalKind = "answer") -> "Original":
        return cls(key, "", run_id, number, kind)

    def is_of(self, run_id: str, number: int) -> bool:
        """Return whether that attempt brought it."""
        return (self.run_id, self.number) == (run_id, number)

    @property
    def name(self) -> str:
        """What the journal calls it."""
        return f"{self.key.address}.{self.run_id}.{self.number}.{self.kind}"


@dataclass(frozen=True, slots=True)
class OpenBlob:
    """Bytes, open for reading. `size` in bytes, `modified_ns` in Unix nanoseconds."""

    file: BinaryIO | io.FileIO
    size: int
    modified_ns: int

    def close(self) -> None:
        self.file.close()


class Stat(NamedTuple):
    """Of bytes that are not opened: Unix nanoseconds, and how many they are."""

    modified_ns: int
    size: int


@dataclass(frozen=True, slots=True)
class Staged:
    """Bytes that are written and not yet visible; `place` is the engine's own name for them."""

    blob: Blob
    place: str
    durable: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """What an index wants to know of a published picture: sizes in pixels, and its version if it was computed.

    painting: how many of its rows, from above, are the painting.
    """

    title: str = ""
    painter: str = ""
    width: int = 0
    height: int = 0
    version: str = ""
    painting: int = 0
