"""PNG files with chunks that no encoder would write."""

import struct
import zlib

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def chunk(kind: bytes, body: bytes, *, wrong: bool = False) -> bytes:
    """A chunk; `wrong`: its checksum."""
    crc = zlib.crc32(kind + body) ^ wrong
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", crc)


def split(data: bytes) -> list[tuple[bytes, bytes]]:
    """The chunks of a good file: kinds and bodies."""
    at, chunks = len(SIGNATURE), []
    while at < len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        chunks.append((kind, data[at + 8 : at + 8 + length]))
        at += 12 + length
    return chunks


def with_chunk(data: bytes, extra: bytes, before: bytes = b"IDAT") -> bytes:
    """A good file with another chunk before its first one of that kind."""
    parts = [chunk(kind, body) for kind, body in split(data)]
    at = next(index for index, (kind, _) in enumerate(split(data)) if kind == before)
    return SIGNATURE + b"".join((*parts[:at], extra, *parts[at:]))


def gamma(hundred_thousandths: int) -> bytes:
    """A chunk that says with which exponent light was encoded."""
    return chunk(b"gAMA", struct.pack(">I", hundred_thousandths))
