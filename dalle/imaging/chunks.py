"""Drops the chunks of a PNG file that have nothing to do with how the picture looks.

Pillow refuses a whole file for one text that inflates to two megabytes or whose checksum is wrong. A viewer ignores
such chunks, and so does this service.
"""

import struct
import zlib
from collections.abc import Iterator

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_END = b"\0\0\0\0IEND\xaeB`\x82"
_CRITICAL = (b"IHDR", b"PLTE", b"IDAT")
_LOOKS = (b"tRNS", b"iCCP", b"eXIf")  # transparency, colour profile, orientation
_MOST_PROFILE = 1 << 20  # bytes; real profiles of RGB and grey pictures have a few kilobytes
_MOST_CHUNKS = 100_000  # of 64 MB that is 670 bytes each: encoders write 8 kB and more


def tidy(data: bytes) -> bytes:
    """Return a PNG file without other chunks than those that decide how the picture looks, and with an end.

    A file that lacks its end chunk or its last checksums is whole so; one that lacks rows stays broken, unlike a JPEG:
    its encoders do not leave the end away, so the transfer was cut, and the rest of a PNG is not smaller detail but
    nothing at all. Raises ValueError for a file of too many chunks.
    """
    kept = [SIGNATURE]
    deep = data[24:25] == b"\x10"  # sixteen bits a sample
    for number, (kind, body, crc) in enumerate(_chunks(data)):
        if number >= _MOST_CHUNKS:
            raise ValueError("too many chunks")
        if kind in _CRITICAL:
            kept.append(_chunk(kind, body, crc))
        elif kind in _LOOKS and crc == _crc(kind, body) and not _is_bomb(kind, body):
            content = _eight_bits(body) if kind == b"tRNS" and deep else body
            kept.append(_chunk(kind, content, _crc(kind, content)))
    return b"".join((*kept, _END))


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Yield kind, body and checksum of each chunk before the end; of the last, what is there."""
    at = len(SIGNATURE)
    while at + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        if kind == b"IEND":
            return
        yield kind, data[at + 8 : at + 8 + length], data[at + 8 + length : at + 12 + length]
        at += 12 + length


def _chunk(kind: bytes, body: bytes, crc: bytes) -> bytes:
    return b"".join((struct.pack(">I", len(body)), kind, body, crc if len(crc) == 4 else _crc(kind, body)))


def _eight_bits(samples: bytes) -> bytes:
    """Return the transparent colour in eight bits, which is what the sixteen of the pixels become."""
    return b"".join(b"\0" + samples[at : at + 1] for at in range(0, len(samples), 2))


def _crc(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", zlib.crc32(body, zlib.crc32(kind)))


def _is_bomb(kind: bytes, body: bytes) -> bool:
    """Return whether a profile inflates to more than any real one, or not at all."""
    if kind != b"iCCP":
        return False
    name, _, packed = body.partition(b"\0")
    inflate = zlib.decompressobj()
    try:
        inflate.decompress(packed[1:], _MOST_PROFILE)
    except zlib.error:
        return True
    return not name or not inflate.eof
