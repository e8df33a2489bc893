"""Drops the chunks of a PNG file that have nothing to do with how the picture looks.

Pillow refuses a whole file for one text that inflates to two megabytes or whose checksum is wrong. A viewer ignores
such chunks, and so does this service.
"""

import struct
import zlib
from collections.abc import Iterator

from isal import isal_zlib

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_END = b"\0\0\0\0IEND\xaeB`\x82"
_CRITICAL = (b"IHDR", b"PLTE", b"IDAT")
_LOOKS = (b"tRNS", b"iCCP", b"eXIf")  # transparency, colour profile, orientation
_SPACES = {b"cICP": 4, b"sRGB": 1, b"gAMA": 4}  # what else states a colour space, and how many bytes that takes
_INTENTS = 4  # that sRGB may name
_MOST_PROFILE = 1 << 20  # bytes; real profiles of RGB and grey pictures have a few kilobytes
_MOST_CHUNKS = 100_000  # of 64 MB that is 670 bytes each: encoders write 8 kB and more
_CHANNELS = {2: 3, 6: 4}  # of RGB and RGBA, by the type in the header
_MOST_INFLATED = 1 << 23  # bytes: those of most pictures, and few beside what a worker has


def tidy(data: bytes) -> bytes:
    """Return a PNG file without other chunks than those that decide how the picture looks, and with an end.

    A file that lacks its end chunk or its last checksums is whole so; one that lacks rows stays broken, unlike a JPEG:
    its encoders do not leave the end away, so the transfer was cut, and the rest of a PNG is not smaller detail but
    nothing at all. Raises ValueError for a file of too many chunks.
    """
    kept: list[bytes | memoryview] = [SIGNATURE]
    deep = data[24:25] == b"\x10"  # sixteen bits a sample
    for number, (kind, body, crc) in enumerate(_chunks(data)):
        if number >= _MOST_CHUNKS:
            raise ValueError("too many chunks")
        if kind in _CRITICAL:
            kept += _chunk(kind, body, crc)
        elif kind in _LOOKS and crc == _crc(kind, body) and not _is_bomb(kind, bytes(body)):
            content = _eight_bits(bytes(body)) if kind == b"tRNS" and deep else body
            kept += _chunk(kind, content, _crc(kind, content))
    return b"".join((*kept, _END))


def inflated(data: bytes) -> bytes:
    """Return a tidy PNG file with its pixels stored instead of deflated, where that makes it quicker to decode.

    isal inflates in half of Pillow's time, and to read what is stored takes none: 15 % of decoding a photograph. Files
    whose rows are not all there, and large ones, stay as they are.
    """
    width, height, depth, color, _, _, interlaced = struct.unpack_from(">IIBBBBB", data.ljust(33, b"\0"), 16)
    size = height * (1 + width * _CHANNELS.get(color, 0))
    if depth != 8 or interlaced or color not in _CHANNELS or size > _MOST_INFLATED:
        return data
    chunks = list(_chunks(data))
    try:
        packed = b"".join(body for kind, body, _ in chunks if kind == b"IDAT")
        rows = isal_zlib.decompressobj().decompress(packed, size)
    except isal_zlib.error:  # type: ignore[misc]  # its stubs say that this is no class
        return data
    if len(rows) != size:
        return data
    pixels = zlib.compress(rows, 0)
    kept = [part for kind, body, crc in chunks if kind != b"IDAT" for part in _chunk(kind, body, crc)]
    return b"".join((SIGNATURE, *kept, *_chunk(b"IDAT", pixels, _crc(b"IDAT", pixels)), _END))


def gamma(data: bytes) -> float:
    """Return the exponent with which a PNG file says that light was encoded in its levels; 0.0 if none counts.

    Whatever names the colour space more exactly takes precedence (PNG, third edition, 4.3), and as in browsers only
    what stands whole before the pixels counts.
    """
    stated = 0.0
    for kind, body, crc in _chunks(data):
        if kind == b"IDAT":
            break
        if len(body) == _SPACES.get(kind, -1) and crc == _crc(kind, body):
            if kind != b"gAMA":
                if kind == b"cICP" or body[0] < _INTENTS:
                    return 0.0
            elif not stated:
                stated = int.from_bytes(body, "big") / 100_000
        elif kind == b"iCCP" and crc == _crc(kind, body) and not _is_bomb(kind, bytes(body)):
            return 0.0
    return stated


def _chunks(data: bytes) -> Iterator[tuple[bytes, memoryview, memoryview]]:
    """Yield kind, body and checksum of each chunk before the end; of the last, what is there.

    Bodies are views: they are most of a file that may have 64 MB.
    """
    view = memoryview(data)
    at = len(SIGNATURE)
    while at + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        if kind == b"IEND":
            return
        yield kind, view[at + 8 : at + 8 + length], view[at + 8 + length : at + 12 + length]
        at += 12 + length


def _chunk(kind: bytes, body: bytes | memoryview, crc: bytes | memoryview) -> Iterator[bytes | memoryview]:
    yield struct.pack(">I4s", len(body), kind)
    yield body
    yield crc if len(crc) == 4 else _crc(kind, body)


def _eight_bits(samples: bytes) -> bytes:
    """Return the transparent colour in eight bits, which is what the sixteen of the pixels become."""
    return b"".join(b"\0" + samples[at : at + 1] for at in range(0, len(samples), 2))


def _crc(kind: bytes, body: bytes | memoryview) -> bytes:
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
