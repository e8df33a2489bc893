"""Bytes as a file that no disk has: what a web server sends by `sendfile` like any other."""

import os
import tempfile
from typing import IO

from dalle.storage.blob import OpenBlob


def memory_file(data: bytes, modified_ns: int) -> OpenBlob:
    """Return bytes as an open file."""
    file = blank()
    try:
        file.write(data)
        file.seek(0)
        return OpenBlob(file, len(data), modified_ns)  # type: ignore[arg-type]
    except BaseException:
        file.close()
        raise


def blank() -> IO[bytes]:
    if hasattr(os, "memfd_create"):
        return open(os.memfd_create("dalleserver", os.MFD_CLOEXEC), "w+b", buffering=0)
    return tempfile.TemporaryFile(buffering=0)
