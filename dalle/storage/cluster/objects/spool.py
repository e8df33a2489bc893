"""Answers that were paid for, on this host's disk until the bucket and the database have them.

    <series>.<name of the original>    a line of JSON that says what it is, then the bytes

An answer is written here, durably, before anything else is done with it. Usually it is gone a moment later; where the
bucket or the database is away, it waits. To bring it in may be tried any number of times: the name of its object was
chosen when it came.
"""

import errno
import json
import logging
import os
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from dalle.atomic import CHUNK, is_temporary, remove, remove_temporaries, write_atomic
from dalle.key import Key
from dalle.quiet_log import QuietLog
from dalle.storage.blob import Content, OpenBlob, Original
from dalle.storage.cluster.objects.memory_file import memory_file
from dalle.storage.cluster.objects.names import new_name
from dalle.storage.open_file import open_file

log = logging.getLogger(__name__)

IN_MEMORY = {"tmpfs", "ramfs"}


@dataclass(frozen=True, slots=True)
class Waiting:
    """An answer that waits. `object`: the name that it gets in the bucket."""

    original: Original
    object: str
    modified_ns: int
    size: int
    sha256: bytes


class Spool:
    """The folder of one host, shared by its processes. Raises OSError."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._quiet = QuietLog(log)

    def add(self, original: Original, content: Content, now_ns: int) -> Waiting:
        """Write an answer, durably; it replaces one of the same name."""
        data = content if isinstance(content, bytes) else b"".join(content)
        waiting = Waiting(original, new_name(original), now_ns, len(data), sha256(data).digest())
        write_atomic(self._path(original), (heading(waiting), data), durable=True)
        return waiting

    def waiting(self, older_than: float = 0.0) -> Iterator[Waiting]:
        """Yield what has waited for so many seconds. What cannot be read is logged and left."""
        for path in self._files():
            with suppress(FileNotFoundError):
                if time.time() - path.stat().st_mtime >= older_than and (found := self._read(path)):
                    yield found[0]

    def count(self) -> int:
        return len(self._files())

    def get(self, original: Original) -> bytes | None:
        """Return the bytes of an answer that waits, None when it does not."""
        found = self.read(original)
        return found[1] if found else None

    def read(self, original: Original) -> tuple[Waiting, bytes] | None:
        """Return an answer that waits, with its bytes."""
        return self._read(self._path(original))

    def open(self, original: Original) -> OpenBlob | None:
        """Open an answer that waits."""
        found = self.read(original)
        return memory_file(found[1], found[0].modified_ns) if found else None

    def has(self, original: Original) -> bool:
        return self._path(original).exists()

    def of(self, key: Key) -> list[Original]:
        """Return the answers for a key that wait."""
        start = f"{key.series}.{key.address}."
        originals = (parsed(path.name) for path in self._files() if path.name.startswith(start))
        return [original for original in originals if original]

    def remove(self, original: Original) -> bool:
        return remove(self._path(original))

    def release(self, waiting: Waiting) -> None:
        """Remove an answer that was brought in, unless another came in its place."""
        found = self.read(waiting.original)
        if found and found[0] == waiting:
            self.remove(waiting.original)

    def refuse(self, original: Original) -> bool:
        """Keep bytes that are no picture out of the way; return whether they were there."""
        path = self._path(original)
        with suppress(FileNotFoundError):
            path.replace(path.with_name(f".{path.name}.bad"))
            return True
        return False

    def tidy(self, older_than: float) -> None:
        """Remove what killed processes left."""
        remove_temporaries(self.folder, older_than)

    def _path(self, original: Original) -> Path:
        return self.folder / f"{original.key.series}.{original.name}"

    def _files(self) -> list[Path]:
        try:
            names = os.listdir(self.folder)
        except FileNotFoundError:
            return []
        return [self.folder / name for name in sorted(names) if not name.startswith(".") and not is_temporary(name)]

    def _read(self, path: Path) -> tuple[Waiting, bytes] | None:
        opened = open_file(path)
        if opened is None:
            return None
        with opened.file as file:
            content = b"".join(iter(lambda: file.read(CHUNK), b""))
        head, _, data = content.partition(b"\n")
        original = parsed(path.name)
        try:
            about = json.loads(head)
            found = Waiting(original, about["object"], about["modifiedNs"], len(data), bytes.fromhex(about["sha256"]))  # type: ignore[arg-type]
        except (ValueError, KeyError, TypeError):
            found = None
        if original is None or found is None or found.sha256 != sha256(data).digest():
            self._quiet.error(ValueError("damaged"), "%s cannot be read, and is left as it is", path)
            return None
        return found, data


def heading(waiting: Waiting) -> bytes:
    about = {"object": waiting.object, "modifiedNs": waiting.modified_ns, "sha256": waiting.sha256.hex()}
    return f"{json.dumps(about)}\n".encode()


def parsed(name: str) -> Original | None:
    """Return the original that a file of the spool is named after."""
    match name.split("."):
        case [series, address, run_id, number, "answer" | "raw" as kind] if number.isdecimal():
            return Original.of(Key(series, address), run_id, int(number), kind)
    return None


def require_disk(folder: Path, file_system: Callable[[Path], str] | None = None) -> None:
    """Raise OSError where a folder is in memory: what was paid for would not survive a restart of the machine."""
    kind = (file_system or file_system_of)(folder)
    if kind in IN_MEMORY:
        text = f"{folder} is on {kind}, in memory: answers that were paid for may have to wait there for the bucket"
        raise OSError(errno.EINVAL, text)


def file_system_of(folder: Path) -> str:
    """Return the kind of file system that a folder is on, or will be, "" where the system does not say."""
    place = os.path.realpath(folder)
    found = ("", "")
    with suppress(OSError):
        for line in Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="replace").splitlines():
            left, _, right = line.partition(" - ")
            point = left.split()[4].replace("\\040", " ")
            if (place == point or place.startswith(f"{point.rstrip('/')}/")) and len(point) >= len(found[0]):
                found = point, right.split()[0]
    return found[1]
