"""What only a picture's file tells: whether it is whole, its size, who painted it, and its title beside it."""

import os
import re
from dataclasses import dataclass

from dalle.storage.folder.layout import Store

PNG_BEGIN = b"\x89PNG\r\n\x1a\n"
PNG_END = b"\0\0\0\0IEND\xaeB`\x82"
MOST_TITLE = 200
MOST_HEAD = 2048  # bytes: what we write before the pixels is shorter
SOURCE = re.compile(rb"iTXtSource\0\0\0\0\0([a-z]{1,20})")


@dataclass(frozen=True, slots=True)
class Look:
    """`whole` is False for a file that has no end (yet) or is gone; sizes are in pixels, 0: unknown.

    painter: as the file says (the first word of its "Source"), "" when it says nothing
    """

    whole: bool
    width: int
    height: int
    title: str
    painter: str = ""


class Inspection:
    """Looks into the files of one data folder."""

    def __init__(self, store: Store) -> None:
        self._output = os.fspath(store.output)

    def look(self, series: str, name: str) -> Look:
        """Two small reads of the picture and one of its title; never raises for what is missing or broken."""
        try:
            descriptor = os.open(f"{self._output}/{series}/annotated/{name}.png", os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            return Look(False, 0, 0, "")
        try:
            size = os.fstat(descriptor).st_size
            head = os.pread(descriptor, MOST_HEAD, 0)
            whole = os.pread(descriptor, len(PNG_END), max(0, size - len(PNG_END))) == PNG_END
        except OSError:
            return Look(False, 0, 0, "")
        finally:
            os.close(descriptor)
        width = height = 0
        if head.startswith(PNG_BEGIN) and head[12:16] == b"IHDR":
            width, height = (int.from_bytes(head[at : at + 4], "big") for at in (16, 20))
        return Look(whole, width, height, self._title(series, name), painter_of(head))

    def _title(self, series: str, name: str) -> str:
        try:
            descriptor = os.open(f"{self._output}/{series}/title/{name}.txt", os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            return ""
        try:
            text = os.read(descriptor, 4 * MOST_TITLE).decode(errors="replace")
        except OSError:
            return ""
        finally:
            os.close(descriptor)
        return " ".join(text.split())[:MOST_TITLE]


def painter_of(head: bytes) -> str:
    """The painter that the beginning of one of our PNG files names."""
    found = SOURCE.search(head)
    return found[1].decode() if found else ""
