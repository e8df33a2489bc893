"""Pictures of every kind that a provider has been seen to send, by name: good, damaged and empty ones."""

import io
import struct
import zlib
from collections.abc import Callable
from functools import cache, partial

from PIL import Image

from tests.stub_openai.picture import photo

SIDE = 256
SIZE = f"{SIDE}x{SIDE}"
BOMB = bytes(2 << 20)
TYPES = (
    (b"\x89PNG", "image/png"),
    (b"\xff\xd8", "image/jpeg"),
    (b"RIFF", "image/webp"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\0", "image/tiff"),
)


def flat(mode: str, colour: int | tuple[int, ...], kind: str = "PNG") -> bytes:
    sink = io.BytesIO()
    Image.new(mode, (SIDE, SIDE), colour).save(sink, kind)
    return sink.getvalue()


def chunk(name: bytes, data: bytes, *, crc: int | None = None) -> bytes:
    crc = zlib.crc32(name + data) if crc is None else crc
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", crc)


def with_chunk(extra: bytes) -> bytes:
    """The photo with a chunk behind its header."""
    data = photo(SIZE)
    end = 8 + 25  # signature and IHDR
    return data[:end] + extra + data[end:]


KINDS: dict[str, Callable[[], bytes]] = {
    "photo": lambda: photo(SIZE),
    "small": lambda: photo("64x64"),
    **{kind: partial(photo, SIZE, kind) for kind in ("webp", "jpeg", "gif", "avif", "bmp", "tiff")},
    "black": lambda: flat("RGB", (0, 0, 0)),
    "black_jpeg": lambda: flat("RGB", (0, 0, 0), "JPEG"),
    "grey": lambda: flat("L", 127),
    "transparent": lambda: flat("RGBA", (200, 30, 90, 0)),
    "ztxt_bomb": lambda: with_chunk(chunk(b"zTXt", b"parameters\0\0" + zlib.compress(BOMB))),
    "itxt_bomb": lambda: with_chunk(chunk(b"iTXt", b"workflow\0\1\0\0\0" + zlib.compress(BOMB))),
    "iccp_bomb": lambda: with_chunk(chunk(b"iCCP", b"profile\0\0" + zlib.compress(BOMB))),
    "text_crc": lambda: with_chunk(chunk(b"tEXt", b"Software\0model", crc=1)),
    "jpeg_without_2": lambda: photo(SIZE, "jpeg")[:-2],
    "jpeg_without_200": lambda: photo(SIZE, "jpeg")[:-200],
}


@cache
def picture(kind: str) -> bytes:
    """The same bytes at every call."""
    return KINDS[kind]()


def media_type(data: bytes) -> str:
    return next((name for magic, name in TYPES if data.startswith(magic)), "image/avif")
