"""Content codings, by the name that the header uses."""

import gzip
import sys
import zlib
from collections.abc import Callable

import brotli

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

__all__ = ["CODERS", "encode", "zstd"]

CODERS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda data: brotli.compress(data, quality=1),
    "zstd": lambda data: zstd.compress(data, 1),
    "gzip": lambda data: gzip.compress(data, 1),
    "deflate": lambda data: zlib.compress(data, 1),
}


def encode(data: bytes, names: str) -> bytes:
    """The data in these codings, one after the other. A name that nobody knows only stands in the header."""
    for name in names.split(","):
        data = CODERS.get(name.strip(), bytes)(data)
    return data
