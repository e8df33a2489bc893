"""The segments of a JPEG file; drops those that have nothing to do with how the picture looks."""

import re
import struct
from collections.abc import Iterator
from typing import NamedTuple

from dalle.imaging import exif

BEGIN, END = b"\xff\xd8", b"\xff\xd9"
SCAN = 0xDA
REST = 0
"""The code of what is left of a file that ends before its end marker."""

_BEGIN, _END, _APP1, _ALONE = 0xD8, 0xD9, 0xE1, 0x01
_META = (*range(0xE0, 0xF0), 0xFE)  # applications' segments and comments
_KEPT = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}  # those that decide how the picture looks

# In compressed data 0xFF is followed by a zero, or by one of the markers that only separate parts.
_MARKER = re.compile(rb"\xff+[^\x00\xd0-\xd7\xff]")

_MOST_SCANS = 100  # encoders write a dozen; each takes the time of a whole picture
_MOST_SEGMENTS = 10_000


class Segment(NamedTuple):
    """A marker's code, the bytes that belong to it, and the compressed data between the segment before and it."""

    code: int
    body: bytes
    before: bytes


class Tidied(NamedTuple):
    """A JPEG file without what is not the picture; `cut`: it ends before its end marker."""

    data: bytes
    cut: bool


def tidy(data: bytes) -> Tidied:
    """Drop texts, thumbnails and other pictures, and of the EXIF data all but the orientation.

    Raises ValueError for a file of so many scans that it must be meant to take long.
    """
    kept = [BEGIN]
    compressed = False
    for segment in segments(data):
        if compressed:
            kept.append(segment.before)
        if segment.code == _END:
            return Tidied(b"".join((*kept, END)), False)
        compressed = compressed or segment.code == SCAN
        body = _kept(segment)
        if body is not None:
            kept += (struct.pack(">BBH", 0xFF, segment.code, len(body) + 2), body)
    return Tidied(b"".join(kept).rstrip(b"\xff"), True)


def _kept(segment: Segment) -> bytes | None:
    if segment.code == REST:
        return None
    if segment.code == _APP1:
        orientation = exif.orientation(segment.body) if segment.body.startswith(b"Exif\0\0") else 1
        return exif.only(orientation) if orientation != 1 else None
    if segment.code in _META:
        return segment.body if segment.body.startswith(_KEPT.get(segment.code, b"\0none")) else None
    return segment.body


def segments(data: bytes) -> Iterator[Segment]:
    """Yield the segments up to the end marker, or to REST. Raises ValueError for too many."""
    at = len(BEGIN)
    scans = 0
    for _ in range(_MOST_SEGMENTS):
        marker = _MARKER.search(data, at)
        if marker is None:
            yield Segment(REST, b"", data[at:])
            return
        code, start = data[marker.end() - 1], marker.end()
        before = data[at : marker.start()]
        end = start + int.from_bytes(data[start : start + 2], "big")
        if code in (_BEGIN, _ALONE):
            end = start
        elif code == _END:
            yield Segment(_END, b"", before)
            return
        elif not start + 2 <= end <= len(data):
            yield Segment(REST, b"", before)
            return
        else:
            yield Segment(code, data[start + 2 : end], before)
        at = end
        scans += code == SCAN
        if scans > _MOST_SCANS:
            raise ValueError("too many scans")
    raise ValueError("too many segments")
