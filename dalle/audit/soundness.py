"""Whether a PNG file is sound from its first byte to its last, in bounded memory and without making its pixels.

The checksum of each chunk is compared, and the rows are inflated and counted: a picture that was torn, that lost a part
in its middle, or of which a bit has fallen over, is found so; one that only looks wrong is not.
"""

import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field

from dalle.imaging.chunks import SIGNATURE

PIECE = 1 << 16  # bytes
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # colour type → samples a pixel
_PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
"""Of an interlaced picture: first column and row, and the steps to the next ones."""

Read = Callable[[int], bytes]


class Unsound(ValueError):
    """The file is not sound; the text says why."""


@dataclass(slots=True)
class _Rows:
    """The rows that are inflated: only counted."""

    expected: int
    counted: int = 0
    _inflate: "zlib._Decompress" = field(default_factory=zlib.decompressobj)

    def add(self, packed: bytes) -> None:
        while packed and not self._inflate.eof:
            try:
                self.counted += len(self._inflate.decompress(packed, PIECE))
            except zlib.error:
                raise Unsound("its pixels cannot be read") from None
            packed = self._inflate.unconsumed_tail

    def check(self) -> None:
        self.counted += len(self._inflate.flush())
        if self.counted < self.expected:
            raise Unsound("rows are missing")


def fault_of_png(read: Read) -> str:
    """Return what is wrong with a PNG file, "" when nothing is.

    `read(n)` returns its next n bytes, or fewer at the end. Raises what it raises.
    """
    try:
        _check(read)
    except Unsound as exc:
        return str(exc)
    return ""


def _check(read: Read) -> None:
    if read(len(SIGNATURE)) != SIGNATURE:
        raise Unsound("it does not begin as a PNG file")
    rows: _Rows | None = None
    while True:
        length, kind = struct.unpack(">I4s", _exactly(read, 8))
        if (rows is None) != (kind == b"IHDR"):
            raise Unsound("its header is not where it belongs")
        if kind == b"IHDR":
            rows = _Rows(_expected(_checked(read, kind, 13) if length == 13 else b""))
        else:
            _pass_over(read, kind, length, rows.add if rows and kind == b"IDAT" else _ignore)
        if kind == b"IEND":
            break
    if rows:
        rows.check()
    if read(1):
        raise Unsound("it goes on after its end")


def _ignore(_: bytes) -> None:
    pass


def _checked(read: Read, kind: bytes, length: int) -> bytes:
    body: list[bytes] = []
    _pass_over(read, kind, length, body.append)
    return b"".join(body)


def _pass_over(read: Read, kind: bytes, length: int, take: Callable[[bytes], None]) -> None:
    """Read the body of a chunk piece by piece, and compare its checksum."""
    checksum = zlib.crc32(kind)
    while length:
        piece = _exactly(read, min(length, PIECE))
        checksum, length = zlib.crc32(piece, checksum), length - len(piece)
        take(piece)
    if struct.unpack(">I", _exactly(read, 4)) != (checksum,):
        raise Unsound(f"a checksum is wrong ({kind.decode('latin-1')})")


def _exactly(read: Read, size: int) -> bytes:
    data = read(size)
    while len(data) < size:
        more = read(size - len(data))
        if not more:
            raise Unsound("it ends too early")
        data += more
    return data


def _expected(header: bytes) -> int:
    """Return how many bytes the rows of a picture have, each with the byte that names its filter."""
    if len(header) != 13:
        raise Unsound("its header is invalid")
    width, height, depth, color, _, _, interlaced = struct.unpack(">IIBBBBB", header)
    if not (width and height and color in _CHANNELS):
        raise Unsound("its header is invalid")
    bits = depth * _CHANNELS[color]

    def size(width: int, height: int) -> int:
        return height * (1 + (width * bits + 7) // 8) if width else 0

    if not interlaced:
        return size(width, height)
    steps = ((-(-(width - left) // right), -(-(height - top) // down)) for left, top, right, down in _PASSES)
    return sum(size(max(columns, 0), max(rows, 0)) for columns, rows in steps)
