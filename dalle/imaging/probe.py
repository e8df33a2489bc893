"""What the first and the last bytes of a PNG file say: whether it is whole, its size, and who painted it."""

import re
from dataclasses import dataclass

PNG_BEGIN = b"\x89PNG\r\n\x1a\n"
PNG_END = b"\0\0\0\0IEND\xaeB`\x82"
HEAD = 2048
"""Bytes of a file's beginning that `probe` wants: what we write before the pixels and an avatar is shorter."""
SOURCE = re.compile(rb"iTXtSource\0\0\0\0\0([a-z]{1,20})")


@dataclass(frozen=True, slots=True)
class Probe:
    """What a picture's bytes say.

    whole          False for a file that does not end as a PNG ends (yet)
    width, height  pixels, 0: unknown
    painter        the first word of the text "Source", "" without one
    """

    whole: bool
    width: int = 0
    height: int = 0
    painter: str = ""


def probe(head: bytes, tail: bytes) -> Probe:
    """Examine a file by its first HEAD bytes and its last `len(PNG_END)` bytes; never raises."""
    width = height = 0
    if head.startswith(PNG_BEGIN) and head[12:16] == b"IHDR":
        width, height = (int.from_bytes(head[at : at + 4], "big") for at in (16, 20))
    source = SOURCE.search(head)
    return Probe(tail == PNG_END, width, height, source[1].decode() if source else "")
