"""Content codings, by the name that the header uses."""

import gzip
import zlib
from collections.abc import Callable

import brotli
import zstandard

CODERS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda data: brotli.compress(data, quality=1),
    "zstd": lambda data: zstandard.ZstdCompressor(level=1).compress(data),
    "gzip": lambda data: gzip.compress(data, 1),
    "deflate": lambda data: zlib.compress(data, 1),
}


def encode(data: bytes, names: str) -> bytes:
    """The data in these codings, one after the other. A name that nobody knows only stands in the header."""
    for name in names.split(","):
        data = CODERS.get(name.strip(), bytes)(data)
    return data
