"""Undoes content encodings: bounded, whatever comes, and as far as a cut body goes."""

import re
import sys
import zlib
from collections.abc import Callable, Iterator

from dalle.errors import BadAnswer
from dalle.painters.openai.answers import sniffing

SLICE = 1 << 16  # bytes in at a time: a decoder copies what it has not consumed, which would be quadratic
PIECE = 1 << 20  # bytes out at a time
MOST_LAYERS = 4
UNNAMED = {b"\x1f\x8b\x08": "gzip", b"\x28\xb5\x2f\xfd": "zstd"}
"""Compressed bodies that come without a header are recognized by these."""

Decoder = Callable[[bytes], Iterator[bytes]]


class Damaged(Exception):
    """The compressed bytes are not what their encoding says."""


def undo(header: str, body: bytes, most: int) -> bytes:
    """Return the body without the encodings of a `Content-Encoding` header: at most `most` bytes.

    Of a cut or damaged body what can be read is returned. Raises BadAnswer for unknown encodings and too many bytes.
    """
    names = [name for name in re.split(r"[,\s]+", header.lower()) if name not in ("", "identity")]
    if not names:
        names = [name for magic, name in UNNAMED.items() if body.startswith(magic)]
    unknown = next((name for name in names if name not in DECODERS), None)
    if unknown is not None:
        shown = re.sub(r"[^a-z0-9._-]", "?", unknown[:40])
        raise BadAnswer(f"the answer has the content encoding {shown}, which cannot be read")
    if len(names) > MOST_LAYERS:
        raise BadAnswer("the answer is compressed too often")
    for name in reversed(names):
        body = _undo_one(name, body, most)
    if len(body) > most:
        raise BadAnswer(f"the answer has more than {most} bytes")
    return body


def _undo_one(name: str, body: bytes, most: int) -> bytes:
    pieces: list[bytes] = []
    total = 0
    try:
        for piece in DECODERS[name](body):
            total += len(piece)
            if total > most:
                raise BadAnswer(f"the answer has more than {most} bytes")
            pieces.append(piece)
    except Damaged as exc:
        # a gateway may undo the encoding and leave its name: such a body is readable as it is
        if not total and sniffing.is_readable(body):
            return body
        if not total:
            raise BadAnswer(f"the answer's {name} encoding is damaged") from exc
    return b"".join(pieces)


def _slices(data: bytes) -> Iterator[bytes]:
    return (data[start : start + SLICE] for start in range(0, len(data), SLICE))


def _inflate(data: bytes, window: int) -> Iterator[bytes]:
    decoder = zlib.decompressobj(window)
    try:
        for part in _slices(data):
            rest = part
            while rest:
                if decoder.eof:  # a further member
                    decoder = zlib.decompressobj(window)
                yield decoder.decompress(rest, PIECE)
                rest = decoder.unused_data if decoder.eof else decoder.unconsumed_tail
        yield decoder.flush() if not decoder.eof else b""
    except zlib.error as exc:
        raise Damaged(str(exc)) from exc


def _gzip(data: bytes) -> Iterator[bytes]:
    return _inflate(data, zlib.MAX_WBITS | 16)


def _deflate(data: bytes) -> Iterator[bytes]:
    """Yield what is in the zlib format, or without its head, as some servers send it (RFC 9110, 8.4.1.2)."""
    zlib_head = len(data) >= 2 and data[0] & 0x0F == 8 and (data[0] << 8 | data[1]) % 31 == 0
    return _inflate(data, zlib.MAX_WBITS if zlib_head else -zlib.MAX_WBITS)


def _brotli(data: bytes) -> Iterator[bytes]:
    import brotli  # noqa: PLC0415  (nobody asks for it, so most processes never need it)

    decoder = brotli.Decompressor()
    try:
        for part in _slices(data):
            piece = decoder.process(part, output_buffer_limit=PIECE)
            while piece:
                yield piece
                piece = decoder.process(b"", output_buffer_limit=PIECE)
            if decoder.is_finished():
                return
    except brotli.error as exc:
        raise Damaged(str(exc)) from exc


def _zstd(data: bytes) -> Iterator[bytes]:
    if sys.version_info >= (3, 14):
        from compression import zstd  # noqa: PLC0415  (as for brotli)
    else:
        from backports import zstd  # noqa: PLC0415

    decoder = zstd.ZstdDecompressor()
    try:
        for part in _slices(data):
            rest = part
            while rest or not (decoder.needs_input or decoder.eof):
                if decoder.eof:  # a further frame
                    decoder = zstd.ZstdDecompressor()
                yield decoder.decompress(rest, PIECE)
                rest = decoder.unused_data if decoder.eof else b""
    except zstd.ZstdError as exc:
        raise Damaged(str(exc)) from exc


DECODERS: dict[str, Decoder] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
