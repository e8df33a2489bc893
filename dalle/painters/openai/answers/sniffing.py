"""Recognizes what bytes are by their beginning, whatever their Content-Type says."""

from typing import Literal

Sort = Literal["picture", "json", "events", "markup", "text"]

PICTURES: tuple[tuple[int, bytes], ...] = (
    (0, b"\x89PNG\r\n\x1a\n"),
    (0, b"\xff\xd8\xff"),  # JPEG
    (0, b"GIF87a"),
    (0, b"GIF89a"),
    (0, b"II*\x00"),  # TIFF
    (0, b"MM\x00*"),
    (8, b"WEBP"),
    (4, b"ftypavif"),
    (4, b"ftypavis"),
    (4, b"ftypmif1"),  # HEIF, with AVIF inside
    (4, b"ftypheic"),
    (0, b"\x00\x00\x00\x0cjP  "),  # JPEG 2000
    (0, b"\x00\x00\x00\x0cJXL "),
    (0, b"\xff\x0a"),  # JPEG XL without a container
)
"""Where the mark of a picture's format stands in a file, and the mark."""
LEAST_BYTES = 16
BOM = b"\xef\xbb\xbf"
SPACE = b" \t\r\n\x0b\x0c\x00"
BEGINNINGS: tuple[tuple[tuple[bytes, ...], Sort], ...] = (
    # a data URI cannot be distinguished from a line of an event stream by its first word
    ((b"data:image/", b"data:application/octet-stream"), "text"),
    # the fields of an event stream, and comments (HTML standard, 9.2.6)
    ((b"data:", b"event:", b"id:", b"retry:", b":"), "events"),
    ((b"<",), "markup"),
    ((b"{", b"[", b'"', b"null", b"true", b"false"), "json"),
)


def is_picture(data: bytes) -> bool:
    """Return whether the bytes begin as a picture does."""
    if len(data) < LEAST_BYTES:
        return False
    if data.startswith(b"BM"):  # two letters prove little: the four bytes behind the size are zero in every BMP
        return data[6:10] == bytes(4)
    if data.startswith(b"\xff\x0a"):
        return b"\x00" in data[:64]
    return any(data.startswith(mark, offset) for offset, mark in PICTURES)


def is_complete(data: bytes) -> bool:
    """Return whether a picture's file has its end; False also for formats whose end cannot be found cheaply."""
    if data.startswith(b"\x89PNG"):
        return data[-64:].rfind(b"IEND\xaeB`\x82") >= 0
    if data.startswith(b"\xff\xd8"):
        return data[-64:].rfind(b"\xff\xd9") >= 0
    if data.startswith(b"GIF8"):
        return data.endswith(b";")
    if data.startswith(b"RIFF"):
        return len(data) >= 8 + int.from_bytes(data[4:8], "little")
    return data.startswith(b"BM") and len(data) >= int.from_bytes(data[2:6], "little")


def sort_of(data: bytes) -> Sort:
    """Return what the bytes are."""
    if is_picture(data):
        return "picture"
    start = stripped(data[:4096]) or stripped(data)[:4096]
    return next((sort for beginnings, sort in BEGINNINGS if start.startswith(beginnings)), "text")


def is_readable(data: bytes) -> bool:
    """Return whether the bytes are something that an answer can be: not compressed, not binary."""
    return sort_of(data) in ("picture", "json", "events", "markup")


def stripped(data: bytes) -> bytes:
    """Return the bytes without white space and byte order marks around them."""
    return data.strip(SPACE).removeprefix(BOM).strip(SPACE)
